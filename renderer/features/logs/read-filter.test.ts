import { expect, it } from 'vitest'
import { isSearch, queryOf, readFilter, readMoment, without, withTerm } from './read-filter.ts'

const now = new Date(2026, 10, 26, 16, 42, 3).getTime()
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime()
const asked = (typed: string) => queryOf(readFilter(typed, now))

it.each([
  ['', {}],
  ['time out', { include: ['time', 'out'] }],
  ['"run aborted" -retry -"try again"', { include: ['"run aborted"'], exclude: ['retry', '"try again"'] }],
  ['"not closed', { include: ['"not closed"'] }],
  ['/aisle [0-9]+ nine/ level:WARN', { regex: 'aisle [0-9]+ nine', level: 'warn' }],
  ['level:info level:error', { level: 'error' }],
  [
    'run:r-1 session:"a b" channel:telegram subsystem:gateway',
    { runId: 'r-1', sessionId: 'a b', channel: 'telegram', subsystem: 'gateway' },
  ],
  ['since:2h until:16:00', { sinceMs: now - 7_200_000, untilMs: at(2026, 10, 26, 16) }],
  ['http://x:80/y 12:30 a:b /tmp/openclaw', { include: ['http://x:80/y', '12:30', 'a:b'] }],
])('%s', (typed, query) => expect(asked(typed)).toEqual(query))

it.each([
  ['/half', /no closing slash/],
  ['/(/', /no regular expression: /],
  ['/a/ /b/', /One expression/],
  ['level:loud', /^A level is one of fatal, error/],
  ['since:soon', /^since: takes/],
  ['run:', /takes a name/],
])('says what is wrong and filters nothing by it: %s', (typed, problem) => {
  expect(readFilter(typed, now).problems.join(' ')).toMatch(problem)
})

it.each([
  ['30m', now - 1_800_000],
  ['3d', now - 3 * 86_400_000],
  ['16:42', at(2026, 10, 26, 16, 42)],
  ['16:43', at(2026, 10, 25, 16, 43)],
  ['2026-11-24', at(2026, 10, 24)],
  ['2026-11-24T09:30', at(2026, 10, 24, 9, 30)],
  ['24:00', null],
  ['2026-13-01', null],
])('a moment: %s', (text, expected) => expect(readMoment(text, now)).toBe(expected))

it('looks at lines one by one only where words, an expression or a name ask for it', () => {
  expect(isSearch(asked('level:warn since:2h'))).toBe(false)
  for (const typed of ['a', '-a', '/a/', 'run:a', 'channel:a']) expect(isSearch(asked(typed)), typed).toBe(true)
})

it('takes one term out of what was typed and leaves the rest as it is', () => {
  const typed = 'one "two three" -four'
  const [, second] = readFilter(typed, now).terms
  expect(second && without(typed, second)).toBe('one -four')
})

it('puts one term in place of others of its kind', () => {
  expect(withTerm('a level:warn b', 'level', 'error')).toBe('a  b level:error')
  expect(withTerm('level:warn', 'level', '')).toBe('')
  expect(withTerm('', 'run', 'a b')).toBe('run:"a b"')
})
