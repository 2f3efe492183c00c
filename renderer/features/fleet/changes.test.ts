import { expect, it } from 'vitest'
import type { FleetRow } from '../../../shared/contract/index.ts'
import { compareRows, looked, noMarks } from './changes.ts'

const row = (more: Partial<FleetRow> = {}): FleetRow =>
  ({
    boxId: 'a',
    state: 'OK',
    behindText: '0',
    daysBehind: 0,
    version: '1',
    versionSeen: true,
    answers: 'Dana only',
    seenAtMs: 1,
    ...more,
  }) as FleetRow

it('marks nothing on first sight, and never ages', () => {
  const first = compareRows(noMarks, [row()])
  expect(compareRows(first, [row({ seenAtMs: 2 })]).changed).toEqual({})
})

it('marks nothing when a machine is read for the first time', () => {
  const before = compareRows(noMarks, [row({ seenAtMs: null, state: 'Not seen', version: '', versionSeen: false })])
  expect(compareRows(before, [row()]).changed).toEqual({})
})

it('marks what changed until the row is looked at', () => {
  const changed = compareRows(compareRows(noMarks, [row()]), [row({ version: '2', state: 'Changed' })])
  const still = compareRows(changed, [row({ version: '2', state: 'OK' })])
  expect(still.changed).toEqual({ a: ['state', 'version'] })
  expect(looked(still, 'a').changed).toEqual({})
  expect(compareRows(looked(still, 'a'), [row({ version: '2' })]).changed).toEqual({})
})

it('forgets machines that are gone', () => {
  expect(compareRows(compareRows(noMarks, [row()]), []).values).toEqual({})
})
