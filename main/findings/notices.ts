import { DateTime } from 'luxon'
import type { Finding, FindingId } from '../../shared/contract/index.ts'
import { counted, dayWords } from '../base/words.ts'

/** Local times of this computer, `HH:MM`; the same twice: never quiet. */
export interface QuietHours {
  readonly from: string
  readonly to: string
}

/** What the operator is told outside of the window, once. */
export interface Notice {
  readonly title: string
  readonly body: string
  /** What the window shows when the notice is chosen; null: the review. */
  readonly findingId: FindingId | null
  /** Findings that are told by it, and those whose recovery is. */
  readonly opened: readonly FindingId[]
  readonly closed: readonly FindingId[]
}

export interface Untold {
  readonly opened: readonly Finding[]
  readonly closed: readonly Finding[]
}

/** More than this at once is one notice. */
const mostSingle = 3
/** A sum names so many of them. */
const mostNamed = 3

const onDay = (day: DateTime, time: string): DateTime => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return day.set({ hour, minute, second: 0, millisecond: 0 })
}

/** The newest span of quiet hours that had begun at `nowMs`, over or not; null: there are none. */
export function newestQuiet(nowMs: number, { from, to }: QuietHours): { fromMs: number; toMs: number } | null {
  if (from === to) return null
  const now = DateTime.fromMillis(nowMs)
  const today = onDay(now, from)
  const begin = today <= now ? today : onDay(now.minus({ days: 1 }), from)
  const sameDay = onDay(begin, to)
  const end = sameDay > begin ? sameDay : onDay(begin.plus({ days: 1 }), to)
  return { fromMs: begin.toMillis(), toMs: end.toMillis() }
}

/**
 * What to tell now: one notice a finding and one for its end. Nothing in quiet hours; what they held back is summed up
 * after them, and so is what comes in a flood. Pure.
 */
export function planNotices(untold: Untold, nowMs: number, hours: QuietHours): Notice[] {
  const quiet = newestQuiet(nowMs, hours)
  if (quiet && nowMs < quiet.toMs) return []
  const heldBack = (atMs: number | null) => quiet !== null && atMs !== null && atMs >= quiet.fromMs && atMs < quiet.toMs
  const isHeld = (finding: Finding) => heldBack(finding.open ? finding.noticedAtMs : finding.closedAtMs)
  const part = (held: boolean): Untold => ({
    opened: untold.opened.filter((finding) => isHeld(finding) === held),
    closed: untold.closed.filter((finding) => isHeld(finding) === held),
  })
  return [...told(part(true), 1, 'in the quiet hours'), ...told(part(false), mostSingle, 'at once')]
}

function told({ opened, closed }: Untold, mostAlone: number, when: string): Notice[] {
  const all = [...opened, ...closed]
  if (all.length <= mostAlone) return [...opened.map(alarm), ...closed.map(recovery)]
  const lines = all.slice(0, mostNamed).map((finding) => (finding.open ? alarm(finding) : recovery(finding)).body)
  const rest = all.length - lines.length
  return [
    {
      title: title(opened.length, closed.length, when),
      body: [...lines, ...(rest > 0 ? [`And ${rest} more.`] : [])].join('\n'),
      findingId: null,
      opened: opened.map(({ findingId }) => findingId),
      closed: closed.map(({ findingId }) => findingId),
    },
  ]
}

function title(opened: number, closed: number, when: string): string {
  if (opened === 0) return `${counted(closed, 'trouble')} ended ${when}`
  const over = closed === 0 ? '' : `, ${closed} ended`
  return `${counted(opened, 'trouble')} began ${when}${over}`
}

const alarm = (finding: Finding): Notice => ({
  title: finding.subject,
  body: `${finding.subject} ${finding.sentence}. ${finding.nextStep}`,
  findingId: finding.findingId,
  opened: [finding.findingId],
  closed: [],
})

const recovery = (finding: Finding): Notice => ({
  title: `${finding.subject}: over`,
  body: `${finding.subject}: ${finding.recovery ?? 'It is over.'} It was noticed ${dayWords(finding.noticedAtMs, finding.closedAtMs ?? finding.noticedAtMs)}.`,
  findingId: finding.findingId,
  opened: [],
  closed: [finding.findingId],
})
