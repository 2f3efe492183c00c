import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { tempDir } from '../testing/temp-store.ts'
import { withRotated } from './log-files.ts'
import type { LogCursor } from './log-lines.ts'
import { parseLogLine } from './openclaw/log-line.ts'
import { type LogsRead, type ReadOptions, readLogs } from './read-log.ts'
import { redactLine } from './redact-line.ts'

const key = '5c'.repeat(32)
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A log in a folder of its own, and its reading from sweep to sweep. */
function lab(names: (found: readonly string[]) => Iterable<string> = (found) => found) {
  const folder = tempDir()
  folders.push(folder)
  const file = path.join(folder, 'openclaw.log')
  let cursors: LogCursor[] = []
  let count = 0
  const line = (words = '') => `2026-11-28T09:12:44.101Z [gateway] line ${++count}${words}`
  const once = async (options: Partial<ReadOptions> = {}): Promise<LogsRead> => {
    const family = {
      source: 'runtime' as const,
      files: () => names(withRotated(file)),
      isActive: (each: string) => each === file,
      whole: false,
    }
    const read = await readLogs([family], cursors, {
      budgetBytes: 20_000_000,
      first: true,
      roomBytes: 1_500_000,
      readLine: (raw, source) => parseLogLine(redactLine(raw, key), source),
      hideKey: () => 'hidden',
      ...options,
    })
    // As the console keeps them: what a batch does not name stays.
    const named = new Map([...cursors, ...read.cursors].map((cursor) => [cursor.identity, cursor]))
    cursors = [...named.values()]
    return read
  }
  return {
    folder,
    file,
    line,
    once,
    get written() {
      return count
    },
    write: (...lines: string[]) => appendFileSync(file, lines.map((each) => `${each}\n`).join('')),
    /** One sweep: asked until there is no more. */
    async sweep(options: Partial<ReadOptions> = {}) {
      const reads = [await once(options)]
      while (reads.at(-1)?.more) reads.push(await once({ ...options, first: false }))
      return {
        texts: reads.flatMap(({ lines }) => lines.map(({ text }) => text)),
        gaps: reads.flatMap(({ gaps }) => gaps),
        reads,
        identities: cursors.map(({ identity }) => identity),
      }
    },
  }
}

const numbers = (texts: readonly string[]): number[] => texts.map((text) => Number(/line (\d+)/.exec(text)?.[1]))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

test('every line once over sweeps, and the last one when it is whole', async () => {
  const { write, line, sweep, file } = lab()
  write(line(), line())
  appendFileSync(file, '2026-11-28T09:12:44.101Z [gateway] line 3')
  expect(numbers((await sweep()).texts)).toEqual([1, 2])
  expect((await sweep()).texts).toEqual([])
  appendFileSync(file, ' is whole\n')
  expect((await sweep()).texts).toEqual(['line 3 is whole'])
})

test('a file that is met under two names is read once', async () => {
  const { write, line, sweep, file } = lab()
  write(line(), line())
  // As a rotation looks that comes between the look for one name and that for the next.
  linkSync(file, file.replace('.log', '.1.log'))
  expect(numbers((await sweep()).texts)).toEqual([1, 2])
  rmSync(file)
  write(line())
  expect(await sweep()).toMatchObject({ gaps: [], texts: ['line 3'] })
})

test.each([1, 2])('every line once where %i rotations come while the names are tried', async (rotations) => {
  let left = 0
  const named = (number: number) => at.file.replace('.log', `.${number}.log`)
  const rotate = () => {
    for (let number = 5; number > 0; number--)
      if (existsSync(named(number))) renameSync(named(number), named(number + 1))
    renameSync(at.file, named(1))
    at.write(at.line())
  }
  const at = lab(function* (found) {
    for (const name of found) {
      if (name === at.file && left-- > 0) rotate()
      yield name
    }
  })
  const all: number[] = []
  for (let sweeps = 0; sweeps < 4; sweeps++) {
    at.write(at.line(), at.line())
    left = sweeps === 0 ? 0 : rotations
    const { texts, gaps } = await at.sweep()
    expect(gaps).toEqual([])
    all.push(...numbers(texts))
  }
  expect(all.sort((a, b) => a - b)).toEqual(upTo(at.written))
})

