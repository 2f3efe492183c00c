import { expect, test } from 'vitest'
import { normaliseHandle, normaliseHandles } from './handles.ts'

const refusal = (part: string) =>
  expect.objectContaining({
    fault: expect.objectContaining({ code: 'invalid-input', detail: expect.stringContaining(part) }),
  })

test.each([
  ['phone', '(310) 555-0142', 'US-CA', '+13105550142'],
  ['phone', '+1 310 555 0142', '', '+13105550142'],
  ['phone', '020 7946 0018', 'GB', '+442079460018'],
  ['phone', '+49\u00a0151\u202f23456789', 'US', '+4915123456789'],
  ['phone', '310\u2011555\u20110142', 'US', '+13105550142'],
  ['email', ' Dana.Bright@Example.COM ', '', 'dana.bright@example.com'],
  ['telegram', 'tg:987654321', '', '987654321'],
  ['telegram', '-1001234567890', '', '-1001234567890'],
  ['other', 'slack:U024BE7LH', '', 'slack:U024BE7LH'],
] as const)('%s %j in %j becomes %j', (kind, value, region, normal) => {
  expect(normaliseHandle(kind, value, region)).toBe(normal)
})

test.each([
  ['phone', '*', 'wildcard'],
  ['other', 'anyone*', 'wildcard'],
  ['email', '*@example.com', 'wildcard'],
  ['phone', '310 555 0142', 'country code'],
  ['phone', '+1 310 555', 'length'],
  ['phone', '+1 310 555 0142 x12', 'not a phone number'],
  ['phone', '+1 310 555 O142', 'not a phone number'],
  ['phone', '+١٣١٠٥٥٥٠١٤٢', 'U+0661'],
  ['phone', '\u202a+13105550142\u202c', 'hidden character U+202A'],
  ['email', 'dаna@example.com', '“а” (U+0430)'],
  ['email', 'dana@example', 'not an e-mail'],
  ['email', 'dana@@example.com', 'not an e-mail'],
  ['telegram', '@dana', 'numeric ids'],
  ['telegram', '007', 'numeric ids'],
  ['other', '  ', 'empty'],
] as const)('%s %j is refused: %s', (kind, value, part) => {
  expect(() => normaliseHandle(kind, value, '')).toThrow(refusal(part))
})

test('one handle twice is refused, however it is written', () => {
  const phone = (value: string) => ({ kind: 'phone' as const, value, label: '', trust: 'typed' as const })
  expect(() => normaliseHandles([phone('+13105550142'), phone('(310) 555-0142')], 'US')).toThrow('already-exists')
})

test('nobody types that a handle is proved; one that was stays so', () => {
  const typed = { kind: 'email' as const, value: 'Dana@example.com', label: ' own ', trust: 'proved' as const }
  expect(normaliseHandles([typed], '')).toEqual([
    { kind: 'email', value: 'dana@example.com', label: 'own', trust: 'typed' },
  ])
  const before = [{ kind: 'email' as const, value: 'dana@example.com', label: '', trust: 'proved' as const }]
  expect(normaliseHandles([{ ...typed, trust: 'typed' }], '', before)[0]?.trust).toBe('proved')
})
