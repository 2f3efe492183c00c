import { afterEach, expect, test } from 'vitest'
import type { ClientId } from '../../shared/contract/index.ts'
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

const streak = {
  unchanged: { sinceMs: 0, atLeast: true },
  answered: null,
  calm: null,
  trouble: 'answers with errors',
}
const known = { inbound: 12, replies: 11, aDay: 4, replyMs: 6_000 }
const unknown = { inbound: null, replies: null, aDay: null, replyMs: null }

test('a change of behaviour tells who asked, what was at stake and what came after, unknown said as unknown', () => {
  stored = storedRun([{ kind: 'rest', lanes: { one: { state: 'ended', outcome: 'changed' } } }])
  const run = stored.record.view(storedRunId)
  const said = { words: 'It reads as a form letter.', benefits: 'all callers', atMs: 0, by: 'operator' as const }
  const client = { clientId: 'c' as ClientId, clientName: 'Bright | Roofing' }
  const answer = { ...said, kind: 'unasked' as const, revision: 1, waitsUntilMs: 86_400_000, clients: ['Oak'] }
  const markdown = reportOf(
    {
      ...run,
      startedAtMs: 63 * 86_400_000,
      guard: {
        answer,
        answers: [answer],
        clients: [{ ...client, workflows: ['Quotes', 'Calls'], streak }],
      },
      watch: {
        beganAtMs: 0,
        endsAtMs: 72 * 3_600_000,
        endedAtMs: null,
        clients: [{ ...client, after: unknown, before: known, daysBefore: 7, readAtMs: null }],
      },
    },
    [],
  )
  expect(markdown).toContain('| Nobody asked: Oak | It reads as a form letter. Said ')
  expect(markdown).toContain('| Who benefits | all callers |')
  expect(markdown).toContain(
    String.raw`| Bright \| Roofing | at least 63 days | not known | trouble now | Quotes, Calls |`,
  )
  expect(markdown).toContain('not over yet')
  expect(markdown).toContain(String.raw`| Bright \| Roofing | not known | 11 of 12 | not known | 6 s | not known | 4 |`)
})
