import { expect, test } from 'vitest'
import { createPrinter, jsonText } from './print.ts'

/** Names a window, turns the reading direction, hides a tag character. */
const steering = '\u001b]0;owned\u0007 \u009b31m \u202ecod \u{e0041}'

test('words steer no terminal, on stdout or stderr', () => {
  let [out, err] = ['', '']
  const print = createPrinter(
    false,
    (text) => {
      out += text
    },
    (text) => {
      err += text
    },
  )
  print.answer('ledger verify', {} as never, [`a ${steering}`, 'b'])
  print.say(`c ${steering}`)
  const visible = '⟨001B⟩]0;owned⟨0007⟩ ⟨009B⟩31m ⟨202E⟩cod ⟨E0041⟩'
  expect(out).toBe(`a ${visible}\nb\n`)
  expect(err).toBe(`c ${visible}\n`)
})

test('JSON steers none either, and reads back as it was', () => {
  const text = jsonText({ text: steering, rest: 'Zoë 日本' })
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(text).toContain('Zoë 日本')
  expect(JSON.parse(text)).toEqual({ text: steering, rest: 'Zoë 日本' })
})
