import { expect, test } from 'vitest'
import { doorInstance, doorName, fixedKind, kindWords } from './channels.ts'

test.each(['imessage', 'iMessage', ' IMESSAGE ', 'ｉmessage', 'bluebubbles'])(
  '%j is always the client’s own',
  (channel) => {
    expect(fixedKind(channel)).toBe('clients-own')
  },
)

test.each(['telegram', 'whatsapp', 'imap', 'imessage2', ''])('%j is the operator’s to say', (channel) => {
  expect(fixedKind(channel)).toBeNull()
})

test('a door is named by its account only where that tells something', () => {
  expect(doorName({ channel: 'telegram', account: 'default' })).toBe('Telegram')
  expect(doorName({ channel: 'telegram', account: 'second' })).toBe('Telegram (second)')
  expect(doorName({ channel: 'zalo', account: '' })).toBe('zalo')
  expect(doorInstance({ channel: 'telegram', account: '' })).toBe('telegram/default')
})

test('a kind nobody said is not left blank', () => {
  expect([null, 'clients-own' as const, 'team' as const, 'public' as const].map(kindWords)).toEqual([
    'not said yet',
    'Client’s own',
    'Team',
    'Public',
  ])
})
