import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'

/**
 * A part of a file in `docs` that a test makes, between two marks with its name. `isWhole`: every cell was run; then it is
 * written where `WHEELHOUSE_WRITE_DOCS` asks for it, and otherwise has to stand there. Else the rows that were run have to.
 */
export function expectDocsPart(file: string, name: string, text: string, isWhole: boolean): void {
  const document = path.resolve('docs', file)
  const [begin, end] = [`<!-- made by ${name} -->\n`, `<!-- end of what ${name} made -->`]
  const kept = existsSync(document) ? readFileSync(document, 'utf8') : ''
  const [before = '', rest = ''] = kept.split(begin)
  const [was = '', after = ''] = rest.split(end)
  const now = `\n${text}\n`
  if (!isWhole)
    expect(was.split('\n')).toEqual(expect.arrayContaining(text.split('\n').filter((line) => /^\| [A-Z]/.test(line))))
  else if (process.env.WHEELHOUSE_WRITE_DOCS) writeFileSync(document, `${before}${begin}${now}${end}${after}`)
  else expect(was).toBe(now)
}
