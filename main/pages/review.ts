import { DateTime } from 'luxon'
import type {
  BoxId,
  Client,
  ClientId,
  Finding,
  FindingId,
  ReviewItem,
  ReviewPage,
  SweepSummary,
} from '../../shared/contract/index.ts'
import type { AttemptRow } from '../facts/facts.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { didAnswer, isAway } from './seen.ts'

/** Days after go-live in which a client has its own section. */
const watchDays = 14

export interface ReviewInput {
  readonly nowMs: number
  readonly demo: boolean
  /** Without jump hosts. */
  readonly boxes: readonly StoredBox[]
  readonly clients: readonly Client[]
  /** Open, worst first. */
  readonly findings: readonly Finding[]
  readonly marked: ReadonlySet<FindingId>
  readonly attempts: ReadonlyMap<BoxId, AttemptRow>
  /** When the oldest fact of each box was taken. */
  readonly oldest: ReadonlyMap<BoxId, number>
  readonly staleBeforeMs: number
  readonly lastSweep: SweepSummary | null
  readonly reviewStartedAtMs: number | null
}

/** Clients that are not live yet, and those in their first days, have sections of their own; all others need the operator. */
function sectionOf(finding: Finding, clients: ReadonlyMap<ClientId, Client>, nowMs: number): ReviewItem['section'] {
  const client = finding.clientId ? clients.get(finding.clientId) : undefined
  if (!client?.goLiveOn) return 'needs-you'
  const goLive = DateTime.fromISO(client.goLiveOn, { zone: client.timeZone || 'local' })
  if (!goLive.isValid) return 'needs-you'
  const days = (nowMs - goLive.toMillis()) / 86_400_000
  return days < 0 ? 'building' : days < watchDays ? 'go-live' : 'needs-you'
}

const order: readonly ReviewItem['section'][] = ['needs-you', 'go-live', 'building']

/**
 * Rows of the review: one a machine, led by its worst finding (`findings` come worst first), the rest behind it.
 * Machines that have one finding each, and the same, become one row. Pure.
 */
export function reviewItems({
  findings,
  clients,
  marked,
  nowMs,
}: Pick<ReviewInput, 'findings' | 'clients' | 'marked' | 'nowMs'>): ReviewItem[] {
  const byId = new Map(clients.map((client) => [client.clientId, client]))
  const machines = [...Map.groupBy(findings, (finding) => finding.boxId).values()]
  const rows = Map.groupBy(machines, (group) => {
    const [finding] = group
    if (!finding || group.length > 1) return finding?.boxId ?? ''
    return [sectionOf(finding, byId, nowMs), finding.cause, finding.severity, finding.sentence].join('\n')
  })
  const items = [...rows.values()].flatMap((groups): ReviewItem[] => {
    const [finding, ...others] = groups.flat()
    if (!finding) return []
    const section = sectionOf(finding, byId, nowMs)
    const shared = groups.length > 1
    return [
      {
        key: shared ? `${section}:${finding.cause}:${finding.sentence}` : finding.boxId,
        finding,
        others,
        section,
        seen: [finding, ...others].every(({ findingId }) => marked.has(findingId)),
      },
    ]
  })
  return items.sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section))
}

/** The morning page. "All quiet" is said only when every machine that is expected on answered and nothing is open. */
export function buildReview(input: ReviewInput): ReviewPage {
  const { boxes, findings, attempts, staleBeforeMs } = input
  const answered = boxes.filter((box) => didAnswer(attempts.get(box.boxId), staleBeforeMs))
  const answeredIds = new Set(answered.map(({ boxId }) => boxId))
  const notSeen = boxes.filter((box) => !answeredIds.has(box.boxId) && !isAway(attempts.get(box.boxId)))
  const inTrouble = new Set(findings.map(({ boxId }) => boxId))
  const names = new Map(input.clients.map((client) => [client.clientId, client.name]))
  const quiet = answered.filter(({ boxId }) => !inTrouble.has(boxId))
  const items = reviewItems(input)
  const taken = answered.flatMap(({ boxId }) => input.oldest.get(boxId) ?? [])
  return {
    demo: input.demo,
    machines: boxes.length,
    answered: answered.length,
    notSeen: notSeen.map(({ name }) => name),
    lastSweep: input.lastSweep,
    oldestFactAtMs: taken.length === 0 ? null : taken.reduce((oldest, atMs) => Math.min(oldest, atMs)),
    items,
    nothingToDo: quiet
      .map(({ boxId, name, clientId }) => ({ name: (clientId && names.get(clientId)) || name, boxId }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    allQuiet: boxes.length > 0 && notSeen.length === 0 && answered.length > 0 && items.length === 0,
    reviewStartedAtMs: input.reviewStartedAtMs,
  }
}
