import { expect, test } from 'vitest'
import { diffSettings } from './diff-settings.ts'

const print = '#0123456789ab'
test.each<[string, unknown, unknown, [string, string | null, string | null][]]>([
  ['the same', { a: { b: 1 } }, { a: { b: 1 } }, []],
  ['another order of names', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ['a value', { gateway: { bind: 'loopback' } }, { gateway: { bind: 'lan' } }, [['gateway.bind', 'loopback', 'lan']]],
  ['a switch', { a: false }, { a: true }, [['a', 'false', 'true']]],
  ['text like a number is not the number', { a: '1' }, { a: 1 }, [['a', '1', '1']]],
  [
    'a new branch, leaf by leaf',
    {},
    { a: { b: 1, c: { d: 'x' } } },
    [
      ['a.b', null, '1'],
      ['a.c.d', null, 'x'],
    ],
  ],
  ['an empty branch', {}, { a: {} }, [['a', null, '{}']]],
  ['a branch that is gone', { a: { b: 1 }, c: 1 }, { c: 1 }, [['a.b', '1', null]]],
  ['null is a value', { a: null }, {}, [['a', 'null', null]]],
  ['a short list whole', { a: ['x'] }, { a: ['x', 'y'] }, [['a', '["x"]', '["x","y"]']]],
  ['another order of a list is a change', { a: [1, 2] }, { a: [2, 1] }, [['a', '[1,2]', '[2,1]']]],
  ['objects in a list one by one', { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, [['a[1].b', '2', '3']]],
  [
    'a changed secret, and nothing of it',
    { token: print },
    { token: '#ba9876543210' },
    [['token', 'a secret', 'another secret']],
  ],
  ['a new secret', {}, { token: print }, [['token', null, 'a secret']]],
  ['a secret within a list', { a: ['x'] }, { a: ['x', print] }, [['a', '["x"]', '["x","a secret"]']]],
  ['names that are no words', { 'a b': 1 }, { 'a b': 2 }, [['"a b"', '1', '2']]],
  ['a hostile name is shown, and steers nothing', {}, { '\u202ex': '\u001b[31m' }, [['"⟨202E⟩x"', null, '⟨001B⟩[31m']]],
  ['a name of every object', {}, JSON.parse('{"__proto__":{"a":1}}'), [['__proto__.a', null, '1']]],
])('%s', (_, before, after, lines) => {
  expect(diffSettings(before, after).map((line) => [line.path, line.before, line.after])).toEqual(lines)
})
