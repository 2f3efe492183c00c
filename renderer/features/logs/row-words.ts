import type { LogGapReason, LogLevel, LogSource } from '../../../shared/contract/index.ts'
import { showHidden } from '../../../shared/untrusted.ts'
import type { DroppedRow, GapRow, LineRow, Row } from './line-window.ts'
import { bytesText, countText, shortMoment } from './log-times.ts'

/** Levels that say something at a glance; lines of the others carry no word. */
export const loudLevel = (level: LogLevel | null): 'fatal' | 'error' | 'warn' | null =>
  level === 'fatal' || level === 'error' || level === 'warn' ? level : null

export const sourceWords: Record<LogSource, string> = {
  runtime: 'the agent’s own log',
  service: 'the log of its service',
  stability: 'its stability reports',
  restart: 'its restart log',
}

const reasons: Record<LogGapReason, string> = {
  'too-much': 'more than 20 MB between two sweeps, or than 4 MB a second',
  'rotated-away': 'the machine deleted them before they were read',
  truncated: 'the file was cut short between two sweeps',
  unreadable: 'the login may not read the file',
  'line-too-long': 'one line is longer than can be kept',
}

/** What a gap says of itself: how much is missing, and why. */
export function gapWords(gap: GapRow): string {
  const much = gap.bytes > 0 ? `${bytesText(gap.bytes)} not read` : 'Lines not read'
  const when =
    gap.fromAtMs !== null && gap.toAtMs !== null && gap.toAtMs > gap.fromAtMs
      ? `, ${shortMoment(gap.fromAtMs)} to ${shortMoment(gap.toAtMs)}`
      : ''
  return `${much}${when}: ${reasons[gap.reason]}`
}

export const droppedWords = ({ count }: DroppedRow): string =>
  `Dropped ${countText(count)} ${count === 1 ? 'line' : 'lines'} that came faster than they are drawn. They are kept: scroll up to read them.`

/** A row as one line of text, to be pasted elsewhere: UTC, so that whoever reads it need not know where it was copied. */
export function rowAsText(row: Row, machine: string): string {
  const at = new Date(row.atMs).toISOString()
  if (row.kind === 'gap') return `${at} ${machine} [${gapWords(row)}]`
  if (row.kind === 'dropped') return `${at} ${machine} [${droppedWords(row)}]`
  return [at, machine, row.level ?? '-', row.subsystem ?? '-', row.text].map(showHidden).join(' ')
}

/** A line as JSON, the fields that are no columns put back as the object they were. */
export function lineAsJson(line: LineRow, machine: string): string {
  const { kind: _kind, more, ...rest } = line
  return JSON.stringify({ machine, ...rest, more: more === null ? null : parsed(more) }, null, 2)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** JSON from a machine, laid out to be read; text that is none comes back as it is. Hidden characters are visible. */
export function prettyLines(more: string): string[] {
  const value = parsed(more)
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return text.split('\n').slice(0, 400).map(showHidden)
}

/** How far a machine's clock was off when it wrote a line: "its clock is 3.2 s ahead"; null: within half a second. */
export function skewWords(atMs: number, rawAt: number | null): string | null {
  if (rawAt === null) return 'the line carries no time; it stands where it was read'
  const ahead = rawAt - atMs
  if (Math.abs(ahead) < 500) return null
  const much =
    Math.abs(ahead) < 60_000
      ? `${(Math.abs(ahead) / 1000).toFixed(1)} s`
      : `${Math.round(Math.abs(ahead) / 60_000)} min`
  return `its clock was ${much} ${ahead > 0 ? 'ahead' : 'behind'}`
}
