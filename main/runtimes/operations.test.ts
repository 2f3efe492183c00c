import { describe, expect, it } from 'vitest'
import {
  applyOperations,
  dottedPath,
  ImpossibleOperation,
  isEqual,
  Operation,
  pathOfDotted,
  smallestOperations,
} from './operations.ts'

const found = { gateway: { port: 18789, auth: { mode: 'token' } }, tools: { deny: ['exec'] }, note: null, plain: 'x' }

describe('applying operations', () => {
  const cases: readonly [string, Operation[], unknown][] = [
    ['nothing', [], found],
    ['a value', [{ path: ['gateway', 'port'], set: 1 }], { ...found, gateway: { ...found.gateway, port: 1 } }],
    ['a list as a whole', [{ path: ['tools', 'deny'], set: [] }], { ...found, tools: { deny: [] } }],
    ['null where null is a value', [{ path: ['plain'], set: null }], { ...found, plain: null }],
    ['objects on the way', [{ path: ['a', 'b.c', 'd'], set: true }], { ...found, a: { 'b.c': { d: true } } }],
    [
      'one after the other',
      [
        { path: ['a', 'b'], set: 1 },
        { path: ['a'], remove: true },
        { path: ['a', 'c'], set: 2 },
      ],
      { ...found, a: { c: 2 } },
    ],
    ['away with a value', [{ path: ['gateway', 'auth'], remove: true }], { ...found, gateway: { port: 18789 } }],
    ['away with what is not there', [{ path: ['no', 'such', 'thing'], remove: true }], found],
    ['away with a null', [{ path: ['note'], remove: true }], (({ note: _note, ...rest }) => rest)(found)],
  ]
  it.each(cases)('%s', (_name, operations, expected) => {
    const before = structuredClone(found)
    expect(applyOperations(found, operations)).toEqual(expected)
    expect(found).toEqual(before)
  })

  it('shares what it did not touch', () => {
    const after = applyOperations(found, [{ path: ['gateway', 'port'], set: 1 }])
    expect(after.tools).toBe(found.tools)
    expect(applyOperations(found, [{ path: ['no', 'such'], remove: true }])).toBe(found)
  })

  it.each([
    ['a text', ['plain', 'inside'], 'plain is a string, so nothing can stand inside it.'],
    ['null', ['note', 'inside'], 'note is null, so nothing can stand inside it.'],
    ['a list', ['tools', 'deny', '0'], 'tools.deny is a list, so nothing can stand inside it.'],
    ['a number', ['gateway', 'port', 'a', 'b'], 'gateway.port is a number, so nothing can stand inside it.'],
  ])('refuses a path through %s', (_name, path, sentence) => {
    expect(() => applyOperations(found, [{ path, set: 1 }])).toThrow(new ImpossibleOperation(path, sentence))
    expect(() => applyOperations(found, [{ path, remove: true }])).toThrow(sentence)
  })

  it.each(['__proto__', 'constructor', 'prototype'])('refuses %s anywhere in a path', (name) => {
    for (const path of [[name], [name, 'polluted'], ['gateway', name, 'polluted']])
      expect(() => applyOperations(found, [{ path, set: true }])).toThrow('cannot be the name of a setting')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('leaves a __proto__ that a file holds where it is, without following it', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true}}}')
    const after = applyOperations(hostile, [{ path: ['a', 'b'], set: 1 }])
    expect(Object.hasOwn(after, 'admin')).toBe(false)
    expect((after as { admin?: unknown }).admin).toBeUndefined()
    expect(JSON.stringify(after)).toBe('{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true},"b":1}}')
    expect(() => applyOperations(hostile, [{ path: ['a', 'toString', 'x'], set: 1 }])).not.toThrow()
  })
})

describe('the smallest operations', () => {
  it('are none when everything holds, whatever the order of names', () => {
    const wanted: Operation[] = [
      { path: ['gateway'], set: { auth: { mode: 'token' }, port: 18789 } },
      { path: ['tools', 'deny'], set: ['exec'] },
      { path: ['gone'], remove: true },
      { path: ['note'], set: null },
    ]
    expect(smallestOperations(found, wanted)).toEqual([])
  })

  it('keep what differs, and what only an earlier one made different', () => {
    const wanted: Operation[] = [
      { path: ['gateway', 'port'], set: 18789 },
      { path: ['tools', 'deny'], set: ['exec', 'read'] },
      { path: ['plain'], remove: true },
      { path: ['plain'], set: 'x' },
      { path: ['note'], remove: true },
    ]
    expect(smallestOperations(found, wanted)).toEqual(wanted.slice(1))
  })

  it('lead to the same settings as all of them', () => {
    const wanted: Operation[] = [
      { path: ['gateway', 'auth', 'mode'], set: 'token' },
      { path: ['a', 'b'], set: [1, { c: null }] },
      { path: ['a', 'b'], set: [1, { c: null }] },
    ]
    expect(applyOperations(found, smallestOperations(found, wanted))).toEqual(applyOperations(found, wanted))
  })
})

describe('what an operation may be', () => {
  it.each([
    ['a value and its removal', { path: ['a'], set: 1, remove: true }],
    ['neither', { path: ['a'] }],
    ['an undefined value', { path: ['a'], set: undefined }],
    ['an empty path', { path: [], set: 1 }],
    ['an empty name', { path: ['a', ''], set: 1 }],
    ['a place in a list', { path: ['a', 0], set: 1 }],
    ['a function', { path: ['a'], set: () => 1 }],
  ])('is not %s', (_name, operation) => {
    expect(Operation.safeParse(operation).success).toBe(false)
  })
})

it.each([
  [1, 1, true],
  [1, '1', false],
  [null, undefined, false],
  [[1, 2], [2, 1], false],
  [{ a: 1, b: [{}] }, { b: [{}], a: 1 }, true],
  [{ a: undefined }, {}, false],
  [{}, [], false],
])('%j and %j are equal: %j', (left, right, equal) => {
  expect(isEqual(left, right)).toBe(equal)
  expect(isEqual(right, left)).toBe(equal)
})

it.each([
  [['a', 'b'], 'a.b'],
  [['channels', 'a.b@c.d', 'x'], 'channels.a\\.b@c\\.d.x'],
  [['back\\slash', 'z'], 'back\\\\slash.z'],
])('%j is written %s', (path, text) => {
  expect(dottedPath(path)).toBe(text)
  expect(pathOfDotted(text)).toEqual(path)
})

it.each(['', '.a', 'a..b', 'a.', 'a\\', 'a\\b'])('%j is no path', (text) => {
  expect(pathOfDotted(text)).toBe(null)
})
