import { afterEach, expect, test } from 'vitest'
import { storedRun, storedRunId } from '../testing/stored-run.ts'
import { reportOf } from './report.ts'

let stored: ReturnType<typeof storedRun>
afterEach(() => stored.temp[Symbol.dispose]())

test('text of a machine is no link, no HTML and no cell of its own', () => {
  const words = 'x | y # <b>z</b> [a](b) https://evil.example www.evil.example me@evil.example'
  stored = storedRun([{ kind: 'rest', lanes: { one: { state: 'ended', outcome: 'failed', words } } }])
  const markdown = reportOf(stored.record.view(storedRunId), [])
  expect(markdown).toContain(
    String.raw`x \| y \# \<b\>z\</b\> \[a\]\(b\) https\:\/\/evil.example www\.evil.example me\@evil.example`,
  )
})
