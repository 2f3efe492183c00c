import { expect, test } from 'vitest'
import { matchesList, matchesPattern } from './pattern.ts'

test.each([
  ['*', 'anything', true],
  ['*', '', true],
  ['peak-*', 'peak-mini', true],
  ['peak-*', 'elm-mini', false],
  ['192.168.0.?', '192.168.0.7', true],
  ['192.168.0.?', '192.168.0.17', false],
  ['*.co.uk', 'a.b.co.uk', true],
  ['a*b*c', 'aXbYbZc', true],
  ['a.c', 'abc', false],
  ['?', '', false],
])('%j fits %j: %s', (pattern, text, fits) => {
  expect(matchesPattern(pattern, text)).toBe(fits)
})

test('a negated pattern that fits decides, wherever it stands', () => {
  expect(matchesList(['*', '!local.dev'], 'local.dev')).toBe(false)
  expect(matchesList(['!local.dev', '*'], 'peak')).toBe(true)
  expect(matchesList(['!local.dev'], 'peak')).toBe(false)
})

test('a pattern made to be slow is not', () => {
  expect(matchesPattern(`${'*a'.repeat(5000)}b`, 'a'.repeat(5000))).toBe(false)
})
