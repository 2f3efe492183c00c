import { expect, it } from 'vitest'
import type { AccessRow } from '../../../shared/contract/index.ts'
import type { AccessColumn } from '../../state/access.ts'
import { passes, readFilter } from './filter.ts'
import { nextSort, sorted } from './order.ts'

const row = (more: Partial<AccessRow>): AccessRow =>
  ({
    boxName: 'harbor-mini',
    clientName: 'Harbor Wealth',
    niche: 'finance',
    channel: 'imessage',
    account: 'default',
    state: 'OK',
    rank: 3,
    answers: 'Dana only',
    kind: 'clients-own',
    strangers: 0,
    lastDays: 'only those',
    readAtMs: 1,
    ...more,
  }) as AccessRow

const names = (rows: readonly AccessRow[], column: AccessColumn | null, turned = false) =>
  sorted(rows, column && { column, turned }).map(({ clientName }) => clientName)

it('begins with the worst, then with who answered the most strangers, then by name', () => {
  const rows = [
    row({ clientName: 'Bright', rank: 3 }),
    row({ clientName: 'Alder', rank: 3 }),
    row({ clientName: 'Cove', rank: 0, strangers: 1 }),
    row({ clientName: 'Delta', rank: 0, strangers: 20 }),
    row({ clientName: 'Elm', rank: 1, strangers: null }),
  ]
  expect(names(rows, null)).toEqual(['Delta', 'Cove', 'Elm', 'Alder', 'Bright'])
})

it('leaves what is not known at the end, whichever way it is turned', () => {
  const rows = [
    row({ clientName: 'A', strangers: null, kind: null }),
    row({ clientName: 'B', strangers: 2, kind: 'team' }),
    row({ clientName: 'C', strangers: 0, kind: 'public' }),
  ]
  expect(names(rows, 'days', true)).toEqual(['B', 'C', 'A'])
  expect(names(rows, 'days', false)).toEqual(['C', 'B', 'A'])
  expect(names(rows, 'kind')).toEqual(['C', 'B', 'A'])
})

it('sorts a machine without a client by its own name', () => {
  const rows = [row({ clientName: '', boxName: 'lab-mini' }), row({ clientName: 'Mole' }), row({ clientName: 'Kite' })]
  expect(names(rows, 'client')).toEqual(['Kite', '', 'Mole'])
})

it('sorts, turns, and with the third click goes back to worst first', () => {
  for (const column of ['client', 'days'] as const) {
    const first = nextSort(null, column)
    const second = nextSort(first, column)
    expect(second).toEqual({ column, turned: !first?.turned })
    expect(nextSort(second, column)).toBeNull()
  }
})

it.each([
  ['harbor', {}, true],
  ['client:harbor channel:imessage', {}, true],
  ['channel:telegram', { channel: 'telegram', account: 'second' }, true],
  ['channel:second', { channel: 'telegram', account: 'second' }, true],
  ['is:notseen', { state: 'Not seen' }, true],
  ['kind:own', {}, true],
  ['kind:"not said"', { kind: null }, true],
  ['strangers:>0', { strangers: 1 }, true],
  ['strangers:>0', { strangers: null }, false],
  ['strangers:?', { strangers: null }, true],
  ['answers:everyone', {}, false],
  ['"1 stranger"', { lastDays: '1 stranger answered' }, true],
  ['-is:ok', {}, false],
] as const)('filters by %s', (typed, more, expected) =>
  expect(passes(readFilter(typed), row(more as Partial<AccessRow>))).toBe(expected),
)
