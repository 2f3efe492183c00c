import type { ClientId, RunWatch, Traffic, WatchClient } from '../../shared/contract/index.ts'
import type { Activity } from '../activity/activity.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Ledger, NewEntry } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { countTraffic } from './count-traffic.ts'
import { type BeginDay, type WatchRow, watchRows } from './guard-rows.ts'
import { runRows, type StoredLane, type StoredRun } from './run-rows.ts'
import { dayOf } from './streak.ts'

export interface WatchParts {
  readonly store: Store
  readonly ledger: Pick<Ledger, 'append'>
  readonly inventory: Pick<Inventory, 'boxes' | 'clients'>
  readonly activity: Pick<Activity, 'days' | 'readAtMs'>
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
}

/** How long the exchanges are looked at after a change of behaviour. */
export const watchMs = 72 * 3_600_000
/** A computer that slept, or a clock that was set, is noticed within this time. */
const lookMs = 3_600_000
const daysLookedAt = 20

const isChanged = ({ outcome, takenBack }: Pick<StoredLane, 'outcome' | 'takenBack'>): boolean =>
  outcome === 'changed' && !takenBack

const countWords = ({ inbound, replies, aDay }: Traffic): string =>
  inbound === null || replies === null
    ? 'nobody knows how many messages came in'
    : `${counted(inbound, 'message')} in, ${counted(replies, 'reply', 'replies')}${aDay === null ? '' : `, ${aDay} a day`}`

const endWords = ({ after, before, daysBefore }: WatchClient): string =>
  `${countWords(after)}. In the ${daysBefore === 0 ? 'week' : counted(daysBefore, 'day')} before: ${countWords(before)}.`

/** The 72 hours after a change of behaviour: begun with the end of its run, counted from what every sweep reads, ended by the clock. */
export function createWatches(parts: WatchParts) {
  const { store, ledger, inventory, activity, clock, changes, log } = parts
  const rows = watchRows(store.db)
  const runs = runRows(store.db)
  let cancel = () => {}

  /** Clients that were changed, with their agents in that run, by name. */
  function watched(lanes: readonly StoredLane[]) {
    const clientOf = new Map(inventory.boxes().map(({ boxId, clientId }) => [boxId, clientId]))
    const changed = lanes.filter(isChanged)
    return inventory
      .clients()
      .map(({ clientId, name: clientName }) => ({
        clientId,
        clientName,
        agentIds: changed.filter(({ boxId }) => clientOf.get(boxId) === clientId).map(({ agentId }) => agentId),
      }))
      .filter(({ agentIds }) => agentIds.length > 0)
      .toSorted((a, b) => (a.clientName < b.clientName ? -1 : 1))
  }

  const clientsOf = ({ beganAtMs, endsAtMs, beginDay }: WatchRow, { startedAtMs }: StoredRun, lanes: StoredLane[]) =>
    watched(lanes).map(({ clientId, clientName, agentIds }): WatchClient => {
      const agents = agentIds.map((agentId) => ({
        days: activity.days(agentId, daysLookedAt),
        readAtMs: activity.readAtMs(agentId),
        begin: beginDay[agentId] ?? null,
      }))
      return { clientId, clientName, ...countTraffic(agents, { startedAtMs, beganAtMs, endsAtMs }) }
    })

  const tell = (kind: string, clientId: ClientId, words: string): void => {
    const entry: NewEntry = { actor: 'console', kind, clientId, words }
    ledger.append(entry)
  }

  /** Ends those whose time is over, or whose change was taken back everywhere. */
  function tick(): void {
    cancel()
    if (!store.writable) return
    const nowMs = clock.nowMs()
    for (const row of rows.open()) {
      const run = runs.one(row.rolloutId)
      const lanes = runs.lanes(row.rolloutId)
      const isBack = !lanes.some(isChanged)
      if (run === null || (nowMs < row.endsAtMs && !isBack)) continue
      const clients = clientsOf(row, run, lanes)
      store.write(() => {
        rows.put({ ...row, endedAtMs: isBack ? Math.min(nowMs, row.endsAtMs) : row.endsAtMs, clients })
        if (isBack)
          ledger.append({
            actor: 'console',
            kind: 'rollout.watch-ended',
            words: `Patch ${run.patch.name} was taken back, so nobody looks any further at what came after it.`,
          })
        for (const client of clients)
          tell(
            'rollout.watch-ended',
            client.clientId,
            `{client}, in the 72 hours after patch ${run.patch.name}: ${endWords(client)}`,
          )
      })
      changes.publish('rollout', 'ledger')
    }
    const next = rows.open().map(({ endsAtMs }) => endsAtMs - nowMs)
    if (next.length > 0) cancel = clock.after(Math.max(0, Math.min(lookMs, ...next)), safely, true)
  }
  function safely(): void {
    try {
      tick()
    } catch (error) {
      // Such as a full disk: tried again, or nothing would end it before the next start.
      log.error('rollout.watch-failed', error)
      cancel = clock.after(lookMs, safely, true)
    }
  }

  return {
    /** Of a run: as it counts now, or as it stood at its end. Null: there is none. */
    of(run: StoredRun, lanes: StoredLane[]): RunWatch | null {
      if (run.patch.class !== 'behavioural' || run.revertOf !== null) return null
      const row = rows.one(run.rolloutId)
      if (row === null) return null
      const { beganAtMs, endsAtMs, endedAtMs, clients } = row
      return { beganAtMs, endsAtMs, endedAtMs, clients: [...(clients ?? clientsOf(row, run, lanes))] }
    },
    /** Begins it for a run that ends now, in the transaction of that end; once more where a retry changed others since. */
    begin(run: StoredRun, lanes: readonly StoredLane[]): void {
      if (run.patch.class !== 'behavioural' || run.revertOf !== null) return
      const beganAtMs = clock.nowMs()
      const before = rows.one(run.rolloutId)
      const clients = watched(lanes)
      const isNew = lanes.some((lane) => isChanged(lane) && (lane.endedAtMs ?? beganAtMs) > (before?.beganAtMs ?? 0))
      if (clients.length === 0 || !isNew) return
      const day = dayOf(beganAtMs)
      const beginDay: BeginDay = Object.fromEntries(
        clients.flatMap(({ agentIds }) =>
          agentIds.flatMap((agentId) => {
            if (activity.readAtMs(agentId) === null) return []
            const of = activity.days(agentId, daysLookedAt).find((each) => each.day === day)
            return [[agentId, { day, inbound: of?.inbound ?? 0, replies: of?.replies ?? 0 }]]
          }),
        ),
      )
      const endsAtMs = beganAtMs + watchMs
      rows.put({ rolloutId: run.rolloutId, beganAtMs, endsAtMs, endedAtMs: null, beginDay, clients: null })
      for (const { clientId } of clients)
        tell(
          'rollout.watch-began',
          clientId,
          `{client}: until ${dateWords(endsAtMs)} messages and replies are counted beside those before patch ${run.patch.name}.`,
        )
    },
    tick: safely,
    close: (): void => cancel(),
  }
}

export type Watches = ReturnType<typeof createWatches>
export type WatchOf = (run: StoredRun, lanes: StoredLane[]) => RunWatch | null
