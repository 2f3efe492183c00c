import { LogLevel, type LogQuery } from '../../../shared/contract/index.ts'

/** One term of a filter, with the text it was typed as: taking that text away takes the term away. */
export type Term =
  | {
      kind: 'include' | 'exclude' | 'regex' | 'run' | 'session' | 'channel' | 'subsystem'
      value: string
      typed: string
    }
  | { kind: 'level'; value: LogLevel; typed: string }
  | { kind: 'since' | 'until'; value: number; typed: string }

export interface LogFilter {
  readonly terms: readonly Term[]
  /** What of the typed text means nothing, in sentences; it filters nothing. */
  readonly problems: readonly string[]
}

const named = ['run', 'session', 'channel', 'subsystem'] as const
const mostTerms = 20

const piece = /-?"(?:[^"\\]|\\.)*"?|\/(?:[^/\\]|\\.)*\/?(?=\s|$)|[^\s:"]+:"[^"]*"?|\S+/g

/**
 * Reads what was typed: parts of words, `-part`, `"whole words"`, `/expression/`, `level:warn`, `run:` `session:` `channel:`
 * `subsystem:` with a name, `since:` `until:` with a time of day, a date or a span such as `2h`.
 */
export function readFilter(typed: string, nowMs: number): LogFilter {
  const terms: Term[] = []
  const problems: string[] = []
  for (const [text] of typed.matchAll(piece)) {
    const read = readTerm(text, nowMs)
    if (typeof read === 'string') problems.push(read)
    else if (read.kind === 'regex' && terms.some(({ kind }) => kind === 'regex'))
      problems.push('One expression at a time: the second is left out.')
    else if (read.kind === 'include' && read.value === '""') continue
    else if (terms.length < mostTerms) terms.push(read)
  }
  return { terms, problems }
}

function readTerm(typed: string, nowMs: number): Term | string {
  if (typed.length > 1 && typed.startsWith('/')) return readRegex(typed)
  if (typed.startsWith('-') && typed.length > 1) return { kind: 'exclude', value: whole(typed.slice(1)), typed }
  const [, name, rest] = /^([a-z]+):(.*)$/s.exec(typed) ?? []
  if (name === undefined || rest === undefined) return { kind: 'include', value: whole(typed), typed }
  const value = unquoted(rest)
  if (name === 'level') {
    const level = LogLevel.options.find((each) => each === value.toLowerCase())
    return level ? { kind: 'level', value: level, typed } : `A level is one of ${LogLevel.options.join(', ')}.`
  }
  if (name === 'since' || name === 'until') {
    const atMs = readMoment(value, nowMs)
    return atMs === null
      ? `${name}: takes a span such as 2h, a time such as 16:42, or a date such as 2026-11-26.`
      : { kind: name, value: atMs, typed }
  }
  const known = named.find((each) => each === name)
  if (!known) return { kind: 'include', value: typed, typed }
  return value === '' ? `${name}: takes a name after the colon.` : { kind: known, value, typed }
}

function readRegex(typed: string): Term | string {
  if (typed.length < 3 || !typed.endsWith('/'))
    return 'The expression has no closing slash yet; in double quotes it is plain words.'
  const value = typed.slice(1, -1)
  try {
    new RegExp(value)
    return { kind: 'regex', value, typed }
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : ''
    return `This is no regular expression: ${why.charAt(0).toLowerCase()}${why.slice(1)}.`
  }
}

/** Quotes mean whole words, to the engine too; one that is not closed yet is closed. */
const whole = (text: string): string => (text.startsWith('"') ? `"${text.replaceAll('"', '')}"` : text)
const unquoted = (text: string): string => text.replace(/^"|"$/g, '').replace(/\\(["\\])/g, '$1')

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A span back from now (`30m`, `2h`, `3d`), a time of today or of yesterday when it lies ahead, a date, or both. */
export function readMoment(text: string, nowMs: number): number | null {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? []
  if (count && unit) return nowMs - Number(count) * (unitMs[unit] ?? 0)
  const [, hour, minute, second = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? []
  if (hour && minute) {
    const at = new Date(nowMs)
    at.setHours(Number(hour), Number(minute), Number(second), 0)
    if (at.getTime() > nowMs) at.setDate(at.getDate() - 1)
    return at.getTime()
  }
  const [, day, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text) ?? []
  const atMs = day ? new Date(`${day}T${time}`).getTime() : Number.NaN
  return Number.isFinite(atMs) ? atMs : null
}

type Asked = Omit<LogQuery, 'boxIds'>

const isLevel = (term: Term): term is Extract<Term, { kind: 'level' }> => term.kind === 'level'

/** The filter as the engine takes it. Of two levels or two names of a kind the last one holds. */
export function queryOf({ terms }: LogFilter): Asked {
  const last = (kind: Term['kind']) => terms.findLast((term) => term.kind === kind)?.value
  const named = (key: keyof Asked, value: string | number | undefined) => (value === undefined ? {} : { [key]: value })
  const all = (kind: 'include' | 'exclude') => {
    const values = terms.flatMap((term) => (term.kind === kind ? [term.value] : []))
    return values.length > 0 ? { [kind]: values } : {}
  }
  const level = terms.findLast(isLevel)?.value
  return {
    ...(level ? { level } : {}),
    ...named('regex', last('regex')),
    ...named('runId', last('run')),
    ...named('sessionId', last('session')),
    ...named('channel', last('channel')),
    ...named('subsystem', last('subsystem')),
    ...named('sinceMs', last('since')),
    ...named('untilMs', last('until')),
    ...all('include'),
    ...all('exclude'),
  }
}

/** Whether lines have to be looked at one by one: then hits stream in, newest first. Time and level are known by block. */
export const isSearch = (asked: Asked): boolean =>
  [asked.include, asked.exclude, asked.regex, asked.runId, asked.sessionId, asked.channel, asked.subsystem].some(
    (each) => each !== undefined,
  )

/** The typed text without one term. */
export const without = (typed: string, term: Term): string => {
  const at = typed.indexOf(term.typed)
  return at < 0 ? typed : `${typed.slice(0, at)} ${typed.slice(at + term.typed.length)}`.replace(/\s+/g, ' ').trim()
}

/** The typed text with a term more, in place of others of its kind; an empty value only takes those away. */
export function withTerm(
  typed: string,
  kind: 'level' | 'run' | 'session' | 'channel' | 'since' | 'until',
  value: string,
): string {
  const rest = typed.replace(new RegExp(`(^|\\s)${kind}:("[^"]*"?|\\S+)`, 'g'), ' ').trim()
  if (value === '') return rest
  const word = /\s/.test(value) ? `"${value}"` : value
  return `${rest} ${kind}:${word}`.trim()
}
