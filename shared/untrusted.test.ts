import { expect, test } from 'vitest'
import { untrusted } from './untrusted.ts'

test.each([
  ['plain Zoë 日本', 'plain Zoë 日本'],
  ['a\u202eb', 'a⟨202E⟩b'],
  ['\u001b[31mred\u0007', '⟨001B⟩[31mred⟨0007⟩'],
  ['\u009b31m', '⟨009B⟩31m'],
  ['zero\u200bwidth\ufeff', 'zero⟨200B⟩width⟨FEFF⟩'],
  ['tag\u{e0041}', 'tag⟨E0041⟩'],
  ['half\ud800', 'half⟨D800⟩'],
  ['two\r\n\tlines', 'two lines'],
  ['<img src=x>', '<img src=x>'],
])('%j is shown as %s', (raw, shown) => expect(untrusted(raw)).toBe(shown))

test('is cut to its cap, however it grew', () => {
  expect(untrusted('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
  expect(untrusted('\u202e'.repeat(1_000_000), 50)).toHaveLength(50)
  expect(untrusted('x'.repeat(200))).toHaveLength(200)
})
