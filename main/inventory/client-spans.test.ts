import { afterEach, expect, test } from 'vitest'
import type { ClientId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createInventory } from './inventory.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

const hour = 3_600_000
const day = 24 * hour

/** Friday 20 November 2026, 12:00 UTC; a client in UTC, open Monday to Friday 9 to 17, with one machine. */
function lab() {
  const clock = fakeClock()
  const temp = tempStore(clock)
  cleanups.push(() => temp[Symbol.dispose]())
  const inventory = createInventory({ ...temp, clock, changes: createChanges(), homeDir: temp.dataDir })
  const { client } = inventory.addClient({ name: 'Peak Realty', timeZone: 'UTC' })
  const { box } = inventory.addBox({ name: 'peak-mini', host: 'peak', clientId: client.clientId })
  return { clock, inventory, client, box, ledger: temp.ledger, ...client }
}

test('a paused client is not expected, and comes back by itself', () => {
  const { clock, inventory, clientId, box, ledger } = lab()
  const nowMs = clock.nowMs()
  const { span } = inventory.pauseClient({ clientId, untilMs: nowMs + 2 * day, reason: ' On holiday ' })
  expect(span).toMatchObject({ kind: 'pause', fromMs: nowMs, reason: 'On holiday' })
  expect(inventory.isPaused(clientId, nowMs)).toBe(true)
  expect(inventory.isExpectedOn(box, nowMs)).toBe(false)
  expect(inventory.clientSpans({})).toEqual([span])
  clock.advance(2 * day)
  expect(inventory.isPaused(clientId, clock.nowMs())).toBe(false)
  expect(inventory.isExpectedOn(box, clock.nowMs())).toBe(true)
  expect(inventory.clientSpans({ clientId })).toEqual([])
  const entry = ledger.entries({ limit: 1 })[0]
  expect(entry).toMatchObject({ kind: 'client.pause-set', clientId })
  expect(entry?.sentence).not.toContain('holiday')
})

test('days that a pause touched are no business days, also after it', () => {
  const { clock, inventory, client, clientId } = lab()
  const nowMs = clock.nowMs()
  const dates = () => inventory.businessDays(client, clock.nowMs(), 3).map(({ date }) => date)
  expect(dates()).toEqual(['2026-11-19', '2026-11-18', '2026-11-17'])
  inventory.pauseClient({ clientId, fromMs: nowMs - 2 * day, untilMs: nowMs + hour, reason: 'Closed' })
  clock.advance(4 * day)
  expect(dates()).toEqual(['2026-11-23', '2026-11-17', '2026-11-16'])
  expect(inventory.isOpen(client, nowMs)).toBe(false)
})

test('a pause that begins later holds only then; a new one takes its place, and undo brings the old one back', () => {
  const { clock, inventory, clientId } = lab()
  const nowMs = clock.nowMs()
  inventory.pauseClient({ clientId, fromMs: nowMs + day, untilMs: nowMs + 2 * day, reason: 'Fair' })
  expect(inventory.isPaused(clientId, nowMs)).toBe(false)
  expect(inventory.isPaused(clientId, nowMs + day)).toBe(true)
  const { undoId } = inventory.pauseClient({ clientId, untilMs: nowMs + 5 * day, reason: 'Ill' })
  expect(inventory.clientSpans({ clientId }).map(({ reason }) => reason)).toEqual(['Ill'])
  inventory.undo({ undoId })
  expect(inventory.clientSpans({ clientId }).map(({ reason }) => reason)).toEqual(['Fair'])
})

test('a hold is told apart from a pause, and can be ended and put back', () => {
  const { clock, inventory, clientId, ledger } = lab()
  const nowMs = clock.nowMs()
  const { span } = inventory.holdClient({ clientId, untilMs: nowMs + day, reason: 'Audit' })
  expect(inventory.holdOf(clientId, nowMs)).toEqual(span)
  expect(inventory.isPaused(clientId, nowMs)).toBe(false)
  const { undoId } = inventory.endClientSpan({ spanId: span.spanId })
  expect(inventory.holdOf(clientId, nowMs)).toBeNull()
  expect(() => inventory.endClientSpan({ spanId: span.spanId })).toThrow()
  inventory.undo({ undoId })
  expect(inventory.holdOf(clientId, nowMs)).toEqual(span)
  expect(ledger.entries({ limit: 3 }).map(({ kind }) => kind)).toEqual([
    'client.hold-end-undone',
    'client.hold-ended',
    'client.hold-set',
  ])
})

test('an end before the begin, or a client that is not there, is refused', () => {
  const { clock, inventory, clientId } = lab()
  const nowMs = clock.nowMs()
  expect(() => inventory.pauseClient({ clientId, untilMs: nowMs, reason: 'x' })).toThrow()
  expect(() =>
    inventory.pauseClient({ clientId, fromMs: nowMs + 2 * day, untilMs: nowMs + day, reason: 'x' }),
  ).toThrow()
  expect(() => inventory.holdClient({ clientId: 'gone' as ClientId, untilMs: nowMs + day, reason: 'x' })).toThrow()
})
