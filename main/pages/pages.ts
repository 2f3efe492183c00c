import { DateTime } from 'luxon'
import type {
  AgentId,
  Box,
  BoxId,
  ClientId,
  ClientPage,
  FactKey,
  FleetPage,
  LedgerEntry,
  MachinePage,
  PatternPage,
  SweepSummary,
} from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { type Activity, isBuilding } from '../activity/activity.ts'
import type { Clock } from '../base/clock.ts'
import { readWords } from '../base/words.ts'
import { behaviourHistories, type Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { Inventory, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Logs } from '../logs/logs.ts'
import type { Outside } from '../outside/outside.ts'
import type { Ssh } from '../ssh/ssh.ts'
import { buildClient } from './client.ts'
import { buildFleet, fleetKeys, rowState } from './fleet.ts'
import { buildPatterns } from './patterns.ts'
import { buildTimeline } from './timeline.ts'

export interface PagesParts {
  readonly ledger: Ledger
  readonly inventory: Pick<
    Inventory,
    | 'boxes'
    | 'box'
    | 'clients'
    | 'client'
    | 'agents'
    | 'notes'
    | 'workflows'
    | 'holidays'
    | 'opening'
    | 'pauseOf'
    | 'clientSpans'
  >
  readonly findings: Findings
  readonly facts: Facts
  readonly logs: Pick<Logs, 'patterns'>
  readonly outside: Pick<Outside, 'ofBox'>
  readonly activity: Pick<Activity, 'days'>
  readonly ssh: Pick<Ssh, 'trust' | 'commandFor'>
  readonly clock: Clock
  readonly demo: boolean
}

/** Days of activity looked at: how far back anything is known may lie before the days shown. */
const daysKept = 60

/** Pages as the window shows them, each put together from the store in one go. */
export interface Pages {
  fleet(): FleetPage
  machine(boxId: BoxId): MachinePage
  client(clientId: ClientId): ClientPage
  patterns(asked: { boxIds?: readonly BoxId[] | undefined; days: number; limit: number }): Promise<PatternPage>
  factHistory(query: {
    boxId: BoxId
    agentId: AgentId | null
    key: FactKey
    instance: string
  }): ReturnType<Facts['history']>
}

export function createPages(parts: PagesParts): Pages {
  const { ledger, inventory, findings, facts, activity, ssh, clock } = parts

  const boxes = (): StoredBox[] => inventory.boxes().filter((box) => !box.jumpOnly)
  const lastSweep = (): SweepSummary | null => facts.sweeps.last()
  /** The diary of a machine or client, its moments in words of now. */
  const diary = (of: Parameters<Ledger['entries']>[0]): LedgerEntry[] =>
    ledger.entries(of).map((entry) => ({ ...entry, sentence: readWords(entry.sentence, clock.nowMs()) }))

  return {
    patterns: (asked) => buildPatterns(parts, asked),
    fleet: () =>
      buildFleet({
        demo: parts.demo,
        boxes: boxes(),
        clients: inventory.clients(),
        agents: inventory.agents(),
        findings: findings.open(),
        attempts: facts.attempts(),
        facts: facts.ofKeys(fleetKeys),
        staleBeforeMs: facts.staleBeforeMs(),
        lastSweep: lastSweep(),
        pauseOf: (clientId) => inventory.pauseOf(clientId, clock.nowMs()),
      }),
    machine(boxId) {
      const stored = inventory.box(boxId)
      const trust = ssh.trust(boxId)
      const box: Box = { ...stored, pinned: trust.pin?.fingerprint ?? null }
      const ofBox = findings.ofBox(boxId, 200)
      const open = findings.open().filter((finding) => finding.boxId === boxId)
      const attempt = facts.attempts().get(boxId)
      const pause = box.clientId ? inventory.pauseOf(box.clientId, clock.nowMs()) : null
      const state = rowState(open, attempt, facts.staleBeforeMs(), pause)
      const boxFacts = facts.ofBox(boxId)
      const notes = inventory.notes({ boxId })
      const ofClient = box.clientId ? inventory.notes({ clientId: box.clientId }) : []
      return {
        box,
        client: box.clientId ? inventory.client(box.clientId) : null,
        agents: inventory.agents(boxId),
        state: state.state,
        stateSentence: state.sentence,
        sshCommand: ssh.commandFor(boxId),
        trust,
        facts: boxFacts,
        findings: [...open, ...ofBox.filter((finding) => !finding.open)],
        timeline: buildTimeline({
          findings: ofBox,
          facts: boxFacts,
          changes: facts.changesOf(boxId, 500),
          ledger: diary({ boxId, limit: 200 }),
          failed: facts.failedAttempts(boxId, 50),
          outside: parts.outside.ofBox(boxId, 200),
        }),
        notes: [...notes, ...ofClient.filter((note) => !notes.some((own) => own.noteId === note.noteId))],
        lastAttempt: attempt
          ? { atMs: attempt.atMs, sentence: attempt.fault ? faultText(attempt.fault).sentence : 'It answered.' }
          : null,
      }
    },
    client(clientId) {
      const nowMs = clock.nowMs()
      const client = inventory.client(clientId)
      const own = boxes().filter((box) => box.clientId === clientId)
      const ids = new Set(own.map(({ boxId }) => boxId))
      const names = new Map(own.map(({ boxId, name }) => [boxId, name]))
      const read = own.flatMap(({ boxId }) => facts.ofBox(boxId))
      const year = DateTime.fromMillis(nowMs).year
      return buildClient({
        nowMs,
        client,
        building: isBuilding(client, nowMs),
        pause: inventory.pauseOf(clientId, nowMs),
        opening: inventory.opening(client, nowMs),
        spans: inventory.clientSpans({ clientId }),
        boxes: own,
        findings: findings.open().filter(({ boxId }) => ids.has(boxId)),
        attempts: facts.attempts(),
        staleBeforeMs: facts.staleBeforeMs(),
        facts: read,
        histories: behaviourHistories(read, (boxId) => names.get(boxId) ?? '', facts.history),
        activity: own.flatMap(({ boxId }) =>
          inventory.agents(boxId).map(({ agentId }) => activity.days(agentId, daysKept)),
        ),
        workflows: inventory.workflows({ clientId }),
        holidays: [year, year + 1].flatMap((of) => inventory.holidays({ clientId, year: of })),
        notes: inventory.notes({ clientId }),
        diary: [...diary({ clientId, limit: 100 }), ...own.flatMap(({ boxId }) => diary({ boxId, limit: 100 }))],
      })
    },
    factHistory: (query) => facts.history(query),
  }
}
