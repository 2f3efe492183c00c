import { describe, expect, it } from 'vitest'
import { type Arrival, countStrangers, plainHandle, summarize } from './exchanges.ts'
import { type Turn, turnOf } from './turns.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const minutes = (count: number) => count * 60_000
const turn = (kind: Turn['kind'], agoMin: number, more: Partial<Turn> = {}): Turn => ({
  session: 's1',
  atMs: nowMs - minutes(agoMin),
  kind,
  sender: '111',
  error: '',
  sent: false,
  channel: 'telegram',
  account: 'default',
  ...more,
})
const sum = (turns: Turn[], testHandles: string[] = [], arrivals: Arrival[] = []) =>
  summarize(turns, arrivals, { nowMs, testHandles })

describe('exchanges', () => {
  it('counts a message and its reply', () => {
    expect(sum([turn('in', 60), turn('out', 59)])).toMatchObject({
      lastInboundAtMs: nowMs - minutes(60),
      lastReplyAtMs: nowMs - minutes(59),
      unanswered: 0,
      days: [{ day: '2026-11-20', inbound: 1, replies: 1 }],
    })
  })

  it('says of each day how soon half of the replies came, after the first message they answer', () => {
    const turns = [
      ...[turn('in', 60), turn('in', 59.9), turn('out', 59)],
      ...[turn('in', 50), turn('out', 49.9)],
      ...[turn('in', 40), turn('out', 30)],
    ]
    expect(sum(turns).days).toMatchObject([{ inbound: 4, replies: 3, replyMs: minutes(1) }])
    expect(sum([turn('in', 60)]).days).toMatchObject([{ replies: 0, replyMs: null }])
    const broken = { atMs: nowMs - minutes(59) + 0.4 }
    expect(sum([turn('in', 60), turn('out', 59, broken)]).days).toMatchObject([{ replyMs: minutes(1) }])
  })

  it('keeps messages open until a good reply, and an error text is none', () => {
    const found = sum([turn('in', 90), turn('failure', 89, { error: '401 invalid api key' }), turn('in', 80)])
    expect(found).toMatchObject({
      unanswered: 2,
      unansweredSinceMs: nowMs - minutes(90),
      failures: 1,
      lastFailure: '401 invalid api key',
      lastReplyAtMs: null,
    })
    expect(sum([turn('in', 90), turn('failure', 89), turn('in', 80), turn('out', 79)])).toMatchObject({
      unanswered: 0,
      failures: 1,
    })
  })

  it('keeps the cause when the client is sent an error text for it, which is the same failure', () => {
    const sent = { error: 'The client was sent: a billing error.', sent: true }
    const cause = { error: '401 invalid api key' }
    expect(sum([turn('in', 90), turn('failure', 89, cause), turn('failure', 88, sent)])).toMatchObject({
      failures: 1,
      lastFailure: '401 invalid api key',
      lastFailureAtMs: nowMs - minutes(88),
    })
    expect(sum([turn('in', 90), turn('failure', 89, cause), turn('in', 80), turn('failure', 79, sent)])).toMatchObject({
      failures: 2,
      lastFailure: sent.error,
    })
  })

  it('is patient with a message of a minute ago', () => {
    expect(sum([turn('in', 1)]).unanswered).toBe(0)
  })

  it('takes a chosen silence for handled and not for a reply', () => {
    expect(sum([turn('in', 60), turn('silent', 59)])).toMatchObject({ unanswered: 0, lastReplyAtMs: null })
  })

  it('never takes heartbeats, nor what is said after one, for activity', () => {
    expect(sum([turn('inner', 60), turn('out', 59), turn('inner', 30), turn('failure', 29)])).toMatchObject({
      lastInboundAtMs: null,
      lastReplyAtMs: null,
      failures: 0,
      days: [],
    })
  })

  it("leaves out the operator's own handles, however they are written", () => {
    const turns = [turn('in', 60, { sender: '+1 (555) 000-1111' }), turn('out', 59)]
    expect(sum(turns, ['+15550001111'])).toMatchObject({ lastInboundAtMs: null, lastReplyAtMs: null, days: [] })
    expect(plainHandle('tg:111')).toBe(plainHandle(' 111 '))
  })

  it('keeps sessions apart', () => {
    expect(
      sum([turn('in', 60), turn('in', 50, { session: 's2' }), turn('out', 40, { session: 's2' })]).unanswered,
    ).toBe(1)
  })

  it('counts a message that is stuck in the queue', () => {
    const stuck: Arrival = { atMs: nowMs - minutes(30), sender: '111', status: 'given-up', error: 'boom' }
    expect(sum([], [], [stuck])).toMatchObject({ unanswered: 1, lastInboundAtMs: nowMs - minutes(30) })
    expect(sum([], ['111'], [stuck]).unanswered).toBe(0)
  })

  it('counts each stranger once', () => {
    const from = (sender: string, days = 0): Arrival => ({
      atMs: nowMs - days * 86_400_000,
      sender,
      status: 'done',
      error: '',
    })
    expect(
      countStrangers([from('111'), from('222'), from('222'), from('333', 31), from('')], ['telegram:111'], {
        nowMs,
        testHandles: [],
      }),
    ).toBe(1)
  })
})

