import { expect, test } from 'vitest'
import {
  assumedSpans,
  clockText,
  dayText,
  hoursSentence,
  openParts,
  readClock,
  readDay,
  readWeek,
  sameOnWeekdays,
  weekText,
} from './hours.ts'

test.each([
  ['9', 540],
  ['09:30', 570],
  ['0930', 570],
  ['9.30', 570],
  ['9h30', 570],
  ['9am', 540],
  ['12 am', 0],
  ['12pm', 720],
  ['5 pm', 1020],
  ['24:00', 1440],
  ['0', 0],
])('reads %s as %i minutes', (text, minutes) => expect(readClock(text)).toBe(minutes))

test.each(['', 'noon', '25', '24:01', '9:60', '13pm', '0am', '9:5', '-1', '9 to'])('refuses %j as a time', (text) =>
  expect(readClock(text)).toBeNull(),
)

test('reads a lunch break in any dash and keeps the order of the day', () => {
  expect(readDay('13:00 to 17:00, 9-12', 2)).toEqual([
    { weekday: 2, fromMinute: 540, toMinute: 720 },
    { weekday: 2, fromMinute: 780, toMinute: 1020 },
  ])
})

test.each(['', ' ', 'closed', '–'])('%j is a closed day', (text) => expect(readDay(text, 1)).toEqual([]))

test('an all-day line is midnight to midnight', () => {
  expect(readDay('24h', 7)).toEqual([{ weekday: 7, fromMinute: 0, toMinute: 1440 }])
})

test.each([
  ['9', '“9” is not a span. Write it as 09:00–17:00.'],
  ['9-', '“9-” is not a span. Write it as 09:00–17:00.'],
  ['9-17-18', '“9-17-18” is not a span. Write it as 09:00–17:00.'],
  ['nine-17', '“nine” is not a time. Write it as 09:00.'],
  ['9-99', '“99” is not a time. Write it as 17:00.'],
  ['9-12, 11-13', 'Two spans overlap at 11:00.'],
])('says what is wrong with %j', (text, sentence) => expect(readDay(text, 1)).toBe(sentence))

test('a span past midnight is refused with the way to write it', () => {
  expect(readDay('22:00-02:00', 5)).toBe(
    '22:00 to 02:00 ends before it begins. Past midnight, write until 24:00 and the rest on the next day.',
  )
})

test('a week survives being shown and read back', () => {
  const spans = [...assumedSpans, { weekday: 6, fromMinute: 600, toMinute: 1440 }]
  expect(readWeek(weekText(spans))).toEqual({ spans, problems: [] })
})

test('one bad day is named and the others stay', () => {
  const reading = readWeek(['9-17', 'whenever', '', '', '', '', ''])
  expect(reading.spans).toEqual([{ weekday: 1, fromMinute: 540, toMinute: 1020 }])
  expect(reading.problems).toEqual([{ day: 1, sentence: '“whenever” is not a span. Write it as 09:00–17:00.' }])
})

test('the first written weekday fills Monday to Friday and leaves the weekend', () => {
  expect(sameOnWeekdays(['', '8-16', '', '', '', '10-14', ''])).toEqual([
    '8-16',
    '8-16',
    '8-16',
    '8-16',
    '8-16',
    '10-14',
    '',
  ])
})

test('equal days fold into one phrase', () => {
  expect(hoursSentence(assumedSpans)).toBe('Monday to Friday 09:00–17:00')
  expect(hoursSentence([])).toBe('never open')
  expect(
    hoursSentence([
      { weekday: 1, fromMinute: 540, toMinute: 1020 },
      { weekday: 3, fromMinute: 540, toMinute: 1020 },
    ]),
  ).toBe('Monday 09:00–17:00, Wednesday 09:00–17:00')
})

test('shows minutes as a clock and a day as a line', () => {
  expect(clockText(1440)).toBe('24:00')
  expect(dayText([{ weekday: 1, fromMinute: 5, toMinute: 65 }], 1)).toBe('00:05–01:05')
})

test('the bar shows what can be read and nothing else', () => {
  expect(openParts('6:00-12:00')).toEqual([{ from: 0.25, to: 0.5 }])
  expect(openParts('rubbish')).toEqual([])
})
