import { expect, test } from 'vitest'
import type { LedgerEntry } from '../../shared/contract/index.ts'
import { withDoneFromHere } from './done-from-here.ts'

const minute = 60_000
const entry = (kind: string, atMs: number): LedgerEntry => ({
  seq: 1,
  atMs,
  actor: 'operator',
  kind,
  boxId: null,
  clientId: null,
  sentence: `${kind}.`,
})
const change = { notBeforeMs: 10 * minute, atMs: 20 * minute, evidence: [{ name: 'Logged in then', value: 'dana' }] }
const named = (...entries: LedgerEntry[]) => withDoneFromHere(change, entries).evidence.map(({ value }) => value)

test.each([
  ['a terminal within the span', entry('terminal.opened', 12 * minute), true],
  ['a command just after what it changed', entry('command.ran', 21 * minute), true],
  ['a terminal that had ended before the last look', entry('terminal.ended', 9 * minute), false],
  ['a command long after', entry('command.ran', 30 * minute), false],
  ['what the console found', entry('finding.opened', 12 * minute), false],
])('%s', (_, done, isNamed) => expect(named(done).length === 2).toBe(isNamed))

test('what was known before stays, and three at most are added', () =>
  expect(named(...Array.from({ length: 5 }, () => entry('command.ran', 12 * minute)))).toHaveLength(4))
