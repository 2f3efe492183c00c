import { expect, test } from 'vitest'
import type { BoxId, LogQuery } from '../../shared/contract/index.ts'
import { regexProblem } from './check-regex.ts'
import { findInText, matcherOf, staysInLine } from './match.ts'

const lines = [
  'gateway started on port 18789',
  'Telegram send ok chat=42',
  'ConnTimeout while polling',
  'timeouts: 3\t{"error":"ETIMEDOUT","host":"api.telegram.org"}',
  'run aborted by operator',
  '',
  'rerun aborted_by operator',
]
const boxIds = ['b1' as BoxId]
const found = (query: Omit<LogQuery, 'boxIds'>): number[] =>
  [
    ...findInText(matcherOf({ boxIds, ...query }), [
      lines.slice(0, 2).join('\n'),
      lines[2] as string,
      lines.slice(3).join('\n'),
    ]),
  ].map(({ index }) => index)

test.each<[string, Omit<LogQuery, 'boxIds'>, number[]]>([
  ['nothing asked', {}, [0, 1, 2, 3, 4, 5, 6]],
  ['a part, either case', { include: ['TIMEOUT'] }, [2, 3]],
  ['two parts in one line', { include: ['timeouts', 'api.telegram'] }, [3]],
  ['not', { include: ['telegram'], exclude: ['etimedout'] }, [1]],
  ['not alone', { exclude: ['e'] }, [5]],
  ['whole words', { include: ['"run aborted"'] }, [4]],
  ['a whole word', { include: ['"timeouts"'] }, [3]],
  ['no whole word', { include: ['"timeout"'] }, []],
  ['regex as written', { regex: 'telegram' }, [3]],
  ['regex in either case', { regex: '(?i:telegram)' }, [1, 3]],
  ['regex at the ends of a line', { regex: '^run|ok chat=\\d+$' }, [1, 4]],
  ['regex for an empty line', { regex: '^$' }, [5]],
  ['regex that could reach over a line break', { regex: 'started[^x]*Telegram' }, []],
  ['regex that looks ahead', { regex: 'port (?!\\s)' }, [0]],
  ['regex that must not see the next line', { regex: '18789(?!\\s)' }, [0]],
  ['regex over text and fields', { regex: 'timeouts.*ETIMEDOUT' }, [3]],
  ['regex and part', { regex: 'o.*o', include: ['aborted'] }, [4, 6]],
])('finds: %s', (_, query, expected) => expect(found(query)).toEqual(expected))

test('a block at once and line by line find the same', () => {
  const expressions = ['a.*o', '\\d+', 'o\\b', '(?:run|send) \\w+', '.', '^.*r$', 'e|^$', '\\S+ok']
  for (const regex of expressions) {
    expect([regex, staysInLine(regex)]).toEqual([regex, true])
    const each = lines.flatMap((line, index) => (new RegExp(regex).test(line) ? [index] : []))
    expect([regex, found({ regex })]).toEqual([regex, each])
  }
})

test.each<[string, boolean]>([
  ['took \\d+ms', true],
  ['a[^b]c', false],
  ['a\\sb', false],
  ['(?=a)', false],
  ['\\x0a', false],
])('%s stays in a line: %s', (source, stays) => expect(staysInLine(source)).toBe(stays))

test.each<[string, number, string]>([
  ['a(b**c', 4, 'nothing to repeat'],
  ['(a)(b', 3, 'unterminated group'],
  ['a)b', 1, "unmatched ')'"],
  ['x[a-', 1, 'unterminated character class'],
  ['ab\\', 2, '\\ at end of pattern'],
])('%s breaks at %i', (source, at, detail) => expect(regexProblem(source)).toEqual({ at, detail }))

test('an expression that holds has no problem', () => expect(regexProblem('(a|b)+[c-d]{2}')).toBeNull())

const wordsOf = (query: Omit<LogQuery, 'boxIds'>) => matcherOf({ boxIds, ...query }).words

test.each<[string, Omit<LogQuery, 'boxIds'>, string | null]>([
  ['a part of a word', { include: ['timeout'] }, null],
  ['whole words', { include: ['"api.telegram.org"'] }, '"api" AND "telegram" AND "org"'],
  ['parts with whole words between', { include: ['send ok chat'] }, '"ok" AND "chat"*'],
  ['a short beginning', { include: ['chatId=4'] }, null],
  ['the end between words', { include: ['run aborted '] }, '"aborted"'],
  ['what is not ASCII', { include: ['"Z\u00fcrich"', 'in Z\u00fcrich '] }, null],
  ['a regex with a word in it', { regex: 'to chat \\d+ after' }, '"chat" AND "after"*'],
  ['a regex with alternatives', { regex: 'to chat |a b c' }, null],
  ['a regex with a group', { regex: ' ok (?:a|b c d) chat ' }, '"ok" AND "chat"'],
  ['a regex whose character may be missing', { regex: ' chats? ' }, '"chat"*'],
  ['a regex with a class', { regex: ' a[ |(] chat ' }, '"chat"'],
  ['a regex with an escaped dot', { regex: 'api\\.telegram\\.org' }, '"telegram"'],
  ['a regex with a number for a character', { regex: ' \\x41b chat ' }, null],
])('the index is asked for: %s', (_, query, expected) => expect(wordsOf(query)).toBe(expected))

test('a run is one word in the index', () => expect(wordsOf({ runId: 'r-1' })).toMatch(/^"run[0-9a-f]{16}"$/))
