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
import { type AttemptRow, type BehaviourHistory, behaviourKeys, stretches, unchangedSince } from '../facts/facts.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { rowState } from './fleet.ts'

export const shownDays = 30
const dayMs = 86_400_000
const maxDiary = 60
const maxHolidays = 4

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
  readonly activity: readonly (readonly Omit<ActivityDay, 'replyMs'>[])[]
  readonly workflows: readonly Workflow[]
  /** Of this year and the next, in order. */
  readonly holidays: readonly Holiday[]
  readonly notes: readonly Note[]
  /** May hold an entry twice. */
  readonly diary: readonly LedgerEntry[]
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
