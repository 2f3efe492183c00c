import { doorInstance } from '../../shared/channels.ts'
import {
  type AccessDoor,
  type AccessPage,
  type AccessPerson,
  type AccessRow,
  type Agent,
  type Client,
  doorRules,
  type RuleId,
  type RuleVerdict,
  type Stranger,
} from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'
import { answered, samePerson } from '../facts/facts.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import type { ObservedDoor } from '../runtimes/observed.ts'
import { isLock, ruleOf } from './catalogue.ts'
import { allowedAt } from './judge-doors.ts'
import type { Seen, StoredStranger } from './rows.ts'
import { kindOf, type RuleSubject } from './subject.ts'
import { verdictOf } from './verdict.ts'

const weekMs = 7 * 86_400_000

/** One agent with what is known of it, for its rows. */
export interface AgentAccess {
  readonly box: StoredBox
  readonly agent: Agent
  readonly client: Client | null
  readonly seen: Seen
  readonly subject: RuleSubject
  readonly strangers: readonly StoredStranger[]
  readonly stale: boolean
}

const isAt = (door: ObservedDoor, { channel, account }: { channel: string; account: string }): boolean =>
  channel === '' || (channel === door.channel && (account || 'default') === door.account)

/** Breaches of a door, or of a path of its channel. */
export const touches = (door: ObservedDoor, place: string): boolean =>
  place === doorInstance(door) || place.startsWith(`channels.${door.channel}.`) || !/^(channels\.|[^./]+\/)/.test(place)

export const ofDoors: ReadonlySet<RuleId> = new Set(doorRules)

const rulesAt = (door: ObservedDoor, verdicts: readonly RuleVerdict[]): RuleVerdict[] =>
  verdicts.flatMap((verdict) => {
    if (!isLock(verdict.ruleId) || !ofDoors.has(verdict.ruleId)) return []
    const breaches = verdict.breaches.filter(({ place }) => touches(door, place))
    const unknown = verdict.unknown.filter((place) => touches(door, place))
    const here = verdictOf(verdict.ruleId, { breaches, unknown })
    return [here.state === 'holds' && verdict.state !== 'holds' ? { ...here, words: 'It holds here.' } : here]
  })

const ranks = { Unsafe: 0, 'Not seen': 1, Waiting: 2, OK: 3 } as const

export function rowOf(of: AgentAccess, door: ObservedDoor, nowMs: number): AccessRow {
  const { box, agent, client, seen, subject, stale } = of
  const kind = subject.kinds[doorInstance(door)] ?? null
  const judged = kindOf(subject, door)
  const { verdict, who } = answered(door, client, judged)
  const recent = strangersAt(of, door).filter(({ lastAtMs }) => nowMs - lastAtMs <= weekMs)
  const strangers = seen.cannotTell === null ? null : new Set(recent.map(({ mark }) => mark)).size
  const waits = recent.some(({ lookedAfterAtMs, lastAtMs }) => lookedAfterAtMs === null || lookedAfterAtMs < lastAtMs)
  const open = waits || rulesAt(door, seen.verdicts).some(({ state }) => state === 'broken')
  const state = stale ? 'Not seen' : open || verdict === 'bad' ? 'Unsafe' : verdict === 'unknown' ? 'Waiting' : 'OK'
  return {
    boxId: box.boxId,
    boxName: box.name,
    agentId: agent.agentId,
    profile: agent.profile,
    clientId: client?.clientId ?? null,
    clientName: client?.name ?? '',
    niche: client?.niche ?? '',
    channel: door.channel,
    account: door.account,
    state,
    rank: ranks[state],
    answers: who,
    answersVerdict: stale ? 'unknown' : verdict,
    enabled: door.enabled,
    kind: judged === 'clients-own' && kind === null ? null : judged,
    strangers,
    lastDays:
      strangers === null
        ? 'can’t tell'
        : strangers === 0
          ? seen.cannotTell === ''
            ? 'only those'
            : 'nobody else seen'
          : `${counted(strangers, 'stranger')} answered`,
    readAtMs: seen.takenAtMs,
    stale,
  }
}

const strangersAt = ({ strangers }: AgentAccess, door: ObservedDoor): StoredStranger[] =>
  strangers.filter((stranger) => isAt(door, stranger))

/** Every door of every agent, worst first. */
export function buildAccess(
  agents: readonly AgentAccess[],
  neverRead: AccessPage['neverRead'],
  nowMs: number,
): AccessPage {
  const rows = agents
    .flatMap((each) => (each.seen.doors ?? []).map((door) => rowOf(each, door, nowMs)))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        (b.strangers ?? 0) - (a.strangers ?? 0) ||
        a.clientName.localeCompare(b.clientName) ||
        a.boxName.localeCompare(b.boxName) ||
        a.channel.localeCompare(b.channel),
    )
  return {
    rows,
    doors: rows.length,
    open: rows.filter(({ state }) => state === 'Unsafe').length,
    notSeen: rows.filter(({ state }) => state === 'Not seen').length,
    neverRead,
  }
}

function personOf(subject: RuleSubject, door: ObservedDoor, handle: string): AccessPerson {
  const { client } = subject
  const own = client?.handles.find(({ value }) => samePerson(value, handle))
  const contact = client?.contacts.find((each) => samePerson(each.handle, handle))
  const allowed = allowedAt(subject, door)
  return {
    handle,
    name: own?.label || contact?.name || '',
    role: contact?.role ?? '',
    trust: own?.trust ?? null,
    stranger:
      kindOf(subject, door) === 'public'
        ? false
        : allowed === null
          ? null
          : !allowed.some((one) => samePerson(one, handle)),
  }
}

const withoutPlace = ({ boxId: _box, agentId: _agent, ...stranger }: StoredStranger): Stranger => stranger

export function buildDoor(of: AgentAccess, door: ObservedDoor, nowMs: number): AccessDoor {
  const order = { broken: 0, unknown: 1, holds: 2 } as const
  return {
    row: rowOf(of, door, nowMs),
    people: door.listed.map((handle) => personOf(of.subject, door, handle)),
    morePeople: Math.max(0, door.listedTotal - door.listed.length),
    direct: door.direct,
    groups: door.groups,
    chatMayChangeConfig: door.chatMayChangeConfig,
    because: [...door.because],
    rules: rulesAt(door, of.seen.verdicts)
      .toSorted((a, b) => order[a.state] - order[b.state])
      .map((verdict) => ({ rule: ruleOf(verdict.ruleId), verdict })),
    strangers: strangersAt(of, door).map(withoutPlace),
    cannotTell: of.seen.cannotTell ?? 'Who was answered has not been read.',
  }
}
