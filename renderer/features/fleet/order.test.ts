import { describe, expect, it } from 'vitest'
import type { FleetRow } from '../../../shared/contract/index.ts'
import { grouped, nextSort, sorted } from './order.ts'

const row = (boxId: string, more: Partial<FleetRow> = {}): FleetRow =>
  ({
    boxId,
    boxName: boxId,
    clientName: boxId,
    clientId: boxId,
    rank: 9,
    stateSinceMs: null,
    behind: 0,
    version: '1',
    versionSeen: true,
    ring: 'rest',
    ...more,
  }) as FleetRow

const ids = (rows: readonly FleetRow[]) => rows.map((each) => each.boxId).join('')

describe('sorting', () => {
  const rows = [
    row('a'),
    row('b', { rank: 1, stateSinceMs: 200, behind: 10 }),
    row('c', { rank: 1, stateSinceMs: 100, behind: null }),
    row('d', { rank: 0, behind: 9 }),
  ]

  it('puts the worst first and, among equals, what has lasted longest', () =>
    expect(ids(sorted(rows, null))).toBe('dcba'))

  it('puts what is not known last, whichever way the column is turned', () => {
    expect(ids(sorted(rows, { column: 'behind', turned: true }))).toBe('bdac')
    expect(ids(sorted(rows, { column: 'behind', turned: false }))).toBe('adbc')
  })

  it('orders names as a person would', () => {
    const named = [row('x', { clientName: 'Box 10' }), row('y', { clientName: 'box 9' })]
    expect(ids(sorted(named, { column: 'client', turned: false }))).toBe('yx')
  })

  it('sorts, turns, and with the third click returns', () => {
    const first = nextSort(null, 'behind')
    const second = nextSort(first, 'behind')
    expect([first, second, nextSort(second, 'behind')]).toEqual([
      { column: 'behind', turned: true },
      { column: 'behind', turned: false },
      null,
    ])
    expect(nextSort(second, 'client')).toEqual({ column: 'client', turned: false })
  })
})

describe('grouping', () => {
  it('names the worst of each group, keeps the order, and names what has no value', () => {
    const rows = [
      row('d', { rank: 0, version: '2' }),
      row('a', { version: '1' }),
      row('b', { rank: 3, version: '1' }),
      row('e', { version: '' }),
    ]
    expect(grouped(rows, 'version').map(({ name, worst, rows: members }) => [name, worst.boxId, ids(members)])).toEqual(
      [
        ['2', 'd', 'd'],
        ['1', 'b', 'ab'],
        ['Version not seen', 'e', 'e'],
      ],
    )
  })
})
