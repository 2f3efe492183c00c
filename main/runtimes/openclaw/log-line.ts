import type { LogLevel, LogSource } from '../../../shared/contract/index.ts'
import type { LogLine } from '../log-lines.ts'
import { isSettings, type Settings, settingsAt, textAt } from './settings.ts'

/** A line as it is kept, before it is known where it stood. */
export type ParsedLine = Omit<LogLine, 'offset' | 'source' | 'file'>

const mostText = 8000
const mostColumn = 200

const levels: Record<string, LogLevel> = {
  fatal: 'fatal',
  critical: 'fatal',
  error: 'error',
  err: 'error',
  warn: 'warn',
  warning: 'warn',
  info: 'info',
  notice: 'info',
  debug: 'debug',
  verbose: 'debug',
  trace: 'trace',
  silly: 'trace',
}

export const levelOf = (word: unknown): LogLevel | null =>
  typeof word === 'string' ? (levels[word.trim().toLowerCase()] ?? null) : null

/** Escape sequences of colours and cursors. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const colours = /\u001b\[[0-?]{0,40}[ -/]{0,4}[@-~]/g

const oneLine = (text: string, most: number): string => {
  const flat = text
    .slice(0, most * 2)
    .replace(colours, '')
    .replace(/[\r\n\t\v\f\u2028\u2029]+[ \t]{0,40}/g, ' ')
    .trim()
  return flat.length <= most ? flat : `${flat.slice(0, most - 1)}…`
}

const column = (value: unknown): string | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = oneLine(String(value), mostColumn)
  return text === '' ? null : text
}

/** A moment of a text with its offset from UTC; null: it has none. */
export function momentOf(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return null
  const atMs = Date.parse(text.replace(' ', 'T'))
  return Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15 ? atMs : null
}

/**
 * Takes one redacted line of a log apart: the runtime's JSON of both eras, JSON of its console, text of its service
 * with and without a time (openclaw.md §2). Whatever it is, its words are kept.
 */
export function parseLogLine(redacted: string, source: LogSource): ParsedLine {
  const record = redacted.startsWith('{') ? parsed(redacted) : null
  if (record !== null) return source === 'stability' ? parseReport(record, redacted) : parseRecord(record)
  return parseText(redacted)
}

function parsed(text: string): Settings | null {
  try {
    const value: unknown = JSON.parse(text)
    return isSettings(value) ? value : null
  } catch {
    return null
  }
}

/** What the runtime binds to a logger: `{"subsystem":"gateway"}`. */
const bindingsOf = (value: unknown): Settings =>
  typeof value === 'string' && value.startsWith('{') ? (parsed(value) ?? {}) : {}

const runNames = ['runId', 'run_id']
const sessionNames = ['session_id', 'sessionId', 'sessionKey', 'session_key']
const channelNames = ['channel', 'messageProvider', 'channelId']
const subsystemNames = ['subsystem', 'module', 'logger']
/** Columns, and what only repeats them. */
const taken = new Set([
  ...runNames,
  'session_id',
  'channel',
  'subsystem',
  'module',
  'logger',
  '_meta',
  'time',
  'date',
  'ts',
  'timestamp',
  'level',
  'hostname',
  'message',
  'msg',
])

function parseRecord(record: Settings): ParsedLine {
  const meta = settingsAt(record, '_meta')
  const numbered = Object.keys(record)
    .filter((name) => /^\d{1,3}$/.test(name))
    .sort((a, b) => Number(a) - Number(b))
  const bindings = bindingsOf(record[numbered[0] ?? ''])
  const hasBindings = Object.keys(bindings).length > 0
  const args = numbered.slice(hasBindings ? 1 : 0).map((name) => record[name])
  const named = bindingsOf(meta.name)
  const fields = args.filter(isSettings)
  const sources = [record, ...fields, bindings, named]
  const first = (names: readonly string[]): string | null => {
    for (const from of sources) for (const name of names) if (column(from[name]) !== null) return column(from[name])
    return null
  }
  const words =
    textAt(record, 'message') || textAt(record, 'msg') || args.filter((arg) => typeof arg === 'string').join(' ')
  const subsystem = first(subsystemNames)
  return {
    at: momentOf(record.time) ?? momentOf(meta.date) ?? momentOf(record.timestamp) ?? momentOf(record.ts),
    level: levelOf(meta.logLevelName) ?? levelOf(record.level),
    subsystem,
    runId: first(runNames) ?? runIn(words),
    sessionId: first(sessionNames) ?? sessionIn(words),
    channel: first(channelNames) ?? channelIn(subsystem, words),
    text: oneLine(words, mostText),
    more: moreOf(record, bindings, args, words),
  }
}

/** What is left: bound fields, structured arguments, ids of the trace. */
function moreOf(record: Settings, bindings: Settings, args: readonly unknown[], words: string): string | null {
  const rest: Settings = {}
  const add = (from: Settings): void => {
    for (const [name, value] of Object.entries(from))
      if (!taken.has(name) && !/^\d{1,3}$/.test(name) && name !== '__proto__') rest[name] = value
  }
  add(record)
  add(bindings)
  for (const arg of args) {
    if (isSettings(arg)) add(arg)
    else if (Array.isArray(arg)) rest.args = [...((rest.args as unknown[]) ?? []), arg]
    else if (typeof arg === 'string' && !words.includes(arg.slice(0, 200)))
      rest.args = [...((rest.args as unknown[]) ?? []), arg]
  }
  return canonicalOf(rest)
}

