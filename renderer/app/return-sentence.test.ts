import { expect, it } from 'vitest'
import { returnSentence } from './return-sentence.ts'

const now = new Date(2026, 10, 20, 9, 0).getTime()
const begin = 'The engine stopped and is running again. Nothing was lost; '

it.each([
  [new Date(2026, 10, 20, 8, 14).getTime(), 'the newest fact is from 08:14.'],
  [new Date(2026, 10, 17, 8, 14).getTime(), 'the newest fact is from Tue 08:14.'],
  [null, 'no machine was read yet.'],
])('says from when the newest fact is (%#)', (newest, end) => expect(returnSentence(newest, now)).toBe(begin + end))
