import { expect, test } from 'vitest'
import { isLogRecord, LogRecord } from './logs.ts'

const place = {
  ...{ id: 'box1:7', boxId: 'box1', agentId: null, seq: 7, atMs: 1_795_000_000_000, rawAt: null },
  ...{ source: 'runtime', file: '/tmp/a.log' },
}
const line = {
  ...{ kind: 'line', ...place, level: null, subsystem: 'gateway', runId: null, sessionId: null, channel: 'telegram' },
  ...{ text: 'ready', more: '{"n":1}' },
}
const gap = { kind: 'gap', ...place, reason: 'too-much', bytes: 12, fromAtMs: null, toAtMs: 1_795_000_000_000 }

const odd = [undefined, null, '', 'x y', 'debug', 5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, {}, [], true]

test('the test by hand says what the schema says', () => {
  for (const record of [line, gap]) {
    expect(isLogRecord(record)).toBe(true)
    for (const name of Object.keys(record))
      for (const value of odd) {
        const changed = { ...record, [name]: value }
        expect(isLogRecord(changed), `${name}: ${String(value)}`).toBe(LogRecord.safeParse(changed).success)
      }
  }
  for (const value of odd) expect(isLogRecord(value)).toBe(false)
})
