import { expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import type { LogBatch, LogLine } from '../runtimes/log-lines.ts'
import { spread } from './density.ts'
import { blockBytes, cutIntoBlocks } from './gather.ts'
import { prepare } from './prepare.ts'
import type { StoredCursor } from './rows.ts'
import type { StoredLine } from './stored-line.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const boxId = 'b1' as BoxId
const line = (fields: Partial<LogLine>): LogLine => ({
  source: 'runtime',
  file: '/tmp/a.log',
  at: nowMs - 1000,
  level: 'info',
  subsystem: null,
  runId: null,
  sessionId: null,
  channel: null,
  text: 'hello',
  more: null,
  offset: 0,
  ...fields,
})
const batchOf = (lines: LogLine[], fields: Partial<LogBatch> = {}): LogBatch => ({
  agent: 'main',
  lines,
  cursors: [{ source: 'runtime', file: '/tmp/a.log', identity: 'i1', offset: 1000 }],
  gaps: [],
  more: false,
  ...fields,
})
const prepared = (batch: LogBatch, known: StoredCursor[] = [], skewMs = 0) =>
  prepare({ boxId, agentId: null, batch, skewMs, nowMs }, known, 7)
const cursor = (offset: number, identity = 'i1'): StoredCursor => ({
  agent: 'main',
  source: 'runtime',
  file: '/tmp/a.log',
  identity,
  offset,
  lastAtMs: nowMs - 5000,
})

test('times lose the skew and stay visible as they were written', () => {
  const { lines } = prepared(batchOf([line({ at: nowMs + 59_000 })]), [], 60_000)
  expect(lines).toMatchObject([{ seq: 8, atMs: nowMs - 1000, rawAt: nowMs + 59_000 }])
})

test('a line without a time has that of the line before, also of an earlier batch', () => {
  const early = prepared(batchOf([line({ at: null, offset: 500 })]), [cursor(400)])
  expect(early.lines).toMatchObject([{ atMs: nowMs - 5000, rawAt: null }])
  const { lines, cursors } = prepared(batchOf([line({}), line({ at: null, offset: 9 })]))
  expect(lines.map(({ atMs }) => atMs)).toEqual([nowMs - 1000, nowMs - 1000])
  expect(cursors).toMatchObject([{ lastAtMs: nowMs - 1000 }])
})

test('a line from the future counts as written when it came', () => {
  expect(prepared(batchOf([line({ at: nowMs + 3_600_000 })])).lines).toMatchObject([{ atMs: nowMs }])
})

test.each<[string, LogBatch, StoredCursor[], number[], number]>([
  ['nothing known', batchOf([line({}), line({ offset: 50 })]), [], [0, 50], 1000],
  ['before the cursor', batchOf([line({}), line({ offset: 50 })]), [cursor(50)], [50], 1000],
  ['a late second time', batchOf([line({ offset: 50 })]), [cursor(2000)], [], 2000],
  ['another file under the name', batchOf([line({})]), [cursor(50, 'i0')], [0], 1000],
])('once: %s', (_, batch, known, offsets, after) => {
  const { lines, cursors } = prepared(batch, known)
  expect(lines.map(({ seq }) => seq)).toEqual(offsets.map((_offset, index) => 8 + index))
  expect(cursors).toMatchObject([{ offset: after }])
})

test('a truncated file begins anew', () => {
  const gap = { source: 'runtime', file: '/tmp/a.log', reason: 'truncated' } as const
  const gaps = [{ ...gap, fromOffset: 0, toOffset: 0, bytes: 0, fromAt: null, toAt: null }]
  const { lines, cursors } = prepared(batchOf([line({})], { gaps }), [cursor(2000)])
  expect(lines).toHaveLength(1)
  expect(cursors).toMatchObject([{ offset: 1000 }])
})

test('text is one line, safe to show', () => {
  const { lines } = prepared(batchOf([line({ text: 'a\tb\nc\u001b[31m\u202e', more: '{"k":"v"}' })]))
  expect(lines[0]?.line).toBe('a b c⟨001B⟩[31m⟨202E⟩\t{"k":"v"}')
})

test('blocks are filled, and a wrong time stands alone', () => {
  const stored = (atMs: number, text: string): StoredLine =>
    ({ ...prepared(batchOf([line({ at: atMs, text })])).lines[0] }) as StoredLine
  const third = 'x'.repeat(7999)
  const many = [...Array(70).keys()].map((at) => stored(nowMs - 100_000 + at, third))
  const { blocks, rest } = cutIntoBlocks([stored(0, 'long ago'), ...many], false)
  expect(blocks.map((block) => block.length)).toEqual([1, 33, 33])
  expect(rest).toHaveLength(4)
  expect(33 * 8000).toBeGreaterThanOrEqual(blockBytes)
  expect(cutIntoBlocks(many.slice(0, 2), true)).toMatchObject({ blocks: [{ length: 2 }], rest: [] })
})

test('density spreads a stretch over its time and loses no line', () => {
  const stretches = [
    { fromAt: 0, toAt: 99, lines: 10, warns: 1, errors: 0 },
    { fromAt: 95, toAt: 95, lines: 3, warns: 0, errors: 3 },
    { fromAt: 150, toAt: 249, lines: 100, warns: 0, errors: 0 },
  ]
  const buckets = spread(stretches, 0, 200, 4)
  expect(buckets.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [0, 50],
    [50, 100],
    [100, 150],
    [150, 200],
  ])
  expect(buckets.map(({ lines }) => lines)).toEqual([5, 8, 0, 50])
  expect(buckets.map(({ errors }) => errors)).toEqual([0, 3, 0, 0])
  expect(buckets.reduce((sum, { warns }) => sum + warns, 0)).toBe(1)
})
