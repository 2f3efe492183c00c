import { expect, test } from 'vitest'
import { parseLogLine, readJournalEntry } from './log-line.ts'

const runtimeLine = {
  0: '{"subsystem":"channels/telegram"}',
  1: { runId: 'run-7f3a', sessionKey: 'agent:main:main', attempt: 2, error: { message: 'x', code: 401 } },
  2: 'reply failed\n    at once',
  _meta: {
    hostname: 'front-desk',
    date: '2026-11-20T09:16:59.508Z',
    logLevelId: 4,
    logLevelName: 'WARN',
    name: '{"subsystem":"channels/telegram"}',
    parentNames: ['openclaw'],
  },
  time: '2026-11-20T10:16:59.509+01:00',
  hostname: 'front-desk',
  message: 'reply failed\n    at once',
}

test('the runtime’s JSON: columns, one line of words, and the rest with sorted names', () => {
  expect(parseLogLine(JSON.stringify(runtimeLine), 'runtime')).toEqual({
    at: Date.parse('2026-11-20T09:16:59.509Z'),
    level: 'warn',
    subsystem: 'channels/telegram',
    runId: 'run-7f3a',
    sessionId: 'agent:main:main',
    channel: 'telegram',
    text: 'reply failed at once',
    more: '{"attempt":2,"error":{"code":401,"message":"x"},"sessionKey":"agent:main:main"}',
  })
})

test('top-level fields of the newer era win over what is bound', () => {
  const line = { ...runtimeLine, session_id: 's-1', channel: 'imessage', agent_id: 'main', traceId: 'ab12' }
  expect(parseLogLine(JSON.stringify(line), 'runtime')).toMatchObject({ sessionId: 's-1', channel: 'imessage' })
  expect(parseLogLine(JSON.stringify(line), 'runtime').more).toContain('"agent_id":"main"')
})

test.each([
  [
    '2026-11-28T09:12:44.101Z [gateway] ready',
    { at: Date.parse('2026-11-28T09:12:44.101Z'), level: null, subsystem: 'gateway', text: 'ready' },
  ],
  [
    '[2026-11-28T09:12:44.101Z] openclaw gateway lifecycle source=cli action=restart',
    { at: Date.parse('2026-11-28T09:12:44.101Z'), text: 'openclaw gateway lifecycle source=cli action=restart' },
  ],
  [
    '\u001b[36m[telegram]\u001b[39m \u001b[31merror: 401\u001b[39m',
    { at: null, level: 'error', subsystem: 'telegram', text: '401' },
  ],
  ['[telegram] Inbound message telegram:x -> @bot (direct, 15 chars)', { channel: 'telegram', subsystem: 'telegram' }],
  ['    at Server.<anonymous> (node:net:1:2)', { at: null, level: null, text: 'at Server.<anonymous> (node:net:1:2)' }],
  ['TypeError: x is not a function', { level: 'error', text: 'TypeError: x is not a function' }],
  [
    '2026-11-28 09:12:44 WARN run 5f0c7c1e-3d1b-4b52-9a3e-0c8f4f1f2a77 is slow',
    { level: 'warn', runId: '5f0c7c1e-3d1b-4b52-9a3e-0c8f4f1f2a77' },
  ],
  ['embedded run start: runId=abc-123456 sessionId=s-9', { runId: 'abc-123456', sessionId: 's-9' }],
  ['2026-99-99T99:99:99Z [x] y', { at: null, subsystem: 'x', text: 'y' }],
  [
    '{"level":"error","time":"2026-11-28T09:12:44.101Z","subsystem":"gateway","message":"no"}',
    { level: 'error', subsystem: 'gateway', text: 'no', more: null },
  ],
  ['{"0":"cut', { at: null, text: '{"0":"cut' }],
  ['[1,2]', { text: '[1,2]' }],
])('%j', (line, expected) => {
  expect(parseLogLine(line, 'service')).toMatchObject(expected)
})

test('words and fields that are too long are cut, and say so', () => {
  const line = { 0: 'a '.repeat(10_000), 1: { big: 'b'.repeat(9000), small: 1 } }
  const { text, more } = parseLogLine(JSON.stringify(line), 'runtime')
  expect(text).toHaveLength(8000)
  expect(more).toBe('{"small":1,"cut":true}')
})

test('a name of the language itself does no harm', () => {
  const { more } = parseLogLine('{"message":"x","__proto__":{"a":1},"constructor":{"b":2}}', 'runtime')
  expect(more).toBe('{"constructor":{"b":2}}')
  expect(({} as { a?: unknown }).a).toBeUndefined()
})

test('a crash report is one line', () => {
  const report = {
    version: 1,
    generatedAt: '2026-11-28T16:02:16.348Z',
    reason: 'gateway.crash_loop_breaker',
    process: { pid: 7 },
  }
  expect(parseLogLine(JSON.stringify(report), 'stability')).toMatchObject({
    at: Date.parse('2026-11-28T16:02:16.348Z'),
    level: 'warn',
    subsystem: 'stability',
    text: expect.stringMatching(/^stability report: gateway\.crash_loop_breaker \(\d+ characters\)$/),
  })
})

test('entries of the journal, also such as are no text', () => {
  const entry = { MESSAGE: '[gateway] ready', PRIORITY: '6', __REALTIME_TIMESTAMP: '1795166463000123' }
  expect(readJournalEntry(JSON.stringify(entry))).toEqual({
    words: '[gateway] ready',
    atUs: 1_795_166_463_000_123,
    level: null,
  })
  expect(readJournalEntry(JSON.stringify({ ...entry, MESSAGE: [104, 105, 255], PRIORITY: '3' }))).toEqual({
    words: 'hi\ufffd',
    atUs: 1_795_166_463_000_123,
    level: 'error',
  })
  expect(readJournalEntry('-- no entries --')).toBeNull()
})
