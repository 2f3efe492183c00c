import { DateTime } from 'luxon'
import type {
  Agent,
  BoxId,
  Client,
  ClientId,
  ClientSpan,
  Fact,
  FactKey,
  Finding,
  FleetPage,
  FleetRow,
  SweepSummary,
  Verdict,
} from '../../shared/contract/index.ts'
import type { AttemptRow } from '../facts/facts.ts'
import { weightRank } from '../findings/findings.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { didAnswer, isAway, waits } from '../review/review.ts'

export interface FleetInput {
  readonly demo: boolean
  readonly boxes: readonly StoredBox[]
  readonly clients: readonly Client[]
  readonly agents: readonly Agent[]
  /** Open, worst first. */
  readonly findings: readonly Finding[]
  readonly attempts: ReadonlyMap<BoxId, AttemptRow>
  readonly facts: ReadonlyMap<BoxId, readonly Fact[]>
  readonly staleBeforeMs: number
  readonly lastSweep: SweepSummary | null
  /** Pauses that hold now. */
  readonly pauseOf: (clientId: ClientId) => ClientSpan | null
}

/** The facts a row is made of. */
export const fleetKeys = [
  'system.os',
  'version.gap',
  'version.days',
  'version.lab',
  'version.lab-days',
  'version.disk',
  'access.answers',
  'activity.reply',
] as const satisfies FactKey[]

const rankNotSeen = 100
const rankLater = 150
const rankOk = 200

const weight: readonly Verdict[] = ['bad', 'warn', 'unknown', 'ok']
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  weight.find((verdict) => verdicts.includes(verdict)) ?? 'unknown'

const dateOf = (atMs: number): string => DateTime.fromMillis(atMs).setLocale('en-GB').toFormat('d LLLL')

/** The state a machine's row shows: its worst finding that asks for somebody, else that it waits, else whether it was seen. */
export function rowState(
  findings: readonly Finding[],
  attempt: AttemptRow | undefined,
  staleBeforeMs: number,
  pause: ClientSpan | null,
): Pick<FleetRow, 'state' | 'rank' | 'stateSinceMs' | 'sentence'> {
  const finding = findings.find((each) => !waits(each, pause !== null))
  if (finding)
    return {
      state: finding.state,
      rank: weightRank(finding),
      stateSinceMs: finding.sinceMs,
      sentence: finding.sentence,
    }
  if (pause)
    return {
      state: 'Paused',
      rank: rankLater,
      stateSinceMs: pause.fromMs,
      sentence: `is paused until ${dateOf(pause.untilMs)}: ${pause.reason}`,
    }
  const [snoozed] = findings
  if (snoozed)
    return {
      state: 'Snoozed',
      rank: rankLater,
      stateSinceMs: snoozed.sinceMs,
      sentence: `${snoozed.sentence}${snoozed.snoozed ? `, snoozed until ${dateOf(snoozed.snoozed.untilMs)}` : ''}`,
    }
  if (didAnswer(attempt, staleBeforeMs)) return { state: 'OK', rank: rankOk, stateSinceMs: null, sentence: '' }
  const fresh = (attempt?.sweptAtMs ?? 0) >= staleBeforeMs
  if (isAway(attempt) && fresh) return { state: 'OK', rank: rankOk, stateSinceMs: null, sentence: '' }
  return { state: 'Not seen', rank: rankNotSeen, stateSinceMs: attempt?.sweptAtMs ?? null, sentence: '' }
}

const pick = (facts: readonly Fact[], key: FactKey): Fact[] => facts.filter((fact) => fact.key === key)

/** The fact that counts where several agents have one: the worst, then the largest. */
const leading = (facts: readonly Fact[]): Fact | undefined =>
  [...facts].sort(
    (a, b) => weight.indexOf(a.verdict) - weight.indexOf(b.verdict) || Number(b.value ?? 0) - Number(a.value ?? 0),
  )[0]

const numberOf = (fact: Fact | undefined): number | null => (typeof fact?.value === 'number' ? fact.value : null)

/** Against the lab machine, unless that says "none" where the newest known does not. */
function measured(facts: readonly Fact[]): Fact | undefined {
  const [lab, newest] = [leading(pick(facts, 'version.lab')), leading(pick(facts, 'version.gap'))]
  if (!lab || lab.value === null) return newest ?? lab
  return lab.value === 0 && newest !== undefined && newest.verdict !== 'ok' ? newest : lab
}

