import { expect, test } from 'vitest'
import type { BoxId, LogRecordId, LogStart } from '../../../shared/contract/index.ts'
import { comparePositions, type LineRow, type Row } from './line-window.ts'
import { linesAround } from './lines-around.ts'

const boxId = 'b1' as BoxId
const at = (seq: number) => ({ boxId, agentId: null, seq, atMs: seq * 10, rawAt: null, id: `b1:${seq}` as LogRecordId })
const line = (seq: number): LineRow => ({
  ...at(seq),
  kind: 'line',
  source: 'runtime',
  file: '/a.log',
  level: null,
  subsystem: null,
  runId: null,
  sessionId: null,
  channel: null,
  text: `line ${seq}`,
  more: null,
})
const gap = (seq: number): Row => ({
  ...at(seq),
  kind: 'gap',
  source: 'runtime',
  file: '/a.log',
  reason: 'truncated',
  bytes: 0,
  fromAtMs: null,
  toAtMs: null,
})

/** A log of `count` rows, some of them gaps, that hands over at most `most` at once. */
const asksOf = (count: number, gaps: readonly number[], most: number) => {
  const rows = Array.from({ length: count }, (_, seq) => (gaps.includes(seq) ? gap(seq) : line(seq)))
  return {
    page: async (_query: object, start: LogStart, direction: 'older' | 'newer', limit: number) => {
      if (typeof start === 'string' || !('seq' in start)) throw new Error('a position is asked for')
      const side = rows.filter((row) => comparePositions(row, start) * (direction === 'older' ? -1 : 1) > 0)
      const wanted = Math.min(limit, most)
      const found = direction === 'older' ? side.slice(-wanted) : side.slice(0, wanted)
      return { rows: found, atEnd: found.length === side.length, lastSeq: count, left: 0 }
    },
  }
}
const seqs = async (...[count, gaps, most, of]: [number, number[], number, number]) =>
  (await linesAround(asksOf(count, gaps, most), line(of))).map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, step) => from + step)

test('fifty lines before it and fifty after it, itself in the middle', async () => {
  expect(await seqs(1000, [], 300, 500)).toEqual(range(450, 550))
})
test('gaps among them do not count, and short pages are asked on', async () => {
  const found = await seqs(1000, [499, 460, 540], 7, 500)
  expect(found).toHaveLength(101)
  expect(found).toEqual(range(448, 551).filter((seq) => ![499, 460, 540].includes(seq)))
})
test('where the log begins or ends there are fewer', async () => {
  expect(await seqs(30, [], 300, 10)).toEqual(range(0, 29))
})