/** Names sorted; what does not fit is left out, and `cut` says so. */
function canonicalOf(fields: Settings): string | null {
  let text = ''
  let cut = false
  for (const name of Object.keys(fields).sort()) {
    const entry = `${text === '' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(sorted(fields[name], 0)) ?? 'null'}`
    if (text.length + entry.length > mostText - 20) cut = true
    else text += entry
  }
  if (cut) text += `${text === '' ? '' : ','}"cut":true`
  return text === '' ? null : `{${text}}`
}

function sorted(value: unknown, depth: number): unknown {
  if (depth > 20) return '…'
  if (Array.isArray(value)) return value.map((each) => sorted(each, depth + 1))
  if (!isSettings(value)) return value
  const names = Object.keys(value).filter((name) => name !== '__proto__')
  return Object.fromEntries(names.sort().map((name) => [name, sorted(value[name], depth + 1)]))
}

function runIn(text: string): string | null {
  const [, named, bare] =
    /\brun_?[Ii]d["']?[=: ]\s?["']?([\w-]{6,80})|\brun ([0-9a-f]{8}-[0-9a-f-]{27})/.exec(text.slice(0, 4000)) ?? []
  return column(named ?? bare)
}
const sessionIn = (text: string): string | null =>
  column(/\bsession(?:Id|Key|_id|_key)=["']?([^\s"',;)]{3,200})/.exec(text.slice(0, 4000))?.[1])

const channels =
  'telegram|whatsapp|imessage|bluebubbles|slack|discord|signal|sms|matrix|msteams|googlechat|mattermost|feishu|zalo|email|webchat'
const channelName = new RegExp(`^(?:gateway/)?(?:channels/)?(${channels})(?:[/:]|$)`)
const channelMark = new RegExp(`^\\[(${channels})(?:[:\\]])`)

const channelIn = (subsystem: string | null, text: string): string | null =>
  channelName.exec(subsystem ?? '')?.[1] ?? channelMark.exec(text)?.[1] ?? null

const leadingTime = /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]?\s*/
const leadingLevel = /^\[?(fatal|critical|error|err|warn|warning|info|notice|debug|verbose|trace)\]?(?::\s*|\s+|$)/i
const leadingSubsystem = /^\[([\w./:@-]{1,120})\]\s*/

/** `2026-11-28T09:12:44.101Z [gateway] error: …`, in any order of the three, or none of them. */
function parseText(line: string): ParsedLine {
  let rest = oneLine(line, mostText)
  let at: number | null = null
  let level: LogLevel | null = null
  let subsystem: string | null = null
  for (let part = 0; part < 4; part++) {
    const time: RegExpExecArray | null = at === null ? leadingTime.exec(rest) : null
    const named: RegExpExecArray | null = level === null ? leadingLevel.exec(rest) : null
    const system: RegExpExecArray | null = subsystem === null ? leadingSubsystem.exec(rest) : null
    if (time) at = momentOf(time[1]?.replace(',', '.'))
    else if (named) level = levelOf(named[1])
    else if (system) subsystem = column(system[1])
    else break
    rest = rest.slice((time ?? named ?? system)?.[0].length ?? 0)
  }
  const said = /^(?:Uncaught )?(?:[A-Z]\w{0,40})?Error\b/.test(rest)
    ? 'error'
    : /^\(node:\d+\) .{0,40}Warning/.test(rest)
      ? 'warn'
      : null
  return {
    at,
    level: level ?? said,
    subsystem,
    runId: runIn(rest),
    sessionId: sessionIn(rest),
    channel: channelIn(subsystem, rest),
    text: rest,
    more: null,
  }
}

/** A crash report is one line: why it was written, and what it holds. */
function parseReport(record: Settings, whole: string): ParsedLine {
  const reason = textAt(record, 'reason') || 'no reason given'
  const problem = textAt(record, 'error', 'message')
  const fields = canonicalOf(Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'reason')))
  return {
    at:
      ['generatedAt', 'createdAt', 'at', 'time', 'ts']
        .map((name) => momentOf(record[name]))
        .find((at) => at !== null) ?? null,
    level: 'warn',
    subsystem: 'stability',
    runId: null,
    sessionId: null,
    channel: null,
    text: oneLine(
      `stability report: ${reason}${problem === '' ? '' : `: ${problem}`} (${whole.length} characters)`,
      mostText,
    ),
    more: fields,
  }
}

const priorities: readonly LogLevel[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug']

/** One entry of `journalctl -o json`: its words, its moment in microseconds, its level. Null: it is none. */
export function readJournalEntry(text: string): { words: string; atUs: number; level: LogLevel | null } | null {
  const record = parsed(text)
  const atUs = Number(record?.__REALTIME_TIMESTAMP)
  if (record === null || !Number.isSafeInteger(atUs) || atUs <= 0) return null
  const { MESSAGE: message } = record
  const words = Array.isArray(message)
    ? Buffer.from(message.filter((byte): byte is number => typeof byte === 'number')).toString('utf8')
    : String(message ?? '')
  const priority = Number(record.PRIORITY)
  // Six is what everything gets that a service prints.
  return { words, atUs, level: priority === 6 ? null : (priorities[priority] ?? null) }
}
