import { expect, it } from 'vitest'
import { missedWords } from './missed-words.ts'

it.each([
  [['2026-11-17'], 'Tuesday'],
  [['2026-11-17', '2026-11-18'], 'Tuesday and Wednesday'],
  [['2026-11-17', '2026-11-18', '2026-11-19'], 'Tuesday, Wednesday and Thursday'],
  [['2026-11-12', '2026-11-13', '2026-11-16', '2026-11-17'], '4 days since 12 November'],
])('%j', (days, words) => expect(missedWords(days)).toBe(words))
