import { expect, it } from 'vitest'
import { arrivalWords } from './arrival-words.ts'
import { markOf, partsOf } from './highlight.ts'
import type { GapRow, LineRow } from './line-window.ts'
import { bytesText, countText, roughCount, stepText } from './log-times.ts'
import { gapWords, lineAsJson, prettyLines, rowAsText, skewWords } from './row-words.ts'

const gap = { kind: 'gap', bytes: 1.2e9, reason: 'too-much', fromAtMs: null, toAtMs: null } as GapRow

it('says how much is missing, and why', () => {
  expect(gapWords(gap)).toBe('1.2 GB not read: more than 20 MB between two sweeps, or than 4 MB a second')
  expect(gapWords({ ...gap, bytes: 0, reason: 'unreadable' })).toBe('Lines not read: the login may not read the file')
})

const line = {
  kind: 'line',
  boxId: 'b',
  seq: 1,
  atMs: 0,
  rawAt: 0,
  level: 'warn',
  subsystem: 'gate\u202eway',
  text: 'a\u0007b',
  more: '{"b":{"c":"\u202e"}}',
} as LineRow

it('shows what cannot be seen, copied or not', () => {
  expect(rowAsText(line, 'mini')).toBe('1970-01-01T00:00:00.000Z mini warn gate⟨202E⟩way a⟨0007⟩b')
  expect(prettyLines(String(line.more))).toEqual(['{', '  "b": {', '    "c": "⟨202E⟩"', '  }', '}'])
  expect(prettyLines('no json')).toEqual(['no json'])
  expect(JSON.parse(lineAsJson(line, 'mini'))).toMatchObject({ machine: 'mini', more: { b: { c: '\u202e' } } })
})

it.each([
  [1_000, 1_400, null],
  [1_000, 4_200, 'its clock was 3.2 s ahead'],
  [600_000, 0, 'its clock was 10 min behind'],
  [0, null, 'the line carries no time; it stands where it was read'],
])('clock of %i, written %s', (atMs, rawAt, words) => expect(skewWords(atMs, rawAt)).toBe(words))

it('says how near the marked line is to the moment it was opened at', () => {
  expect(arrivalWords(0, 200)).toMatch(/^Marked: the line nearest to .*, 0\.2 s after it\.$/)
  expect(arrivalWords(7_500_000, 0)).toMatch(/^Nothing was written at .*, marked, is 2 h 5 min before it\.$/)
  expect(arrivalWords(0, null)).toMatch(/^No line is kept around/)
})

it.each([
  [stepText(12), '0.012 s'],
  [stepText(4_120), '4.1 s'],
  [stepText(200_000), '3 min 20 s'],
  [stepText(3 * 86_400_000), '3 days'],
  [countText(12_400), '12\u202f400'],
  [roughCount(3_200_000), '3.2 M'],
  [roughCount(48_100), '48 k'],
  [bytesText(20_000_000), '20 MB'],
])('%s', (said, expected) => expect(said).toBe(expected))

it('marks words in either case, an expression as it stands, and no expression that could take long', () => {
  const marked = (text: string, words: string[], regex?: string) =>
    partsOf(text, markOf(words, regex)).flatMap((part) => (part.hit ? [part.text] : []))
  expect(marked('Timed OUT (out of 3)', ['out', '"timed"'])).toEqual(['Timed', 'OUT', 'out'])
  expect(marked('a.b axb', ['a.b'])).toEqual(['a.b'])
  expect(marked('took 12 s, Took 3 s', [], 'took \\d+')).toEqual(['took 12'])
  expect(marked('aaaa', [], '(a+)+$')).toEqual([])
  expect(partsOf('plain', null)).toEqual([{ text: 'plain', hit: false }])
})
