import { describe, expect, it, test } from 'vitest'
import { answersIn, type Heard, strangersIn } from './answered-people.ts'
import { type Turn, turnOf } from './turns.ts'

const turn = (kind: Turn['kind'], atMs: number, sender = '', more: Partial<Turn> = {}): Turn => ({
  session: 's1',
  atMs,
  kind,
  sender,
  error: '',
  sent: false,
  channel: 'telegram',
  account: 'default',
  ...more,
})
const people = (turns: readonly Turn[]) => answersIn(turns).heard.map(({ person }) => person)

describe('who was answered', () => {
  it('is whoever wrote before the answer, by session', () => {
    expect(people([turn('in', 1, '111'), turn('in', 2, '222', { session: 's2' }), turn('out', 3)])).toEqual(['111'])
    expect(people([turn('in', 1, '111'), turn('in', 2, '222'), turn('out', 3)])).toEqual(['111', '222'])
    expect(people([turn('in', 1, '111'), turn('silent', 2), turn('out', 3)])).toEqual([])
    expect(people([turn('in', 1, '111')])).toEqual([])
  })

  it('is also who got an error text instead', () => {
    expect(people([turn('in', 1, '111'), turn('failure', 2)])).toEqual(['111'])
  })

  it('is told by a copy of the answer where the message names nobody, and counted where nothing does', () => {
    const unnamed = [turn('in', 1), turn('out', 2)]
    expect(answersIn(unnamed)).toEqual({ heard: [], nameless: 1 })
    expect(answersIn([...unnamed, turn('delivered', 3, '111')])).toMatchObject({
      heard: [{ person: '111' }],
      nameless: 0,
    })
  })
})

test('a copy of 2026.6 names the chat in its id, unless it is a group', () => {
  const copy = (id: string) =>
    turnOf(
      {
        type: 'message',
        timestamp: '2026-11-20T09:36:21.175Z',
        message: {
          role: 'assistant',
          model: 'delivery-mirror',
          content: [],
          timestamp: 5,
          openclawDeliveryMirror: { kind: 'channel-final', sourceMessageId: id },
        },
      },
      's1',
      'agent:main:main',
    )
  expect(copy('telegram-final:agent:main:main:111:501:0')).toMatchObject({
    kind: 'delivered',
    sender: '111',
    channel: 'telegram',
  })
  expect(copy('telegram-final:agent:main:telegram:group:-100:-100:501:0')).toBeNull()
  expect(copy('')).toBeNull()
})

test('strangers are those minus whoever may be, each once, however they are written', () => {
  const heard = (person: string, atMs: number, more: Partial<Heard> = {}): Heard => ({
    atMs,
    person,
    channel: 'imessage',
    account: 'default',
    how: 'answered',
    ...more,
  })
  const may = { handles: ['+1 555 0100'], open: ['telegram/shop'] }
  expect(
    strangersIn(
      [
        heard('imessage:+15550100', 1),
        heard('+15550777', 2),
        heard('15550777', 4),
        heard('999', 3, { channel: 'telegram', account: 'shop' }),
        heard('998', 3, { channel: 'telegram' }),
      ],
      may,
    ),
  ).toEqual([
    {
      handle: '+15550777',
      channel: 'imessage',
      account: 'default',
      how: 'answered',
      times: 2,
      firstAtMs: 2,
      lastAtMs: 4,
    },
    { handle: '998', channel: 'telegram', account: 'default', how: 'answered', times: 1, firstAtMs: 3, lastAtMs: 3 },
  ])
})
