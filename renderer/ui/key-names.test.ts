import { expect, it } from 'vitest'
import { shownKeys } from './key-names.ts'

it.each([
  ['mod+k', ['⌘K'], ['Ctrl K']],
  ['shift+r', ['⇧R'], ['⇧R']],
  ['alt+g', ['⌥G'], ['Alt G']],
  ['g r', ['G', 'R'], ['G', 'R']],
  ['enter', ['↵'], ['↵']],
  ['?', ['?'], ['?']],
  ['mod+enter', ['⌘↵'], ['Ctrl ↵']],
])('prints %s as the keyboard at hand writes it', (keys, mac, other) => {
  expect(shownKeys(keys, true)).toEqual(mac)
  expect(shownKeys(keys, false)).toEqual(other)
})
