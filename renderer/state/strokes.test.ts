import { expect, it } from 'vitest'
import { isLetter, type Pressed, strokeOf } from './strokes.ts'

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '',
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...more,
})

it.each([
  [press('j'), 'j'],
  [press('R', { shiftKey: true }), 'shift+r'],
  [press('?', { shiftKey: true }), '?'],
  [press(' '), 'space'],
  [press('ArrowDown', { shiftKey: true }), 'shift+down'],
  [press('k', { ctrlKey: true }), 'mod+k'],
  [press('Shift', { shiftKey: true }), null],
  [press('k', { metaKey: true }), null],
])('names a stroke (%#)', (event, stroke) => expect(strokeOf(event, false)).toBe(stroke))

it('reads ⌥ by the place of the key, because the sign it types differs', () => {
  expect(strokeOf(press('©', { altKey: true, code: 'KeyG' }), true)).toBe('alt+g')
})

it('takes ⌘ on a Mac and leaves Ctrl alone there', () => {
  expect(strokeOf(press('k', { metaKey: true }), true)).toBe('mod+k')
  expect(strokeOf(press('k', { ctrlKey: true }), true)).toBeNull()
})

it('knows which strokes would type something', () => {
  expect(['j', 'shift+r', '?', '/', 'ж'].every(isLetter)).toBe(true)
  expect(['mod+k', 'alt+g', 'enter', 'escape', 'space'].some(isLetter)).toBe(false)
})
