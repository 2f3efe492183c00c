import { expect, test } from 'vitest'
import type { BoxId, CommandBox } from '../../shared/contract/index.ts'
import { foldResults } from './fold.ts'

const result = (name: string, text: string, change: Partial<CommandBox> = {}) => ({
  box: {
    boxId: name as BoxId,
    boxName: name,
    clientName: null,
    state: change.exitCode ? ('failed' as const) : ('ok' as const),
    exitCode: 0,
    signal: null,
    fault: null,
    tookMs: 10,
    bytes: text.length,
    cutBytes: 0,
    attempts: 1,
    ...change,
  },
  text,
})
const usual = 'one\ntwo\nthree\nfour\nfive\nsix\n'
const names = (results: ReturnType<typeof result>[]) => foldResults(results).map(({ boxIds }) => boxIds.join(' '))

test('what is the same in text and exit is one group; the same text with another exit is another', () => {
  const all = [result('a', usual), result('b', usual), result('c', usual, { exitCode: 2 }), result('d', usual)]
  const groups = foldResults(all)
  expect(groups).toMatchObject([
    { boxIds: ['a', 'b', 'd'], exitCode: 0, majority: true, lines: 6, diff: null },
    { boxIds: ['c'], state: 'failed', exitCode: 2, majority: false, diff: [] },
  ])
})

test('an odd one carries what it says other than the majority, with two lines around it', () => {
  const [, odd] = foldResults([result('a', usual), result('b', usual), result('c', usual.replace('five', 'FIVE'))])
  expect(odd?.diff).toEqual([
    { kind: 'gap', text: '' },
    { kind: 'same', text: 'three' },
    { kind: 'same', text: 'four' },
    { kind: 'less', text: 'five' },
    { kind: 'more', text: 'FIVE' },
    { kind: 'same', text: 'six' },
  ])
})

test('where nobody agrees there is no majority to be compared with', () => {
  const groups = foldResults([result('a', 'x\n'), result('b', 'y\n'), result('c', 'z\n')])
  expect(groups.map(({ majority, diff }) => [majority, diff])).toEqual([
    [false, null],
    [false, null],
    [false, null],
  ])
})

test('machines that never answered are no majority, whatever their number, and stand together though each is named', () => {
  const away = (name: string) =>
    result(name, '', {
      state: 'not-attempted',
      exitCode: null,
      fault: { code: 'refused', boxName: name, host: 'h', port: 22 },
    })
  const groups = foldResults([away('a'), away('b'), away('c'), result('d', 'x'), result('e', 'x')])
  expect(groups.map(({ boxIds, majority }) => [boxIds.join(' '), majority])).toEqual([
    ['d e', true],
    ['a b c', false],
  ])
  expect(groups[1]?.diff).toBeNull()
})

test('two outputs that were both cut are not the same as one that was not', () =>
  expect(names([result('a', 'x'), result('b', 'x', { cutBytes: 5 }), result('c', 'x')])).toEqual(['a c', 'b']))

test('who still runs is left away', () =>
  expect(
    names([result('a', ''), result('b', '', { state: 'running' }), result('c', '', { state: 'waiting' })]),
  ).toEqual(['a']))

test('hidden characters are made visible, line breaks and tabs are not hidden ones', () => {
  const [group] = foldResults([result('a', 'a\tb\r\n\u001b[31mred\u202e\u0007\n')])
  expect(group?.text).toBe('a    b\n⟨001B⟩[31mred⟨202E⟩⟨0007⟩\n')
})

test('outputs that have nothing in common are shown whole, not as a difference', () => {
  const numbers = (from: number) => Array.from({ length: 3000 }, (_, at) => `line ${from + at}`).join('\n')
  const [, odd] = foldResults([result('a', numbers(0)), result('b', numbers(0)), result('c', numbers(100_000))])
  expect(odd?.diff).toBeNull()
  expect(odd?.lines).toBe(3000)
})