test('every line once over renamed, packed and copied rotations between sweeps', async () => {
  const at = lab()
  const all: number[] = []
  const take = async () => {
    const { texts, gaps } = await at.sweep()
    expect(gaps).toEqual([])
    all.push(...numbers(texts))
  }
  at.write(at.line(), at.line())
  await take()
  at.write(at.line())
  renameSync(at.file, at.file.replace('.log', '.1.log'))
  at.write(at.line())
  await take()
  at.write(at.line())
  renameSync(at.file.replace('.log', '.1.log'), at.file.replace('.log', '.2.log'))
  renameSync(at.file, at.file.replace('.log', '.1.log'))
  at.write(at.line())
  renameSync(at.file, at.file.replace('.log', '.x.log'))
  renameSync(at.file.replace('.log', '.1.log'), at.file.replace('.log', '.3.log'))
  renameSync(at.file.replace('.log', '.x.log'), at.file.replace('.log', '.1.log'))
  at.write(at.line())
  await take()
  at.write(at.line())
  writeFileSync(`${at.file}.1.gz`, gzipSync(readFileSync(at.file)))
  rmSync(at.file)
  at.write(at.line())
  await take()
  at.write(at.line())
  copyFileSync(at.file, `${at.file}.2`)
  truncateSync(at.file)
  at.write(at.line())
  await take()
  expect(all.sort((a, b) => a - b)).toEqual(upTo(at.written))
})

test('a log that is cut is read from its start, and the cut is named', async () => {
  const { write, line, sweep, file } = lab()
  write(...upTo(20).map(() => line()))
  await sweep()
  writeFileSync(file, '')
  expect(await reasons(sweep)).toEqual(['truncated'])
  const first = '2026-11-28T09:12:44.101Z [gateway] line 1\n'
  writeFileSync(file, first + first)
  const anew = await sweep()
  expect([numbers(anew.texts), anew.gaps]).toEqual([[1, 1], []])
  writeFileSync(file, first)
  const cut = await sweep()
  expect([numbers(cut.texts), cut.gaps.map(({ reason }) => reason)]).toEqual([[1], ['truncated']])
  expect(new Set(cut.identities).size).toBe(3)
  expect(await reasons(sweep)).toEqual([])
})

const reasons = async (sweep: () => Promise<{ gaps: readonly { reason: string }[] }>): Promise<string[]> =>
  (await sweep()).gaps.map(({ reason }) => reason)

test('a log that is gone without a trace is named once', async () => {
  const { write, line, sweep, file } = lab()
  write(line())
  await sweep()
  rmSync(file)
  write(line())
  const { texts, gaps } = await sweep()
  expect(numbers(texts)).toEqual([2])
  expect(gaps.map(({ reason }) => reason)).toEqual(['rotated-away'])
  expect((await sweep()).gaps).toEqual([])
})

test('more than the budget: the newest is read, the rest is a gap with its moments', async () => {
  const { write, line, sweep } = lab()
  write(...upTo(2000).map(() => line()))
  const { texts, gaps, reads } = await sweep({ budgetBytes: 20_000, roomBytes: 10_000 })
  const found = numbers(texts)
  expect(found.at(-1)).toBe(2000)
  expect(found).toEqual(upTo(2000).slice(-found.length))
  expect(gaps).toMatchObject([{ reason: 'too-much', fromOffset: 0, fromAt: Date.parse('2026-11-28T09:12:44.101Z') }])
  expect(gaps[0]?.bytes).toBeGreaterThan(60_000)
  expect(reads.length).toBeGreaterThan(3)
  for (const read of reads) expect(JSON.stringify(read.lines).length).toBeLessThan(30_000)
})

