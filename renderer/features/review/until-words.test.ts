import { expect, it } from 'vitest'
import { untilText } from './until-words.ts'

const at = (iso: string) => new Date(iso).getTime()

it.each([
  ['2026-11-20T14:00', '14:00'],
  ['2026-11-21T08:00', 'tomorrow'],
  ['2026-11-26T08:00', 'Thursday'],
  ['2026-11-27T08:00', '27 November'],
  ['2027-01-04T08:00', '4 January 2027'],
])('until %s', (until, words) => expect(untilText(at(until), at('2026-11-20T12:00'))).toBe(words))
