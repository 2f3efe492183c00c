import { DateTime } from 'luxon'
import type { AgentId, Client } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Landed } from '../facts/facts.ts'
import type { Assessment } from '../findings/findings.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { ObservedActivity, ObservedAgent } from '../runtimes/observed.ts'
import type { Store } from '../store/store.ts'
import { judgeActivity } from './judge-silence.ts'
import { type ActivityDay, createRows } from './rows.ts'

export type { ActivityDay } from './rows.ts'

/** When people and agents last exchanged something real, counted without content. */
export interface Activity {
  /** Keeps the activity of an answer and judges it. Called inside the transaction of the answer. */
  judge(landed: Landed): Assessment[]
  /** Real exchanges a UTC day, newest first. */
  days(agentId: AgentId, limit: number): ActivityDay[]
  /** When its activity was last read; null: never. */
  readAtMs(agentId: AgentId): number | null
}

/** Before its go-live day a client is expected to be quiet. No day given: it counts as live, so that nothing goes unnoticed. */
export function isBuilding(client: Client, atMs: number): boolean {
  if (!client.goLiveOn) return false
  const goLive = DateTime.fromISO(client.goLiveOn, { zone: client.timeZone || 'local' })
  return goLive.isValid && goLive.toMillis() > atMs
}

/** Null where one of the three could not be read: then nobody knows whether it could have answered. */
function isUp({ service, ready, channels }: ObservedAgent): boolean | null {
  if (service.read && !service.value.running) return false
  if (!service.read || !ready.read) return null
  if (!ready.value.ready || ready.value.suppressed.length > 0) return false
  return !(channels.read && channels.value.some(({ connected }) => connected === false))
}

const dayMs = 86_400_000

/** Texts and days of a box's answer, safe to keep. */
const clean = (activity: ObservedActivity, nowMs: number): ObservedActivity => ({
  ...activity,
  source: untrusted(activity.source, 200),
  lastFailure: untrusted(activity.lastFailure, 200),
  // What a clock that runs ahead dates after tomorrow would stand before every real day for ever.
  days: activity.days.filter(
    ({ day }) => /^\d{4}-\d\d-\d\d$/.test(day) && day <= new Date(nowMs + dayMs).toISOString().slice(0, 10),
  ),
})

export function createActivity({
  store,
  inventory,
}: {
  store: Store
  inventory: Pick<InventoryReads, 'businessDays' | 'isPaused'>
}): Activity {
  const rows = createRows(store.db)
  return {
    judge({ box, client, agents, nowMs }) {
      const businessDay = client ? (inventory.businessDays(client, nowMs, 1)[0] ?? null) : null
      return agents.flatMap(({ agentId, agent }) => {
        if (!agent.activity.read) return []
        const activity = clean(agent.activity.value, nowMs)
        rows.put(box.boxId, agentId, activity, nowMs)
        return judgeActivity(agentId, activity, {
          nowMs,
          client,
          businessDay,
          knownSinceMs: rows.knownSinceMs(agentId) ?? nowMs,
          up: isUp(agent),
          building: client !== null && isBuilding(client, nowMs),
          paused: client !== null && inventory.isPaused(client.clientId, nowMs),
        })
      })
    },
    days: (agentId, limit) => rows.days(agentId, limit),
    readAtMs: (agentId) => rows.readAtMs(agentId),
  }
}
