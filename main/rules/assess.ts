import { channelName, doorInstance, doorName } from '../../shared/channels.ts'
import type { AgentId, Breach, Cause, Client, RuleId, RuleVerdict, VersionFloor } from '../../shared/contract/index.ts'
import { counted, dateWords, standingWords } from '../base/words.ts'
import { answered } from '../facts/facts.ts'
import type { Assessment, Trouble } from '../findings/findings.ts'
import { isAtLeast } from '../runtimes/runtimes.ts'
import { isLock, ruleOf } from './catalogue.ts'
import type { StoredStranger } from './rows.ts'
import { kindOf, type RuleSubject } from './subject.ts'

interface Words extends Omit<Trouble, 'sinceMs'> {
  readonly sinceMs?: number | null
}
const trouble = (cause: Cause, agentId: AgentId, { sinceMs = null, ...words }: Words): Assessment => ({
  cause,
  agentId,
  trouble: { ...words, sinceMs },
})
const fine = (cause: Cause, agentId: AgentId, recovery: string): Assessment => ({
  cause,
  agentId,
  trouble: null,
  recovery,
})

const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

/** Who is answered is a finding of its own (main/facts): what these say about the same door is not said twice. */
const saidByAccess: ReadonlySet<RuleId> = new Set([
  'own-people',
  'no-wildcard',
  'no-pairing',
  'no-reopening',
  'owners-tools',
  'no-groups',
])

function isSaid(subject: RuleSubject, ruleId: RuleId, breach: Breach): boolean {
  if (!saidByAccess.has(ruleId)) return false
  return (subject.doors ?? []).some((door) => {
    const { verdict } = answered(door, subject.client, kindOf(subject, door))
    if (verdict !== 'bad' && verdict !== 'warn') return false
    if (ruleId === 'no-groups') return door.groups === 'everyone' && breach.place === doorInstance(door)
    return breach.place === doorInstance(door) || breach.place.startsWith(`channels.${door.channel}`)
  })
}

const redRules: ReadonlySet<RuleId> = new Set(['public-safeguards', 'closed-gateway'])

/** Locks that do not hold: one finding an agent, whatever their number. */
export function assessLocks(
  subject: RuleSubject,
  verdicts: readonly RuleVerdict[],
  agentId: AgentId,
  nowMs: number,
): Assessment[] {
  const broken = verdicts.flatMap((verdict) => {
    if (verdict.state !== 'broken' || !isLock(verdict.ruleId)) return []
    const breaches = verdict.breaches.filter((breach) => !isSaid(subject, verdict.ruleId, breach))
    return breaches.length === 0 ? [] : [{ rule: ruleOf(verdict.ruleId), breaches }]
  })
  const [first] = broken
  if (!first) {
    const unread = subject.settings === null || subject.doors === null
    return unread ? [] : [fine('rule-broken', agentId, 'Every fixed rule holds.')]
  }
  return [
    trouble('rule-broken', agentId, {
      severity: broken.some(({ rule }) => redRules.has(rule.ruleId)) ? 'red' : 'attention',
      state: 'Unsafe',
      sentence: `breaks ${counted(broken.length, 'fixed rule')}: ${list(broken.map(({ rule }) => rule.name))}`,
      detail: first.rule.sentence,
      evidence: broken.slice(0, 5).map(({ rule, breaches }) => ({
        name: rule.name,
        value: list(breaches.slice(0, 3).map(({ place, what }) => `${place}: ${what}`)),
        takenAtMs: nowMs,
      })),
      nextStep: first.rule.fix,
    }),
  ]
}

/** Duties that have no finding of their own yet. */
const ownDuties: ReadonlySet<RuleId> = new Set(['retention', 'message-audit', 'no-auto-update', 'human-fallback'])

export function assessDuties(
  subject: RuleSubject,
  verdicts: readonly RuleVerdict[],
  agentId: AgentId,
  nowMs: number,
): Assessment[] {
  const missed = verdicts.filter(({ ruleId, state }) => state === 'broken' && ownDuties.has(ruleId))
  const [first] = missed
  if (!first)
    return subject.settings === null ? [] : [fine('duty-missed', agentId, 'Nothing that has to be done is missing.')]
  return [
    trouble('duty-missed', agentId, {
      severity: 'attention',
      state: 'Changed',
      sentence: `lacks ${list(missed.map(({ ruleId }) => ruleOf(ruleId).name))}`,
      detail: ruleOf(first.ruleId).sentence,
      evidence: missed.map(({ ruleId, breaches }) => ({
        name: ruleOf(ruleId).name,
        value: list(breaches.map(({ place, what }) => `${place}: ${what}`)),
        takenAtMs: nowMs,
      })),
      nextStep: ruleOf(first.ruleId).fix,
    }),
  ]
}

