import { DateTime } from 'luxon'
import {
  type BoxId,
  type Client,
  type ClientChange,
  type ClientPage,
  type ClientSpan,
  type Fact,
  type Finding,
  factNames,
  type Holiday,
  type LedgerEntry,
  type Note,
  type Workflow,
} from '../../shared/contract/index.ts'
import type { ActivityDay } from '../activity/activity.ts'
import type { AttemptRow, Facts } from '../facts/facts.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { rowState } from './fleet.ts'

export const shownDays = 30
const dayMs = 86_400_000
const maxDiary = 60
const maxHolidays = 4

/** Facts whose change can show in what is exchanged, and what kind of change it is. */
export const behaviourKeys = {
  'version.disk': 'version',
  'version.commit': 'version',
  'config.hash': 'config',
} as const satisfies Partial<Record<Fact['key'], ClientChange['kind']>>
export type BehaviourKey = keyof typeof behaviourKeys

/** How one such fact of one agent read over time, newest first. */
export interface BehaviourHistory {
  readonly key: BehaviourKey
  readonly boxName: string
  /** When the file itself says that it was last changed; null: nothing says. */
  readonly writtenAtMs: number | null
  readonly spans: ReturnType<Facts['history']>
}

export interface ClientInput {
  readonly nowMs: number
  readonly client: Client
  readonly building: boolean
  /** The client is away now. */
  readonly pause: ClientSpan | null
  readonly opening: ClientPage['opening']
  readonly spans: readonly ClientSpan[]
  /** Without jump hosts. */
  readonly boxes: readonly StoredBox[]
  /** Open, worst first, of these boxes. */
  readonly findings: readonly Finding[]
  readonly attempts: ReadonlyMap<BoxId, AttemptRow>
  readonly staleBeforeMs: number
  /** Of these boxes. */
  readonly facts: readonly Fact[]
  readonly histories: readonly BehaviourHistory[]
  /** Of each agent, any order. */
  readonly activity: readonly (readonly ActivityDay[])[]
  readonly workflows: readonly Workflow[]
  /** Of this year and the next, in order. */
  readonly holidays: readonly Holiday[]
  readonly notes: readonly Note[]
  /** May hold an entry twice. */
  readonly diary: readonly LedgerEntry[]
}

/**
 * Stretches of one reading, newest first. What could not be read is no change. The newest began when its file was
 * written, where that lies between the last look before and the first one after; else when it was found.
 */
function stretches({ spans, writtenAtMs }: BehaviourHistory): { text: string; fromMs: number }[] {
  const known = spans.filter((span) => span.verdict !== 'unknown').toSorted((a, b) => b.fromMs - a.fromMs)
  return known
    .filter((span, at) => known[at + 1]?.text !== span.text)
    .map((span, at, all) => {
      const before = all[at + 1]
      const fits = at === 0 && before && writtenAtMs !== null && writtenAtMs > before.toMs && writtenAtMs < span.fromMs
      return { text: span.text, fromMs: fits ? writtenAtMs : span.fromMs }
    })
}

function changesSince(histories: readonly BehaviourHistory[], sinceMs: number): ClientChange[] {
  return histories
    .flatMap((history) => {
      const { key, boxName } = history
      const read = stretches(history)
      return read.flatMap((stretch, at): ClientChange[] => {
        const before = read[at + 1]
        if (!before || stretch.fromMs < sinceMs) return []
        const kind = behaviourKeys[key]
        const text = kind === 'version' ? `${before.text} → ${stretch.text}` : 'config changed'
        return [{ atMs: stretch.fromMs, kind, boxName, text }]
      })
    })
    .toSorted((a, b) => a.atMs - b.atMs)
}

function unchangedSince(histories: readonly BehaviourHistory[]): ClientPage['unchanged'] {
  const newest = histories
    .flatMap((history) => {
      const [stretch, before] = stretches(history)
      return stretch ? [{ sinceMs: stretch.fromMs, atLeast: before === undefined }] : []
    })
    // Of two as new, the one that is a change counts.
    .toSorted((a, b) => b.sinceMs - a.sinceMs || Number(a.atLeast) - Number(b.atLeast))
  return newest[0] ?? null
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The sum of a fact over the agents; null when one of them could not tell. */
function total(facts: readonly Fact[], key: Fact['key']): number | null {
  const values = facts.filter((fact) => fact.key === key).map(({ value }) => value)
  return values.length > 0 && values.every((value) => typeof value === 'number') ? sum(values) : null
}

function activityOf({ nowMs, facts, activity }: ClientInput): ClientPage['activity'] {
  const rows = activity.flat()
  const byDay = Map.groupBy(rows, ({ day }) => day)
  const first = rows.map(({ day }) => day).toSorted()[0] ?? null
  const days = Array.from({ length: shownDays }, (_, back) => {
    const day = new Date(nowMs - (shownDays - 1 - back) * dayMs).toISOString().slice(0, 10)
    if (first === null || day < first) return { day, inbound: null, replies: null }
    const found = byDay.get(day) ?? []
    return { day, inbound: sum(found.map((row) => row.inbound)), replies: sum(found.map((row) => row.replies)) }
  })
  const from = days[0]?.day ?? ''
  const inbound = first === null ? null : sum(days.map((day) => day.inbound ?? 0))
  const waiting = total(facts, 'activity.unanswered')
  return {
    days,
    inbound,
    answered: inbound === null || waiting === null ? null : Math.max(0, inbound - waiting),
    waiting,
    failures: total(facts, 'activity.failures'),
    knownFromDay: first !== null && first > from ? first : null,
  }
}

function diaryOf(diary: readonly LedgerEntry[]): LedgerEntry[] {
  const bySeq = new Map(diary.map((entry) => [entry.seq, entry]))
  return [...bySeq.values()].toSorted((a, b) => b.seq - a.seq).slice(0, maxDiary)
}

function nextClosed({ holidays, client, nowMs }: ClientInput): Holiday[] {
  const today = DateTime.fromMillis(nowMs, { zone: client.timeZone || 'local' }).toISODate() ?? ''
  return holidays.filter(({ date, open }) => !open && date >= today).slice(0, maxHolidays)
}

/** Everything known about one client, put together. Pure. */
export function buildClient(input: ClientInput): ClientPage {
  const { client, boxes, findings, histories, nowMs } = input
  return {
    client,
    building: input.building,
    opening: input.opening,
    spans: [...input.spans],
    unchanged: unchangedSince(histories),
    machines: boxes.map((box) => {
      const own = findings.filter((finding) => finding.boxId === box.boxId)
      const attempt = input.attempts.get(box.boxId)
      const { state, sentence } = rowState(own, attempt, input.staleBeforeMs, input.pause)
      return { boxId: box.boxId, boxName: box.name, state, sentence, seenAtMs: attempt?.sweptAtMs ?? null }
    }),
    findings: [...findings],
    activity: activityOf(input),
    changes: changesSince(histories, nowMs - shownDays * dayMs),
    workflows: [...input.workflows],
    integrations: input.facts.filter(({ key }) => factNames[key][0] === 'integrations'),
    holidays: nextClosed(input),
    notes: [...input.notes],
    diary: diaryOf(input.diary),
  }
}
