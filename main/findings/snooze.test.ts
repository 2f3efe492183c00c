import { afterEach, describe, expect, it, test } from 'vitest'
import type { BoxId, FindingId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { createInventory } from '../inventory/inventory.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createFindings, type Trouble } from './findings.ts'
import { snoozeNow } from './snooze.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})
const hour = 3_600_000

describe('snoozeNow', () => {
  const snooze = { severity: 'attention', fromMs: 0, untilMs: 100, reason: 'Known' } as const
  it.each([
    [null, 'attention', 50, null, null],
    [snooze, 'attention', 50, { untilMs: 100, reason: 'Known' }, null],
    [snooze, 'attention', 100, null, 100],
    [snooze, 'red', 50, null, 50],
    [{ ...snooze, severity: 'red' as const }, 'red', 50, { untilMs: 100, reason: 'Known' }, null],
    [{ ...snooze, severity: 'red' as const }, 'attention', 50, { untilMs: 100, reason: 'Known' }, null],
  ] as const)('%# quiet until its end, unless it turned red', (given, severity, nowMs, snoozed, snoozeEndedAtMs) => {
    expect(snoozeNow(given, severity, nowMs)).toEqual({ snoozed, snoozeEndedAtMs })
  })
})

const trouble = (change: Partial<Trouble> = {}): Trouble => ({
  severity: 'attention',
  state: 'Behind',
  sentence: 'is 4 releases behind',
  detail: '',
  sinceMs: null,
  evidence: [],
  nextStep: '',
  ...change,
})

function lab() {
  const clock = fakeClock()
  const temp = tempStore(clock)
  cleanups.push(() => temp[Symbol.dispose]())
  const changes = createChanges()
  const inventory = createInventory({ ...temp, clock, changes, homeDir: temp.dataDir })
  const findings = createFindings({ ...temp, inventory, clock, changes, workflowsOf: () => [] })
  const { boxId } = inventory.addBox({ name: 'peak-mini', host: 'peak' }).box
  const say = (boxOf: BoxId, change: Partial<Trouble> = {}) =>
    temp.store.write(() =>
      findings.settle(boxOf, [{ cause: 'behind', agentId: null, trouble: trouble(change) }], clock.nowMs()),
    )
  return { ...temp, clock, inventory, findings, boxId, say }
}

test('a snoozed finding stays open, comes back by itself, and says since when', () => {
  const { clock, findings, boxId, say, ledger } = lab()
  say(boxId)
  const [{ findingId } = { findingId: '' as FindingId }] = findings.open()
  const untilMs = clock.nowMs() + 20 * hour
  expect(findings.snooze({ findingIds: [findingId], untilMs, reason: 'Known' }).sentence).toBe(
    'peak-mini: snoozed until tomorrow 08:00.',
  )
  expect(findings.open()).toMatchObject([{ open: true, snoozed: { untilMs, reason: 'Known' }, snoozeEndedAtMs: null }])
  expect(ledger.entries({ limit: 1 })).toMatchObject([
    { boxId, sentence: 'peak-mini is 4 releases behind: snoozed until 21 Nov 2026 08:00.' },
  ])
  say(boxId)
  expect(findings.open()[0]?.snoozed).not.toBeNull()
  clock.advance(20 * hour)
  expect(findings.open()).toMatchObject([{ snoozed: null, snoozeEndedAtMs: untilMs }])
})

test('one that turns red is back at once', () => {
  const { clock, findings, boxId, say } = lab()
  say(boxId)
  const findingIds = findings.open().map(({ findingId }) => findingId)
  findings.snooze({ findingIds, untilMs: clock.nowMs() + hour, reason: 'Known' })
  say(boxId, { severity: 'red' })
  expect(findings.open()[0]?.snoozed).toBeNull()
})

test('waking ends it, and undo of either puts it back as it was', () => {
  const { clock, findings, inventory, boxId, say } = lab()
  say(boxId)
  const findingIds = findings.open().map(({ findingId }) => findingId)
  const snoozed = findings.snooze({ findingIds, untilMs: clock.nowMs() + hour, reason: 'Known' })
  const woken = findings.wake({ findingIds })
  expect(findings.open()[0]).toMatchObject({ snoozed: null, snoozeEndedAtMs: null })
  inventory.undo({ undoId: woken.undoId })
  expect(findings.open()[0]?.snoozed).toMatchObject({ reason: 'Known' })
  inventory.undo({ undoId: snoozed.undoId })
  expect(findings.open()[0]?.snoozed).toBeNull()
})

test('an end in the past, and a finding that is not open, are refused', () => {
  const { clock, findings, boxId, say } = lab()
  say(boxId)
  const findingIds = findings.open().map(({ findingId }) => findingId)
  expect(() => findings.snooze({ findingIds, untilMs: clock.nowMs(), reason: 'x' })).toThrow()
  expect(() =>
    findings.snooze({ findingIds: ['gone' as FindingId], untilMs: clock.nowMs() + hour, reason: 'x' }),
  ).toThrow()
  expect(() => findings.wake({ findingIds })).toThrow()
})
