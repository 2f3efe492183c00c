import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

/** An invariant of ARCHITECTURE.md that the text of a file can break. */
interface Rule {
  readonly says: string
  readonly files: RegExp
  readonly forbids: RegExp
  /** A line that breaks it, so that the rule is known to see one. */
  readonly planted: { readonly file: string; readonly line: string }
}

/** Programs that run on a box, and the made-up boxes of the demo, have a clock and databases of their own. */
const onTheConsole = /^main\/(?!runtimes\/|testing\/|demo\/|onbox\/serve\.ts|onbox\/programs\/)/

const rules: readonly Rule[] = [
  {
    says: '4: one file opens SSH connections',
    files: /^main\/(?!ssh\/handshake\.ts|testing\/|demo\/)/,
    forbids: /new (ssh2\.)?Client\(|agentForward|hostVerifier/,
    planted: { file: 'main/onbox/onbox.ts', line: 'const client = new ssh2.Client()' },
  },
  {
    says: '8: text is shown as text only',
    files: /^renderer\//,
    forbids: /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|window\.open\(|\beval\(|new Function\(/,
    planted: { file: 'renderer/ui/text.tsx', line: '<b dangerouslySetInnerHTML={{ __html: name }} />' },
  },
  {
    says: '9: all SQL of a domain is in rows.ts',
    files: /^main\/(?!store\/|runtimes\/|testing\/|demo\/)(?!.*\brows\.ts$)/,
    forbids: /\.prepare[(<]/,
    planted: { file: 'main/facts/sweep.ts', line: "db.prepare('select 1')" },
  },
  {
    says: '10: time comes from the clock, randomness from ids',
    files: new RegExp(`${onTheConsole.source}(?!base/(clock|ids)\\.ts)`),
    forbids: /\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|\bset(Timeout|Interval)\(|performance\.now\(/,
    planted: { file: 'main/ssh/pool.ts', line: 'const at = Date.now()' },
  },
  {
    says: 'no listening port',
    files: /^(main|preload)\/(?!testing\/|demo\/)/,
    forbids: /\.listen\(|createServer\(|setAsDefaultProtocolClient/,
    planted: { file: 'main/engine/engine.ts', line: 'server.listen(0)' },
  },
]

const breaks = ({ files, forbids }: Rule, file: string, text: string): string[] =>
  files.test(file)
    ? text.split('\n').flatMap((line, at) => (forbids.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : []))
    : []

const sources = globSync('{main,preload,renderer,shared}/**/*.{ts,tsx}', { cwd: root })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => !/\.(test|spec)\./.test(file))

test('there are sources to look at', () => expect(sources.length).toBeGreaterThan(300))

test.each(rules)('$says', (rule) => {
  expect(breaks(rule, rule.planted.file, rule.planted.line)).toHaveLength(1)
  expect(sources.flatMap((file) => breaks(rule, file, readFileSync(path.join(root, file), 'utf8')))).toEqual([])
})
