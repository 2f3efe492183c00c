import { expect, test } from 'vitest'
import { isLogLine, LogLine } from './log-lines.ts'

const line = {
  source: 'runtime',
  file: '/tmp/a.log',
  at: 1_795_000_000_000,
  level: 'info',
  subsystem: 'gateway',
  runId: null,
  sessionId: 'main',
  channel: null,
  text: 'hello',
  more: '{"a":1}',
  offset: 12,
}
const oddities = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  8.64e15,
  8.64e15 + 2,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  'runtime',
  'debug',
  'loud',
  'x'.repeat(200),
  'x'.repeat(201),
  'x'.repeat(1000),
  'x'.repeat(1001),
  'x'.repeat(8000),
  'x'.repeat(8001),
  {},
  [],
]

test.each(Object.keys(line))('the test by hand and the schema agree about any %s', (name) => {
  for (const value of oddities)
    expect([name, value, isLogLine({ ...line, [name]: value })]).toEqual([
      name,
      value,
      LogLine.safeParse({ ...line, [name]: value }).success,
    ])
})

test.each([[line], [null], [undefined], ['line'], [[line]], [{}]])('and about %j', (value) =>
  expect(isLogLine(value)).toBe(LogLine.safeParse(value).success),
)
