import { describe, expect, it } from 'vitest'
import type { BoxId, LedgerEntry } from '../../shared/contract/index.ts'
import type { Turn } from '../facts/facts.ts'
import { changeOfEntry, changeOfTurn, type Dated, justBefore } from './changed-before.ts'

const hour = 3_600_000
const now = 100 * hour
const turn = (more: Partial<Turn>): Turn => ({
  boxId: 'b' as BoxId,
  key: 'system.node',
  before: '24.16.0',
  lastMs: now - 2 * hour,
  after: '24.21.0',
  foundMs: now,
  value: '24.21.0',
  ...more,
})

describe('turns', () => {
  it.each([
    [turn({}), { atMs: now, notBeforeMs: now - 2 * hour, sentence: 'Node 24.16.0 → 24.21.0', who: '' }],
    [
      turn({ key: 'system.boot', value: now - hour }),
      { atMs: now - hour, notBeforeMs: now - hour, sentence: 'The machine restarted', who: '' },
    ],
    // A clock set right moves the moment of the same start.
    [turn({ key: 'system.boot', value: now - 90 * hour }), null],
    [turn({ key: 'system.disk' }), null],
  ])('%#', (given, change) => expect(changeOfTurn(given)).toEqual(change))
})

describe('diary', () => {
  const entry = (more: Partial<LedgerEntry>): LedgerEntry => ({
    seq: 1,
    atMs: now,
    actor: 'operator',
    kind: 'box.edited',
    boxId: 'b' as BoxId,
    clientId: null,
    sentence: 'peak-mini was edited.',
    ...more,
  })
  it.each([
    [entry({}), 'you'],
    [entry({ actor: 'cli' }), 'you, on the command line'],
    [entry({ actor: 'console' }), null],
    [entry({ kind: 'note.saved' }), null],
    [entry({ kind: 'finding.snoozed' }), null],
  ])('%#', (given, who) => expect(changeOfEntry(given)?.who ?? null).toBe(who))
})

describe('just before', () => {
  const at = (hours: number, more: Partial<Dated> = {}): Dated => ({
    atMs: now + hours * hour,
    notBeforeMs: now + hours * hour,
    sentence: `${hours}`,
    who: '',
    ...more,
  })
  it.each([
    ['up to three, newest first', [at(-4), at(-1), at(-2), at(-3)], ['-1', '-2', '-3']],
    ['no older than a day', [at(-25), at(-24)], ['-24']],
    ['none that came after', [at(1)], []],
    ['one found after that may have come before says so', [at(1, { notBeforeMs: now - hour })], ['1, found then']],
  ])('%s', (_, changes, sentences) => {
    expect(justBefore(changes, now).map(({ sentence }) => sentence)).toEqual(sentences)
  })
})