describe('transcript events', () => {
  const at = { timestamp: '2026-11-20T09:36:21.175Z' }
  const message = (inner: object) => ({ type: 'message', ...at, message: { timestamp: 1_795_167_381_170, ...inner } })
  it.each([
    [
      'a person, 2026.9',
      message({ role: 'user', content: 'ping', __openclaw: { senderId: '111', transport: { channel: 'telegram' } } }),
      { kind: 'in', sender: '111' },
    ],
    [
      'a person, 2026.4',
      message({
        role: 'user',
        content: [
          { type: 'text', text: 'Conversation info (untrusted metadata):\n```json\n{ "sender_id":"111" }\n```\nhi' },
        ],
      }),
      { kind: 'in', sender: '111' },
    ],
    ['a person, 2026.6', message({ role: 'user', content: 'ping from owner' }), { kind: 'in', sender: '' }],
    [
      'the control page',
      message({ role: 'user', content: 'hi', __openclaw: { transport: { channel: 'webchat' } } }),
      { kind: 'inner' },
    ],
    ['a heartbeat', message({ role: 'user', content: 'Read HEARTBEAT.md if it exists' }), { kind: 'inner' }],
    [
      'an answer',
      message({ role: 'assistant', content: [{ type: 'text', text: 'Pong.' }], stopReason: 'stop' }),
      { kind: 'out' },
    ],
    [
      'a delivery mirror',
      message({
        role: 'assistant',
        content: [{ type: 'text', text: 'Pong.' }],
        model: 'delivery-mirror',
        stopReason: 'stop',
      }),
      null,
    ],
    ['a tool call', message({ role: 'assistant', content: [{ type: 'toolCall' }], stopReason: 'toolUse' }), null],
    [
      'a failure',
      message({ role: 'assistant', content: [], stopReason: 'error', errorMessage: '401 invalid api key' }),
      { kind: 'failure', error: '401 invalid api key' },
    ],
    [
      'an error text',
      message({
        role: 'assistant',
        content: [{ type: 'text', text: '\u26a0\ufe0f Authentication failed' }],
        stopReason: 'stop',
      }),
      { kind: 'failure' },
    ],
    [
      'a run that failed early',
      { type: 'custom_message', ...at, customType: 'run-failed-before-reply', content: 'All models failed' },
      { kind: 'failure', error: 'All models failed' },
    ],
    [
      'chosen silence',
      message({ role: 'assistant', content: [{ type: 'text', text: 'NO_REPLY' }], stopReason: 'stop' }),
      { kind: 'silent' },
    ],
    ['a header', { type: 'session', version: 3, ...at }, null],
    ['no time', { type: 'message', message: { role: 'user', content: 'x' } }, null],
    ['not an object', 'x', null],
  ] as const)('%s', (_, event, expected) => {
    const found = turnOf(event, 's', 'agent:main:main')
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected)
  })

  it('of a cron session are not about people', () => {
    expect(turnOf(message({ role: 'user', content: 'do it' }), 's', 'agent:main:cron:abc')).toMatchObject({
      kind: 'inner',
    })
  })
})
