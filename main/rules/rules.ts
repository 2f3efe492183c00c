import { doorInstance } from '../../shared/channels.ts'
import type {
  AccessDoor,
  AccessPage,
  AgentId,
  BoxId,
  ChannelKind,
  Client,
  HeardPerson,
  RuleCheck,
  VersionFloor,
} from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Changes } from '../base/changes.ts'
import { cleaned } from '../base/cleaned.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import { type Landed, plainPerson } from '../facts/facts.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { isSettings, type Settings } from '../runtimes/runtimes.ts'
import type { Store } from '../store/store.ts'
import { type AgentAccess, buildAccess, buildDoor } from './access.ts'
import { assessDuties, assessFloor, assessLocks, assessShared, assessStrangers } from './assess.ts'
import { assessRate } from './assess-rate.ts'
import { judgeRules } from './judge.ts'
import { createRows, type Seen } from './rows.ts'
import type { Declared, DutyFacts, RuleSubject } from './subject.ts'

export { decidesWhoIsAnswered } from './access-values.ts'
export { catalogue } from './catalogue.ts'
export { declaredBy } from './declared.ts'
export { type Fixable, type FixScope, proposeFix } from './fix.ts'
export { judgeRules } from './judge.ts'
export { type Asked, covers, permit, problemsOf } from './permit.ts'
export { refusals } from './refusals.ts'
export type { RuleSubject } from './subject.ts'

/** The rules over every agent, as it was looked at last. */
export interface Rules {
  /** Judges an answer and keeps how it stood. Called inside the transaction of the answer. */
  judge(landed: Landed): Assessment[]
  /** Who may be answered at a box, for its probe; null: nobody wrote it down, so nobody can be told apart. */
  mayBeAnswered(boxId: BoxId): { handles: string[]; open: string[] } | null
  /** An agent as the rules look at it, by what was read last; null: it never was. */
  subjectOf(agentId: AgentId): (RuleSubject & { readonly pairing: Seen['pairing'] }) | null
  check(boxId?: BoxId): RuleCheck[]
  access(): AccessPage
  /** @throws FaultError `not-found`. */
  door(asked: { agentId: AgentId; channel: string; account: string }): AccessDoor
  /**
   * Reads from the box, now, who was answered and may not be. Kept nowhere; the diary has the reason and the number.
   * @throws FaultError `not-found`, any connection or answer fault.
   */
  showPeople(asked: { agentId: AgentId; reason: string }, signal?: AbortSignal): Promise<HeardPerson[]>
  /** The operator looked after the people who were answered: the finding closes until somebody else is. */
  lookedAfter(asked: { agentId: AgentId; reason: string }): { sentence: string }
  floors(): VersionFloor[]
  setFloor(floor: Omit<VersionFloor, 'setAtMs'>): VersionFloor[]
  removeFloor(version: string): VersionFloor[]
}

export interface RulesParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<
    InventoryReads,
    'box' | 'boxes' | 'client' | 'clients' | 'agents' | 'channels' | 'fingerprintKey'
  >
  readonly findings: Pick<Findings, 'settle'>
  readonly onbox: Pick<Onbox, 'people'>
  readonly clock: Clock
  readonly changes: Changes
  readonly actor: 'operator' | 'cli'
  readonly staleBeforeMs: () => number
  /** The operator's own handles. */
  readonly testHandles: () => string[]
  readonly deadlineMs: () => number
  /** What the layers of an agent declare; null: nothing. */
  readonly declaredOf?: (agentId: AgentId) => { declared: Declared; kinds: Record<string, ChannelKind> } | null
}

function settingsOf({ config }: ObservedAgent): Settings | null {
  if (!config.read || !config.value.parses) return null
  try {
    const parsed: unknown = JSON.parse(config.value.redacted)
    return isSettings(parsed) ? parsed : null
  } catch {
    // Too large to be told, which is empty text: it is not read, and unknown is never green.
    return null
  }
}

/** Clocks differ; a backup dated further ahead than this has no age that anybody knows. */
const backupAheadMs = 24 * 3_600_000

