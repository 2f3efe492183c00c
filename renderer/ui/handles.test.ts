import { expect, test } from 'vitest'
import {
  editHandle,
  emptyHandle,
  guessKind,
  handleRows,
  repeatedHandles,
  settleHandle,
  toHandles,
  uncheckedHandles,
} from './handles.ts'

const proved = { kind: 'phone', value: '+15550100100', label: 'Dana', trust: 'proved' } as const

test('another value is no longer proved or checked', () => {
  const [row] = editHandle(handleRows([proved]), 'saved-0', { value: '+15550100101' })
  expect(row).toMatchObject({ value: '+15550100101', trust: 'typed', state: 'unchecked' })
})

test('another label keeps what was proved', () => {
  const [row] = editHandle(handleRows([proved]), 'saved-0', { label: 'Dana, work' })
  expect(row).toMatchObject({ trust: 'proved', state: 'checked', label: 'Dana, work' })
})

test('the normalised value replaces the typed one', () => {
  const rows = editHandle([emptyHandle('a')], 'a', { value: '(555) 010-0100' })
  const asked = { key: 'a', kind: 'phone', value: '(555) 010-0100' } as const
  expect(settleHandle(rows, asked, { handle: { ...proved, trust: 'typed' } })[0]).toMatchObject({
    value: '+15550100100',
    state: 'checked',
    problem: '',
  })
})

test('an answer for a value that was changed meanwhile is dropped', () => {
  const rows = editHandle([emptyHandle('a')], 'a', { value: '+1555' })
  const late = { key: 'a', kind: 'phone', value: '+155' } as const
  expect(settleHandle(rows, late, { problem: 'too short' })).toEqual(rows)
})

test('a refused value keeps what was typed and carries the sentence', () => {
  const rows = editHandle([emptyHandle('a')], 'a', { value: '12' })
  const settled = settleHandle(rows, { key: 'a', kind: 'phone', value: '12' }, { problem: 'Too short.' })
  expect(settled[0]).toMatchObject({ value: '12', state: 'unchecked', problem: 'Too short.' })
  expect(uncheckedHandles(settled)).toHaveLength(1)
})

test('an empty row is neither checked nor saved', () => {
  expect(uncheckedHandles([emptyHandle('a')])).toEqual([])
  expect(toHandles([emptyHandle('a')])).toEqual([])
})

test('a handle written twice is saved once and the second is named', () => {
  const rows = [...handleRows([proved]), { ...emptyHandle('b'), value: ' +15550100100 ' }]
  expect([...repeatedHandles(rows)]).toEqual(['b'])
  expect(toHandles(rows)).toEqual([proved])
})

test.each([
  ['dana@example.com', 'phone', 'email'],
  ['+1 555 010 0100', 'email', 'phone'],
  ['123456789', 'telegram', 'telegram'],
  ['@dana', 'telegram', 'telegram'],
] as const)('%s typed as %s is taken as %s', (value, chosen, kind) => expect(guessKind(value, chosen)).toBe(kind))
