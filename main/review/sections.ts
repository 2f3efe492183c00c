import { DateTime } from 'luxon'
import type {
  BoxId,
  Client,
  ClientId,
  ClientSpan,
  Finding,
  FindingId,
  ReviewClient,
  ReviewItem,
  ReviewSection,
} from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'

/** Days after go-live in which a client has its own section. */
const watchDays = 14
const dayMs = 86_400_000

const order: readonly ReviewSection[] = ['needs-you', 'go-live', 'building', 'later']

export interface SectionsInput {
  readonly nowMs: number
  readonly clients: readonly Client[]
  /** Of machines that are not jump hosts only. */
  readonly boxes: readonly { readonly boxId: BoxId; readonly clientId: ClientId | null }[]
  /** Open, worst first. */
  readonly findings: readonly Finding[]
  readonly marked: ReadonlySet<FindingId>
  /** Pauses and holds that hold now. */
  readonly pauses: ReadonlyMap<ClientId, ClientSpan>
  readonly holds: ReadonlyMap<ClientId, ClientSpan>
}

/** A row before what is looked up for it alone. */
export type Row = Omit<ReviewItem, 'changedBefore'>

/** The first moment of a client's go-live day, its own time; null: no day is set. */
function goLiveMs(client: Client): number | null {
  const day = DateTime.fromISO(client.goLiveOn, { zone: client.timeZone || 'local' })
  return client.goLiveOn !== '' && day.isValid ? day.toMillis() : null
}

/** Clients that are not live yet, and those in their first days, have sections of their own; all others need the operator. */
function laneOf(client: Client | undefined, nowMs: number): Exclude<ReviewSection, 'later'> {
  const goLive = client ? goLiveMs(client) : null
  if (goLive === null) return 'needs-you'
  const days = (nowMs - goLive) / dayMs
  return days < 0 ? 'building' : days < watchDays ? 'go-live' : 'needs-you'
}

/**
 * Was it put off by the operator? A client that is away makes nothing safe: who answers strangers there is told all the
 * same.
 */
export const waits = ({ snoozed, state }: Pick<Finding, 'snoozed' | 'state'>, paused: boolean): boolean =>
  snoozed !== null || (paused && covers(state))

/** Does a pause of its client put it off? */
const covers = (state: Finding['state']): boolean => state !== 'Unsafe'

/**
 * Rows of the review: one a machine, led by its worst finding, the rest behind it. What was put off stands in *Later*,
 * apart from what was not. Machines that have one finding each, and the same, become one row. Pure.
 */
export function reviewRows(input: SectionsInput): Row[] {
  const { findings, clients, marked, nowMs, pauses, holds } = input
  const byId = new Map(clients.map((client) => [client.clientId, client]))
  const pauseOf = ({ clientId, state }: Finding) => (clientId && covers(state) ? (pauses.get(clientId) ?? null) : null)
  const sectionOf = (finding: Finding): ReviewSection =>
    finding.snoozed !== null || pauseOf(finding) !== null
      ? 'later'
      : laneOf(finding.clientId ? byId.get(finding.clientId) : undefined, nowMs)

  const machines = [...Map.groupBy(findings, (finding) => `${sectionOf(finding)}:${finding.boxId}`).values()]
  const rows = Map.groupBy(machines, (group) => {
    const [finding] = group
    if (!finding) return ''
    const section = sectionOf(finding)
    const paused = section === 'later' && pauseOf(finding) !== null
    if (group.length > 1 || paused) return `${section}:${finding.boxId}`
    const { untilMs = '', reason = '' } = finding.snoozed ?? {}
    return [section, finding.cause, finding.severity, finding.sentence, untilMs, reason].join('\n')
  })
  return [...rows.values()]
    .flatMap((groups): Row[] => {
      const [finding, ...others] = groups.flat()
      if (!finding) return []
      const section = sectionOf(finding)
      const shared = groups.length > 1
      return [
        {
          key: shared
            ? [section, finding.cause, finding.sentence, finding.snoozed?.untilMs ?? []].flat().join(':')
            : section === 'later'
              ? `later:${finding.boxId}`
              : finding.boxId,
          finding,
          others,
          section,
          seen: [finding, ...others].every(({ findingId }) => marked.has(findingId)),
          pause: section === 'later' ? pauseOf(finding) : null,
          hold: (finding.clientId && holds.get(finding.clientId)) || null,
        },
      ]
    })
    .sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section) || endOf(a) - endOf(b))
}

/** Later is told by what is back first: not before snooze and pause have both ended. The other sections keep their order. */
const endOf = ({ section, finding, pause }: Row): number =>
  section === 'later' ? Math.max(finding.snoozed?.untilMs ?? 0, pause?.untilMs ?? 0) : 0

/** Clients without a trouble that have a place in the review all the same, by section and then by what is next. Pure. */
export function reviewClients(input: SectionsInput, rows: readonly Row[]): ReviewClient[] {
  const { nowMs, clients, boxes, pauses } = input
  const told = new Set(rows.flatMap((row) => [row.finding, ...row.others].map(({ clientId }) => clientId)))
  const machines = Map.groupBy(boxes, (box) => box.clientId)
  return clients
    .filter(({ clientId }) => !told.has(clientId))
    .flatMap((client): ReviewClient[] => {
      const own = machines.get(client.clientId)?.length ?? 0
      const about = { clientId: client.clientId, name: client.name, pause: pauses.get(client.clientId) ?? null }
      if (about.pause)
        return [
          { ...about, section: 'later', sentence: 'is paused', detail: about.pause.reason, atMs: about.pause.untilMs },
        ]
      const atMs = goLiveMs(client)
      const fleet = own === 0 ? 'no machine yet' : counted(own, 'machine')
      if (atMs === null)
        return own > 0
          ? []
          : [{ ...about, section: 'building', sentence: 'has no go-live day yet', detail: fleet, atMs: null }]
      const lane = laneOf(client, nowMs)
      if (lane === 'building')
        return [{ ...about, section: lane, sentence: `goes live ${inDays(atMs, nowMs)}`, detail: fleet, atMs }]
      if (lane === 'needs-you') return []
      const day = Math.floor((nowMs - atMs) / dayMs) + 1
      const detail = `day ${day} of ${watchDays} · ${fleet}`
      return [{ ...about, section: lane, sentence: `went live ${daysAgo(day - 1)}`, detail, atMs }]
    })
    .sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section) || (a.atMs ?? 0) - (b.atMs ?? 0))
}

const inDays = (atMs: number, nowMs: number): string => {
  const days = Math.ceil((atMs - nowMs) / dayMs)
  return days <= 1 ? 'tomorrow' : `in ${counted(days, 'day')}`
}

const daysAgo = (days: number): string =>
  days === 0 ? 'today' : days === 1 ? 'yesterday' : `${counted(days, 'day')} ago`
