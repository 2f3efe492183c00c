import { expect, test } from 'vitest'
import { fromColumns, inColumns, isLineColumns } from './line-columns.ts'
import { isLogLine, type LogLine } from './log-lines.ts'

const line = (number: number): LogLine => ({
  source: number % 3 === 0 ? 'service' : 'runtime',
  file: number < 5 ? '/tmp/a.log' : '/tmp/b.log',
  at: number % 4 === 0 ? null : 1_795_000_000_000 - number * 7,
  level: number % 2 === 0 ? 'warn' : null,
  subsystem: 'gateway',
  runId: number === 3 ? 'run' : null,
  sessionId: null,
  channel: `channel ${number}`,
  text: `line ${number}`,
  more: number === 6 ? '{"a":1}' : null,
  // The second file begins anew.
  offset: (number % 5) * 100,
})
const lines = [...Array(10).keys()].map(line)
const asTheyAre = { text: (text: string) => text, column: (text: string) => text }
const overTheWay = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test.each([[lines], [lines.slice(0, 1)], [[]]])('lines come out of their columns as they went in: %#', (some) => {
  const columns = overTheWay(inColumns(some))
  if (!isLineColumns(columns)) throw new Error('they are no columns')
  expect(fromColumns(columns, asTheyAre)).toEqual(some)
})

test('each text is looked at, each value of a column once', () => {
  const columns: string[] = []
  const texts: string[] = []
  const look = (seen: string[]) => (text: string) => {
    seen.push(text)
    return text.toUpperCase()
  }
  const found = fromColumns(inColumns(lines), { text: look(texts), column: look(columns) })
  expect(found.map(({ text, more, subsystem }) => [text, more, subsystem])).toEqual(
    lines.map(({ text, more }) => [text.toUpperCase(), more === null ? null : '{"A":1}', 'GATEWAY']),
  )
  expect(columns.toSorted()).toEqual(['gateway', 'run', ...lines.map(({ channel }) => channel)].toSorted())
  expect(texts.toSorted()).toEqual([...lines.map(({ text }) => text), '{"a":1}'].toSorted())
})

const oddities = [
  ...[undefined, null, true, -1, 1.5, 8.64e15 + 2, 9e15, '', 'loud', 'x'.repeat(201), 'x'.repeat(8001), {}, []],
  ...[{ values: [] }, { values: [null] }, { values: ['a'], at: [0] }, { values: ['a'], at: Array(10).fill(1) }],
]

test.each(Object.keys(inColumns(lines)))('columns that are taken are lines, however odd %s is', (name) => {
  const columns = overTheWay(inColumns(lines)) as Record<string, unknown>
  const inside = (value: unknown) =>
    Array.isArray(columns[name]) ? value : { ...(columns[name] as object), ...{ values: value } }
  for (const odd of oddities) {
    const own = columns[name] as unknown[] | { values: unknown[] }
    const all = Array.isArray(own) ? own : own.values
    for (const value of [odd, inside(all.with(0, odd)), inside([...all, odd])]) {
      const tampered = { ...columns, [name]: value }
      if (isLineColumns(tampered))
        expect([value, fromColumns(tampered, asTheyAre).every(isLogLine)]).toEqual([value, true])
    }
  }
  expect(isLineColumns({ ...columns, [name]: undefined })).toBe(false)
  expect(isLineColumns({ ...columns, [name]: [] })).toBe(false)
})

test.each([[null], [undefined], [[]], [{}], ['text']])('%j is no columns', (value) =>
  expect(isLineColumns(value)).toBe(false),
)