function backupAge({ lastBackup }: ObservedAgent, nowMs: number): DutyFacts['backupAgeMs'] {
  if (!lastBackup.read) return null
  const { atMs, ok } = lastBackup.value
  if (atMs === null || !ok) return 'never'
  return atMs - nowMs > backupAheadMs ? 'to-come' : Math.max(0, nowMs - atMs)
}

const dutiesOf = ({ observed, nowMs }: Landed, agent: ObservedAgent): DutyFacts => ({
  backupAgeMs: backupAge(agent, nowMs),
  encrypted: observed.machine.encryption.read ? observed.machine.encryption.value.on : null,
  logDaily: agent.ownLog.read ? agent.ownLog.value.daily : null,
})

/** A light look reads less: what it left out is as it was. */
const lastKnown = (now: DutyFacts, before: DutyFacts | undefined): DutyFacts => ({
  backupAgeMs: now.backupAgeMs ?? before?.backupAgeMs ?? null,
  encrypted: now.encrypted ?? before?.encrypted ?? null,
  logDaily: now.logDaily ?? before?.logDaily ?? null,
})

export function createRules(parts: RulesParts): Rules {
  const { store, ledger, inventory, findings, clock, changes, actor } = parts
  const rows = createRows(store.db)

  /** Whose each account is: what the layers say goes before what the inventory says. */
  const kindsOf = (boxId: BoxId, agentId: AgentId): Record<string, ChannelKind | null> =>
    Object.fromEntries([
      ...inventory
        .channels({ boxId })
        .filter((channel) => channel.agentId === agentId)
        .map((channel) => [doorInstance(channel), channel.kind] as const),
      ...Object.entries(declaredOf(agentId)?.kinds ?? {}),
    ])
  const declaredOf = (agentId: AgentId) => parts.declaredOf?.(agentId) ?? null
  const clientOf = (boxId: BoxId): Client | null => {
    const { clientId } = inventory.box(boxId)
    return clientId ? inventory.client(clientId) : null
  }

  const subjectFrom = (
    seen: Pick<Seen, 'boxId' | 'agentId' | 'settings' | 'doors' | 'version' | 'duties'>,
    client: Client | null,
  ): RuleSubject => {
    const layers = declaredOf(seen.agentId)
    return {
      settings: seen.settings,
      doors: seen.doors,
      version: seen.version,
      duties: seen.duties,
      client,
      kinds: kindsOf(seen.boxId, seen.agentId),
      declared: layers?.declared ?? null,
    }
  }

  const testHandles = (): Set<string> => new Set(parts.testHandles().map(plainPerson))

  /** Clients other than this one at which one of these people is let in, or whose own they are. */
  const sharedWith = (people: readonly string[], boxId: BoxId, client: Client | null) => {
    const found = new Map<string, Set<string>>()
    const add = (person: string, name: string) => found.set(person, (found.get(person) ?? new Set()).add(name))
    const wanted = new Set(people)
    for (const other of inventory.clients())
      if (other.clientId !== client?.clientId)
        for (const { value } of other.handles) if (wanted.has(plainPerson(value))) add(plainPerson(value), other.name)
    const boxes = new Map(inventory.boxes().map((box) => [box.boxId, box]))
    for (const { person, boxId: otherId } of rows.others(people, boxId)) {
      const other = boxes.get(otherId)
      if (other?.clientId && other.clientId !== client?.clientId) add(person, inventory.client(other.clientId).name)
    }
    return [...found].map(([person, names]) => ({ person, clients: [...names].sort() }))
  }

  const keepStrangers = (boxId: BoxId, agentId: AgentId, { strangers }: ObservedAgent): void => {
    if (!strangers?.read) return
    for (const stranger of cleaned(strangers.value.people)) rows.putStranger({ ...stranger, boxId, agentId })
  }

  const judgeAgent = (landed: Landed, agentId: AgentId, agent: ObservedAgent): Assessment[] => {
    const { box, client, nowMs } = landed
    const { boxId } = box
    const version = agent.install.read ? untrusted(agent.install.value.version, 60) : ''
    const seen = {
      boxId,
      agentId,
      version,
      settings: cleaned(settingsOf(agent)),
      doors: agent.doors.read ? cleaned(agent.doors.value) : null,
      pairing: cleaned(agent.pairing ?? { entries: [], unread: 'It was not read.' }),
      duties: lastKnown(dutiesOf(landed, agent), rows.one(boxId, agentId)?.duties),
      cannotTell: agent.strangers?.read ? untrusted(agent.strangers.value.cannotTell, 300) : null,
      takenAtMs: nowMs,
    }
    const subject = subjectFrom(seen, client)
    const verdicts = judgeRules(subject)
    const tests = testHandles()
    const listed = (seen.doors ?? []).filter(({ enabled }) => enabled).flatMap(({ listed: people }) => people)
    const own = (client?.handles ?? []).map(({ value }) => value)
    const people = [...new Set([...listed, ...own].map(plainPerson))].filter((one) => one !== '' && !tests.has(one))
    rows.put({ ...seen, verdicts }, people)
    keepStrangers(boxId, agentId, agent)
    return [
      ...assessLocks(subject, verdicts, agentId, nowMs),
      ...assessDuties(subject, verdicts, agentId, nowMs),
      ...assessStrangers(rows.strangers(boxId, agentId), seen.cannotTell !== null, agentId, nowMs),
      ...assessRate(
        subject.declared?.mostPerHour ?? {},
        agent.activity.read ? (cleaned(agent.activity.value).busiest ?? null) : null,
        agentId,
        nowMs,
      ),
      ...assessFloor(version, rows.floors(), agentId, nowMs),
      ...(client === null ? [] : assessShared(sharedWith(people, boxId, client), client, agentId, nowMs)),
    ]
  }

  const agentOf = (agentId: AgentId) => {
    const agent = inventory.agents().find((each) => each.agentId === agentId)
    if (!agent) throw new FaultError({ code: 'not-found', what: 'agent' })
    return agent
  }

  const accessOf = (agentId: AgentId, seen: Seen): AgentAccess => {
    const box = inventory.box(seen.boxId)
    const client = clientOf(seen.boxId)
    return {
      box,
      agent: agentOf(agentId),
      client,
      seen,
      subject: subjectFrom(seen, client),
      strangers: rows.strangers(seen.boxId, agentId),
      stale: seen.takenAtMs < parts.staleBeforeMs(),
    }
  }

  /** Agents in the inventory that were looked at; what is no longer there is no longer shown. */
  const known = (): AgentAccess[] => {
    const agents = new Map(inventory.agents().map((agent) => [agent.agentId, agent]))
    const boxes = new Set(inventory.boxes().map(({ boxId }) => boxId))
    return rows
      .all()
      .filter(({ agentId, boxId }) => agents.has(agentId) && boxes.has(boxId))
      .map((seen) => accessOf(seen.agentId, seen))
  }

  const floorsChanged = (words: string): VersionFloor[] => {
    ledger.append({ actor, kind: 'rules.floor', words })
    const nowMs = clock.nowMs()
    for (const { seen } of known())
      findings.settle(seen.boxId, assessFloor(seen.version, rows.floors(), seen.agentId, nowMs), nowMs)
    changes.publish('findings', 'review', 'ledger')
    return rows.floors()
  }

  /** The probe asks by account, not by agent: one is open only where each agent there that has it has it as public. */
  const openAt = (boxId: BoxId): string[] => {
    const kinds = inventory.agents(boxId).flatMap(({ agentId }) => Object.entries(kindsOf(boxId, agentId)))
    const closed = new Set(kinds.flatMap(([instance, kind]) => (kind === 'public' ? [] : [instance])))
    return [...new Set(kinds.map(([instance]) => instance))].filter((instance) => !closed.has(instance))
  }

  const mayBeAnswered: Rules['mayBeAnswered'] = (boxId) => {
    const client = clientOf(boxId)
    if (!client || client.handles.length === 0) return null
    const named = inventory
      .agents(boxId)
      .flatMap(({ agentId }) => Object.values(declaredOf(agentId)?.declared.people ?? {}).flat())
    return {
      handles: [...client.handles.map(({ value }) => value), ...parts.testHandles(), ...named],
      open: openAt(boxId),
    }
  }

  return {
    mayBeAnswered,
    judge: (landed) => landed.agents.flatMap(({ agentId, agent }) => judgeAgent(landed, agentId, agent)),
    subjectOf(agentId) {
      const { boxId } = agentOf(agentId)
      const seen = rows.one(boxId, agentId)
      return seen ? { ...subjectFrom(seen, clientOf(boxId)), pairing: seen.pairing } : null
    },
    check: (boxId) =>
      known()
        .filter(({ seen }) => boxId === undefined || seen.boxId === boxId)
        .map(({ box, agent, client, seen, subject, stale }) => ({
          boxId: box.boxId,
          boxName: box.name,
          agentId: agent.agentId,
          profile: agent.profile,
          clientName: client?.name ?? '',
          takenAtMs: seen.takenAtMs,
          stale,
          // By what the inventory and the layers say now: kinds and handles may have changed since.
          verdicts: judgeRules(subject),
        }))
        .sort((a, b) => a.boxName.localeCompare(b.boxName) || a.profile.localeCompare(b.profile)),
    access() {
      const found = known()
      const read = new Set(found.filter(({ seen }) => seen.doors !== null).map(({ box }) => box.boxId))
      const neverRead = inventory
        .boxes()
        .filter(({ boxId, jumpOnly }) => !jumpOnly && !read.has(boxId))
        .map(({ boxId, name }) => ({ boxId, boxName: name }))
      return buildAccess(found, neverRead, clock.nowMs())
    },
    door({ agentId, channel, account }) {
      const seen = rows.one(agentOf(agentId).boxId, agentId)
      const door = seen?.doors?.find((each) => each.channel === channel && each.account === account)
      if (!seen || !door) throw new FaultError({ code: 'not-found', what: 'channel account' })
      return buildDoor(accessOf(agentId, seen), door, clock.nowMs())
    },
    async showPeople({ agentId, reason }, signal) {
      const agent = agentOf(agentId)
      const allowed = mayBeAnswered(agent.boxId)
      if (!allowed) {
        const detail = 'nobody wrote down whom this machine may answer; give its client a handle first'
        throw new FaultError({ code: 'invalid-input', field: 'client', detail })
      }
      // Before anybody is shown: who reads handles stands in the diary, whatever comes of it.
      store.write(() =>
        ledger.append({
          actor,
          kind: 'rules.people-shown',
          boxId: agent.boxId,
          words: `{box}: you asked who was answered: ${reason}.`,
        }),
      )
      changes.publish('ledger')
      const people = await parts.onbox.people(
        agent.boxId,
        { stateDir: agent.stateDir, allowed, fingerprintKey: inventory.fingerprintKey(agent.boxId) },
        { deadlineMs: parts.deadlineMs(), ...(signal ? { signal } : {}) },
      )
      return cleaned(people)
    },
    lookedAfter({ agentId, reason }) {
      const { boxId } = agentOf(agentId)
      const nowMs = clock.nowMs()
      const done = store.write(() => {
        const count = rows.lookAfter(boxId, agentId, nowMs)
        if (count === 0) return 0
        const people = counted(count, 'person', 'people')
        ledger.append({
          actor,
          kind: 'rules.looked-after',
          boxId,
          words: `{box}: you looked after ${people} who had been answered: ${reason}.`,
        })
        findings.settle(boxId, assessStrangers(rows.strangers(boxId, agentId), true, agentId, nowMs), nowMs, true)
        return count
      })
      changes.publish('findings', 'review', 'ledger')
      return {
        sentence:
          done === 0 ? 'Nobody was waiting to be looked after.' : `${counted(done, 'person', 'people')} looked after.`,
      }
    },
    floors: () => rows.floors(),
    setFloor: (floor) =>
      store.write(() => {
        rows.putFloor({ ...floor, setAtMs: clock.nowMs() })
        return floorsChanged(`No machine may run older than ${floor.version}: ${floor.reason}.`)
      }),
    removeFloor: (version) =>
      store.write(() => {
        if (!rows.dropFloor(version)) throw new FaultError({ code: 'not-found', what: 'version floor' })
        return floorsChanged(`Versions older than ${version} are allowed again.`)
      }),
  }
}