test('a log that grows faster than it is read ends with the budget', async () => {
  const { write, line, once, folder } = lab()
  expect(folder).not.toBe('')
  write(...upTo(500).map(() => line()))
  let left = 30_000
  let asked = 0
  for (let more = true; more; asked++) {
    const read = await once({ budgetBytes: left, roomBytes: 5000, first: asked === 0 })
    write(...upTo(500).map(() => line()))
    left -= read.bytesRead
    more = read.more
  }
  expect(asked).toBeLessThan(60)
})

test('a line of 50 MB is named and cut, and no half of a secret stands at the cut', async () => {
  const { write, line, sweep, file } = lab()
  write(line())
  for (const secret of ['sk-proj-abc123DEF456ghi789', 'password=hunter2']) {
    const piece = `${secret} and a word; `
    appendFileSync(file, `line 2 ${piece.repeat(Math.ceil(25_000_000 / piece.length))}\n`)
  }
  write(`after: line 4`)
  const { texts, gaps } = await sweep({ budgetBytes: 200_000_000 })
  expect(gaps.map(({ reason }) => reason)).toEqual(['line-too-long', 'line-too-long'])
  expect(gaps[0]?.bytes).toBeGreaterThan(25_000_000)
  expect(numbers(texts)).toEqual([1, 2, 2, 4])
  expect(texts[1]).toMatch(/a line of 25\d{6} bytes/)
  expect(texts.join()).not.toMatch(/abc123DEF|hunter2|sk-pr|hunt/)
})

test('a private key over many lines is hidden, also where a sweep began in its middle', async () => {
  const { write, line, sweep } = lab()
  const key = ['MIIEowIBAAKCAQEA1', 'c2hvcnQ', 'x9Q=']
  write(line(), '-----BEGIN RSA PRIVATE KEY-----', ...key.slice(0, 1))
  const first = await sweep()
  write(...key.slice(1), '-----END RSA PRIVATE KEY-----', line())
  const second = await sweep()
  const seen = [...first.texts, ...second.texts].join('\n')
  for (const part of key) expect(seen).not.toContain(part)
  expect(numbers([first.texts[0] ?? '', second.texts.at(-1) ?? ''])).toEqual([1, 2])
})

test('bytes that are no text, colours and marks that turn the direction do no harm', async () => {
  const { file, sweep } = lab()
  writeFileSync(
    file,
    Buffer.concat([
      Buffer.from('line 1 '),
      Buffer.from([0xff, 0xc3, 0x28, 0x00]),
      Buffer.from(' end\nline 2 \u001b[31mred\u001b[0m \u202eevil\u2069\r\n\nline 3\n'),
    ]),
  )
  const { texts } = await sweep()
  expect(numbers(texts)).toEqual([1, 2, 3])
  expect(texts[0]).toContain('\ufffd')
  expect(texts[1]).toContain('red')
})

test('what this login may not read is named once', async () => {
  const { file, sweep } = lab()
  mkdirSync(file)
  expect((await sweep()).gaps).toEqual([])
  rmSync(file, { recursive: true })
  const loop = file
  renameSync(path.dirname(file), path.dirname(file))
  const { symlinkSync } = await import('node:fs')
  symlinkSync(loop, loop)
  const { gaps, texts } = await sweep()
  expect({ texts, reasons: gaps.map(({ reason }) => reason) }).toEqual({ texts: [], reasons: ['unreadable'] })
  expect((await sweep()).gaps).toEqual([])
})

test('more than the budget, and its end is half a line: the half is left for later, and no line comes twice', async () => {
  const { write, line, once, file } = lab()
  write(...upTo(1000).map(() => line()))
  const half = line(' ab'.repeat(10_000))
  appendFileSync(file, half.slice(0, 25_000))
  const first = await once({ budgetBytes: 20_000 })
  expect(first.gaps.map(({ reason }) => reason)).toEqual(['too-much'])
  appendFileSync(file, `${half.slice(25_000)}\n`)
  const second = await once({ budgetBytes: 50_000 })
  expect(second.gaps).toEqual([])
  expect(numbers([...first.lines, ...second.lines].map(({ text }) => text))).toEqual([1001])
})