function versionCells(
  facts: readonly Fact[],
): Pick<
  FleetRow,
  'behind' | 'behindText' | 'behindVerdict' | 'daysBehind' | 'daysVerdict' | 'version' | 'versionSeen'
> {
  const gap = measured(facts)
  const days =
    gap?.key === 'version.lab' ? leading(pick(facts, 'version.lab-days')) : leading(pick(facts, 'version.days'))
  const versions = [
    ...new Set(pick(facts, 'version.disk').flatMap(({ value }) => (typeof value === 'string' ? [value] : []))),
  ]
  return {
    behind: numberOf(gap),
    behindText: gap?.text ?? '',
    behindVerdict: gap?.verdict ?? 'unknown',
    daysBehind: numberOf(days),
    daysVerdict: days?.verdict ?? 'unknown',
    version: versions.join(', '),
    versionSeen: versions.length > 0,
  }
}

function accessCells(
  facts: readonly Fact[],
): Pick<FleetRow, 'answers' | 'answersVerdict' | 'lastExchangeAtMs' | 'lastExchangeSeen'> {
  const doors = pick(facts, 'access.answers')
  const replies = pick(facts, 'activity.reply')
  const newest = replies
    .map(numberOf)
    .reduce<number | null>((best, atMs) => (atMs === null ? best : Math.max(atMs, best ?? atMs)), null)
  return {
    answers: [...doors]
      .sort((a, b) => weight.indexOf(a.verdict) - weight.indexOf(b.verdict))
      .map((door) => door.text)
      .join(' · '),
    answersVerdict: doors.length === 0 ? 'unknown' : worst(doors.map(({ verdict }) => verdict)),
    lastExchangeAtMs: newest,
    lastExchangeSeen: replies.some((reply) => !reply.text.startsWith('not read')),
  }
}

function rowOf(box: StoredBox, input: FleetInput, client: Client | undefined, findings: readonly Finding[]): FleetRow {
  const attempt = input.attempts.get(box.boxId)
  const facts = input.facts.get(box.boxId) ?? []
  return {
    boxId: box.boxId,
    boxName: box.name,
    clientId: client?.clientId ?? null,
    clientName: client?.name ?? '',
    niche: client?.niche ?? '',
    ring: box.ring,
    os: pick(facts, 'system.os')[0]?.text ?? '',
    ...rowState(findings, attempt, input.staleBeforeMs, client ? input.pauseOf(client.clientId) : null),
    ...versionCells(facts),
    ...accessCells(facts),
    seenAtMs: attempt?.sweptAtMs ?? null,
    agents: input.agents.filter((agent) => agent.boxId === box.boxId).length,
  }
}

/** The fleet's table: worst first, then longest. Pure. */
export function buildFleet(input: FleetInput): FleetPage {
  const clients = new Map(input.clients.map((client) => [client.clientId, client]))
  const findings = Map.groupBy(input.findings, (finding) => finding.boxId)
  const agents = Map.groupBy(input.agents, (agent) => agent.boxId)
  const rows = input.boxes
    .map((box) =>
      rowOf(
        box,
        { ...input, agents: agents.get(box.boxId) ?? [] },
        box.clientId ? clients.get(box.clientId) : undefined,
        findings.get(box.boxId) ?? [],
      ),
    )
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        (a.stateSinceMs ?? Number.MAX_SAFE_INTEGER) - (b.stateSinceMs ?? Number.MAX_SAFE_INTEGER) ||
        a.boxName.localeCompare(b.boxName),
    )
  const folds = Map.groupBy(
    rows.filter(({ versionSeen }) => versionSeen),
    (row) => row.version,
  )
  return {
    demo: input.demo,
    rows,
    answered: input.boxes.filter(({ boxId }) => didAnswer(input.attempts.get(boxId), input.staleBeforeMs)).length,
    versionFold: [...folds]
      .map(([version, group]) => ({
        version,
        boxNames: group.map(({ boxName }) => boxName).sort((a, b) => a.localeCompare(b)),
      }))
      .sort((a, b) => b.boxNames.length - a.boxNames.length || b.version.localeCompare(a.version)),
    lastSweep: input.lastSweep,
  }
}
