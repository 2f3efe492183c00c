import { expect, it } from 'vitest'
import { rangeWords } from './node-range.ts'

it.each([
  ['>=24.16.0 <25 || >=26.1.0', '24.16 or newer below 25, or 26.1 or newer'],
  ['>=22.19.0', '22.19 or newer'],
  ['^22.12.0 || >=24', '22.12 or newer below 23, or 24 or newer'],
  ['24.16.0', '24.16.0'],
  ['>20.1.0 <=22.3.1', 'newer than 20.1 up to 22.3.1'],
  ['*', '*'],
  ['no range', 'no range'],
])('%s: %s', (range, words) => expect(rangeWords(range)).toBe(words))
