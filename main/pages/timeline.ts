import { DateTime } from 'luxon'
import {
  type Fact,
  type FactKey,
  Fault,
  type Finding,
  factNames,
  type LedgerEntry,
  type OutsideChange,
  type TimelineItem,
} from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { dateWords } from '../base/words.ts'
import type { ChangeRow } from '../facts/facts.ts'
import { whoWords } from '../outside/outside.ts'

/** Facts whose change is worth a line in what happened on a machine, and what kind of line. */
const told: Partial<Record<FactKey, TimelineItem['kind']>> = {
  'version.disk': 'version',
  'version.running': 'version',
  'version.commit': 'version',
  'version.patches': 'change-found',
  'config.valid': 'change-found',
  'access.answers': 'change-found',
  'agent.service': 'change-found',
  'channel.connected': 'change-found',
  'system.os': 'change-found',
  'system.node': 'change-found',
  'system.boot': 'restart',
}

export interface TimelineInput {
  readonly findings: readonly Finding[]
  readonly facts: readonly Fact[]
  /** Closed intervals, any order. */
  readonly changes: readonly ChangeRow[]
  /** When each fact of `facts` began to read as it does. */
  readonly ledger: readonly LedgerEntry[]
  readonly failed: readonly { atMs: number; fault: string | null }[]
  /** What this console did not do. */
  readonly outside: readonly OutsideChange[]
}

const maxItems = 300

/** Each closed interval says that the fact read differently after it: the next interval's value was found at its start. */
function changesFound({ changes, facts }: TimelineInput): TimelineItem[] {
  const now = new Map(facts.map((fact) => [[fact.agentId ?? '', fact.key, fact.instance].join(' '), fact]))
  const groups = Map.groupBy(changes, (row) => [row.agentId, row.key, row.instance].join(' '))
  return [...groups].flatMap(([id, rows]) => {
    const kind = told[rows[0]?.key as FactKey]
    if (!kind) return []
    const sorted = [...rows].sort((a, b) => a.fromMs - b.fromMs)
    const current = now.get(id)
    return sorted.flatMap((row, index): TimelineItem[] => {
      const next = sorted[index + 1]
      const after = next
        ? { text: next.text, atMs: next.fromMs, verdict: next.verdict }
        : current && { text: storedText(current), atMs: row.toMs, verdict: current.verdict }
      if (!after || row.verdict === 'unknown' || (after.verdict === 'unknown' && next)) return []
      return [itemOf(kind, row.key as FactKey, row, after)]
    })
  })
}

/** A moment is shown relative to now elsewhere; in a timeline it is a date. */
const storedText = (fact: Fact): string =>
  fact.key === 'system.boot' && typeof fact.value === 'number' ? dateWords(fact.value) : fact.text

function itemOf(
  kind: TimelineItem['kind'],
  key: FactKey,
  before: ChangeRow,
  after: { text: string; atMs: number },
): TimelineItem {
  const name = factNames[key][1]
  const where = before.instance ? ` (${before.instance})` : ''
  if (kind === 'restart')
    return {
      atMs: after.atMs,
      kind,
      sentence: `The machine restarted: ${after.text}.`,
      detail: `Before: ${before.text}`,
    }
  return { atMs: after.atMs, kind, sentence: `${name}${where}: ${after.text}`, detail: `Before: ${before.text}` }
}

const findingItems = (findings: readonly Finding[]): TimelineItem[] =>
  findings.flatMap((finding): TimelineItem[] => [
    {
      atMs: finding.noticedAtMs,
      kind: 'finding-opened',
      sentence: `${finding.subject} ${finding.sentence}.`,
      detail: finding.detail,
    },
    ...(finding.closedAtMs === null
      ? []
      : [
          {
            atMs: finding.closedAtMs,
            kind: 'finding-closed' as const,
            sentence: finding.recovery ?? 'It is over.',
            detail: `${finding.subject} ${finding.sentence}.`,
          },
        ]),
  ])

/** What facts of their own tell already: who it answers, and which code. */
const toldByFacts = new Set<OutsideChange['part']>(['access', 'code'])

const outsideItems = (changes: readonly OutsideChange[]): TimelineItem[] =>
  changes
    .filter(({ part }) => !toldByFacts.has(part))
    .map((change) => ({
      atMs: change.atMs,
      kind: change.part === 'update' ? 'version' : 'change-found',
      sentence: `${change.sentence}.`,
      detail: whoWords(change) || 'not done from this console',
    }))

/** Findings stand in the diary too; here they are told once. */
const ledgerItems = (ledger: readonly LedgerEntry[]): TimelineItem[] =>
  ledger
    .filter((entry) => !entry.kind.startsWith('finding.'))
    .map((entry) => ({
      atMs: entry.atMs,
      kind: 'we-did',
      sentence: entry.sentence,
      detail: entry.actor === 'operator' ? 'you' : entry.actor,
    }))

/** The attempt that raised a trouble stands a moment before it. */
const believedInMs = 60_000

/** Attempts of one day that failed in the same way are one line, at the newest; what a trouble says already is left out. */
function failedItems({ failed, findings }: TimelineInput): TimelineItem[] {
  const attempts = failed.map(({ atMs, fault }) => {
    const parsed = fault === null ? null : Fault.safeParse(JSON.parse(fault))
    return { atMs, sentence: parsed?.success ? faultText(parsed.data).sentence : 'A sweep of it failed.' }
  })
  const told = (attempt: (typeof attempts)[number]) =>
    findings.some(
      ({ noticedAtMs, closedAtMs, detail }) =>
        detail === attempt.sentence &&
        attempt.atMs >= noticedAtMs - believedInMs &&
        (closedAtMs === null || attempt.atMs <= closedAtMs),
    )
  const days = Map.groupBy(
    attempts.filter((attempt) => !told(attempt)),
    ({ atMs, sentence }) => `${DateTime.fromMillis(atMs).toISODate()} ${sentence}`,
  )
  return [...days.values()].flatMap((same): TimelineItem[] => {
    const [newest, ...others] = same.toSorted((a, b) => b.atMs - a.atMs)
    const first = others.at(-1)
    if (!newest) return []
    const detail = first ? `${same.length} times, first at ${DateTime.fromMillis(first.atMs).toFormat('HH:mm')}` : ''
    return [{ ...newest, kind: 'sweep-failed', detail }]
  })
}

/** What happened on a machine, newest first: what was found changed, what we did, what was wrong. Pure. */
export function buildTimeline(input: TimelineInput): TimelineItem[] {
  return [
    ...changesFound(input),
    ...findingItems(input.findings),
    ...ledgerItems(input.ledger),
    ...failedItems(input),
    ...outsideItems(input.outside),
  ]
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, maxItems)
}
