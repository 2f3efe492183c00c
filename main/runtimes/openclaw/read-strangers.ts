import { homedir } from 'node:os'
import type { ObservedDoor, ObservedStranger, ProbeRequest } from '../observed.ts'
import { clip, homeOf } from '../reading.ts'
import { fromDatabase } from '../sqlite.ts'
import { answersIn, type Heard, type StrangerHeard, strangersIn } from './answered-people.ts'
import { findDoors } from './doors.ts'
import { plainHandle } from './exchanges.ts'
import { findAgents } from './find-agents.ts'
import { readTurns } from './read-activity.ts'
import { loadConfig } from './read-config.ts'
import { readPairing, stateDatabase } from './read-state.ts'
import { fingerprintOf } from './redact.ts'

const windowMs = 40 * 86_400_000

type Allowed = NonNullable<ProbeRequest['allowed']>

/** Requests for a pairing code: the agent sent each of them one. */
function pairingCodes(stateDir: string, sinceMs: number): Heard[] {
  return fromDatabase('pairing requests', stateDatabase(stateDir), (database) => {
    if (!database.hasTable('channel_pairing_requests')) return []
    const account = database.hasColumn('channel_pairing_requests', 'account_id') ? 'account_id' : "''"
    return database
      .all(`select channel_key, ${account} as account, request_id, created_at from channel_pairing_requests limit 1000`)
      .flatMap((row) => {
        const atMs = typeof row.created_at === 'number' ? row.created_at : Date.parse(String(row.created_at))
        const heard: Heard = {
          atMs,
          person: String(row.request_id),
          channel: String(row.channel_key),
          account: String(row.account) || 'default',
          how: 'pairing-code',
        }
        return Number.isFinite(atMs) && atMs >= sinceMs ? [heard] : []
      })
  })
}

/** An agent with one way in: what names no channel came through it. */
const placed = (heard: readonly Heard[], doors: readonly ObservedDoor[]): Heard[] => {
  const [only, another] = doors.filter(({ enabled }) => enabled)
  if (!only || another) return [...heard]
  return heard.map((each) => (each.channel === '' ? { ...each, channel: only.channel, account: only.account } : each))
}

/** Runs on a box. Everybody who heard from the agent in the last 40 days and may not, by name: it never leaves so. */
export function readStrangers(
  stateDir: string,
  doors: readonly ObservedDoor[],
  allowed: Allowed,
): { people: StrangerHeard[]; cannotTell: string } {
  const sinceMs = Date.now() - windowMs
  const { heard, nameless } = answersIn(readTurns(stateDir, sinceMs))
  let codes: Heard[] = []
  try {
    codes = pairingCodes(stateDir, sinceMs)
  } catch {
    // Without a database there are no requests in it.
  }
  // Whoever stands on a list is told by the list.
  const listed = doors.flatMap((door) => (door.enabled ? door.listed : []))
  const may = { ...allowed, handles: [...allowed.handles, ...listed] }
  const people = strangersIn(placed([...heard, ...codes], doors), may)
  const cannotTell = nameless > 0 ? `Of ${nameless} answers it is not written down who got them.` : ''
  return { people, cannotTell }
}

/** As it leaves the box: a keyed fingerprint and the last three characters. */
export const masked = ({ handle, ...rest }: StrangerHeard, key: string): ObservedStranger => ({
  ...rest,
  channel: clip(rest.channel, 60),
  account: clip(rest.account, 100),
  mark: fingerprintOf(key, plainHandle(handle)),
  ending: clip(handle.slice(-3), 3),
})

export const mostStrangers = 200

/** What the console asks when the operator wants to call the people. */
export interface PeopleRequest {
  readonly stateDir: string
  readonly allowed: Allowed
  /** The same as of the sweep, so that the marks are the same. */
  readonly fingerprintKey: string
}

/** Runs on a box. The strangers themselves, for the operator's eyes: asked for by hand, kept nowhere. */
export function showStrangers({ stateDir, allowed, fingerprintKey }: PeopleRequest) {
  const doors = doorsNow(stateDir)
  return readStrangers(stateDir, doors, allowed)
    .people.slice(0, mostStrangers)
    .map((one) => ({ ...masked(one, fingerprintKey), handle: clip(one.handle, 200) }))
}

/** What the config says now; none where it cannot be read. */
function doorsNow(stateDir: string): ObservedDoor[] {
  try {
    const agents = findAgents(homeOf(process.env, homedir), process.env, [stateDir])
    const agent = agents.find((each) => each.stateDir === stateDir)
    if (!agent) return []
    const { parsed } = loadConfig(agent.configPath)
    return findDoors(parsed.settings, '', readPairing(stateDir))
  } catch {
    return []
  }
}