/** Who it was, as far as it leaves the machine: "…042". */
export const endingWords = ({ ending }: { ending: string }): string => `…${ending}`

const wasHow = { answered: 'answered', 'pairing-code': 'sent a pairing code' } as const

/** People who were answered and may not be, whom nobody has looked after yet. */
export function assessStrangers(
  strangers: readonly StoredStranger[],
  isRead: boolean,
  agentId: AgentId,
  nowMs: number,
): Assessment[] {
  const open = strangers.filter(
    ({ lookedAfterAtMs, lastAtMs }) => lookedAfterAtMs === null || lookedAfterAtMs < lastAtMs,
  )
  if (open.length === 0)
    return isRead
      ? [fine('strangers-answered', agentId, 'Nobody who may not be was answered since, or you looked after them.')]
      : []
  const people = new Set(open.map(({ mark }) => mark)).size
  const channels = [...new Set(open.filter(({ channel }) => channel !== '').map(doorName))]
  const codes = open.every(({ how }) => how === 'pairing-code')
  return [
    trouble('strangers-answered', agentId, {
      severity: 'red',
      state: 'Unsafe',
      sentence: codes
        ? `sent a pairing code to ${counted(people, 'person', 'people')} who may not write to it`
        : `answered ${counted(people, 'person', 'people')} who ${people === 1 ? 'is' : 'are'} not on its list`,
      detail: channels.length === 0 ? 'the machine does not say on which channel' : `on ${list(channels)}`,
      sinceMs: Math.min(...open.map(({ firstAtMs }) => firstAtMs)),
      evidence: open.slice(0, 5).map((stranger) => ({
        name: `${stranger.channel === '' ? 'Somebody' : channelName(stranger.channel)} ${endingWords(stranger)}`,
        value: `${wasHow[stranger.how]} ${counted(stranger.times, 'time')}, last ${dateWords(stranger.lastAtMs)}`,
        takenAtMs: nowMs,
      })),
      nextStep: `Stop the channel, see who they are, and call them. The last was ${standingWords(Math.max(...open.map(({ lastAtMs }) => lastAtMs)), nowMs)}.`,
    }),
  ]
}

/** A version below a floor the operator set. */
export function assessFloor(
  version: string,
  floors: readonly VersionFloor[],
  agentId: AgentId,
  nowMs: number,
): Assessment[] {
  if (version === '') return []
  const below = floors.filter((floor) => !isAtLeast(version, floor.version))
  const highest = below.toSorted((a, b) => (isAtLeast(a.version, b.version) ? -1 : 1))[0]
  if (!highest) return [fine('below-floor', agentId, 'It runs a version that is allowed.')]
  return [
    trouble('below-floor', agentId, {
      severity: 'attention',
      state: 'Behind',
      sentence: `runs ${version}, and none may be older than ${highest.version}`,
      detail: highest.reason,
      evidence: below.map((floor) => ({
        name: `Floor ${floor.version}`,
        value: floor.link === '' ? floor.reason : `${floor.reason} (${floor.link})`,
        takenAtMs: nowMs,
      })),
      nextStep: `Update it to ${highest.version} or newer.`,
    }),
  ]
}

/** One handle that two clients' agents answer, or two clients have as their own. */
export function assessShared(
  shared: readonly { readonly person: string; readonly clients: readonly string[] }[],
  client: Client | null,
  agentId: AgentId,
  nowMs: number,
): Assessment[] {
  const [first] = shared
  if (!first) return [fine('shared-handle', agentId, 'No handle of its people stands at another client.')]
  const others = [...new Set(shared.flatMap(({ clients }) => clients))]
  return [
    trouble('shared-handle', agentId, {
      severity: 'attention',
      state: 'Unsafe',
      sentence: `shares ${shared.length === 1 ? 'a handle' : counted(shared.length, 'handle')} with ${list(others.slice(0, 3))}`,
      detail: 'one person at two clients may read what is not theirs',
      evidence: shared.slice(0, 5).map(({ person, clients }) => ({
        name: person,
        value: `also at ${list(clients.slice(0, 3))}`,
        takenAtMs: nowMs,
      })),
      nextStep: `Say whose it is, and take it off ${client ? client.name : 'this machine'} or the other one.`,
    }),
  ]
}
