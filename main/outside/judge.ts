import type { AgentId, OutsideChange } from '../../shared/contract/index.ts'
import type { Landed } from '../facts/facts.ts'
import { compare } from './compare.ts'
import { type Found, foldAccess, foldUpdate } from './judge-update.ts'
import { judgeWho, type Login, type Write } from './judge-who.ts'
import { type OwnChange, withoutOwn } from './own-change.ts'
import type { ConfigValue, PartName, PartReading, PartValues } from './parts.ts'

/** A part that reads differently: both values, and when it still read as before. */
export interface Moved {
  readonly reading: PartReading
  readonly before: PartValues[PartName]
  readonly beforeTakenAtMs: number
}

export type NewChange = Omit<OutsideChange, 'changeId' | 'boxId' | 'decided' | 'decidedAtMs'>

const mostLines = 200
/** A clock this far off is told apart from a slow answer. */
const skewCountsMs = 60_000

/**
 * What the moved parts of one answer say. Pure.
 * @param readings all parts of it.
 * @param made what this console itself changed there meanwhile.
 */
export function judgeChanges(
  { observed, agents, nowMs }: Pick<Landed, 'observed' | 'agents' | 'nowMs'>,
  readings: readonly PartReading[],
  moved: readonly Moved[],
  made: readonly OwnChange[] = [],
): NewChange[] {
  if (moved.length === 0) return []
  const skewMs = observed.machine.nowMs - nowMs
  const ours = (boxMs: number): number => Math.round(Math.abs(skewMs) < skewCountsMs ? boxMs : boxMs - skewMs)
  const people = observed.people
  const logins: Login[] | null = people?.logins.read
    ? people.logins.value.map((login) => ({
        ...login,
        atMs: ours(login.atMs),
        untilMs: login.untilMs === null ? null : ours(login.untilMs),
      }))
    : null
  const nameOf = (uid: number | null): string | null => {
    if (uid === null || !people?.users.read) return null
    return people.users.value.list.find((user) => user.uid === uid)?.name ?? null
  }
  const writesOf = (agentId: AgentId | null, sinceMs: number): Write[] => {
    const agent = agents.find((each) => each.agentId === agentId)?.agent
    if (!agent?.configWrites.read) return []
    return agent.configWrites.value
      .map(({ atMs, by, homes }) => ({ atMs: ours(atMs), by, homes }))
      .filter(({ atMs }) => atMs > sinceMs && atMs <= nowMs + skewCountsMs)
  }

  const told = ({ agentId, name, difference }: Found): NewChange => {
    const parts = moved.filter(({ reading }) => reading.agentId === agentId)
    const own = parts.find(({ reading }) => reading.part === name)
    const notBeforeMs = own?.beforeTakenAtMs ?? nowMs
    const isSettings = difference.part === 'config' || difference.part === 'update' || difference.part === 'access'
    const writes = isSettings ? writesOf(agentId, notBeforeMs) : []
    const record = agents.find((each) => each.agentId === agentId)?.agent.configWrites
    const written = own?.reading.changedAtMs ?? null
    const said = writes[0]?.atMs ?? (written === null ? null : ours(written))
    const isExact = said !== null && said > notBeforeMs && said <= nowMs + skewCountsMs
    const atMs = isExact ? Math.min(said, nowMs) : nowMs
    const who = judgeWho({
      writes,
      noWrites: isSettings && record && !record.read ? record.why : '',
      fileOwner: nameOf(own?.reading.ownerUid ?? null),
      logins,
      login: observed.machine.user,
      atMs,
      isExact,
    })
    return {
      agentId,
      part: difference.part,
      sentence: difference.sentence,
      weight: difference.weight,
      diff: difference.diff.slice(0, mostLines),
      moreLines: Math.max(0, difference.diff.length - mostLines) + (difference.more ?? 0),
      atMs,
      notBeforeMs,
      seenAtMs: nowMs,
      ...who,
    }
  }

  const sha256Of = (agentId: AgentId): string | null => {
    const config = agents.find((each) => each.agentId === agentId)?.agent.config
    return config?.read ? config.value.sha256 : null
  }
  const differing = moved.flatMap(({ reading, before }): Found[] => {
    const difference = compare(reading.part, before, reading.value())
    return difference ? [{ agentId: reading.agentId, name: reading.part, difference }] : []
  })
  const found = withoutOwn(differing, made, sha256Of)
  return [...Map.groupBy(found, ({ agentId }) => agentId)].flatMap(([agentId, ofAgent]) => {
    const config = moved.find(({ reading }) => reading.agentId === agentId && reading.part === 'config')
    const code = moved.find(({ reading }) => reading.agentId === agentId && reading.part === 'code')
    const now = readings.find((reading) => reading.agentId === agentId && reading.part === 'config')
    const writes = writesOf(agentId, Math.min(config?.beforeTakenAtMs ?? nowMs, code?.beforeTakenAtMs ?? nowMs))
    const folded = foldUpdate(ofAgent, { writes, autoUpdate: autoUpdateOf(config?.before ?? now?.value()) })
    return foldAccess(folded).map(told)
  })
}

/** On the operator's own lab machine something changes every day: only a new way in has to be decided about. Pure. */
export const weighedAsOwn = (change: NewChange): NewChange =>
  change.weight === 'attention' ? { ...change, weight: 'listed' } : change

function autoUpdateOf(config: PartValues[PartName] | undefined): boolean | null {
  const update = (config as ConfigValue | undefined)?.settings?.update as { auto?: { enabled?: unknown } } | undefined
  const enabled = typeof update === 'object' && update !== null ? update.auto?.enabled : undefined
  return typeof enabled === 'boolean' ? enabled : null
}
