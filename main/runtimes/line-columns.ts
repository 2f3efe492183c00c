import { atMostTime, isColumn, isFile, isLevel, isSource, isText, type LogLine } from './log-lines.ts'

/** The different values of a column, and which of them each line has: no `at` where all have the only one. */
export interface Words<Value> {
  readonly values: readonly Value[]
  readonly at?: readonly number[]
}

/**
 * The lines of a batch, column by column: what stands in many of them is said once, and a console that follows looks at it
 * once. Numbers are differences to the line before; a line without a time has `null` and counts for none.
 */
export interface LineColumns {
  readonly at: readonly (number | null)[]
  readonly offset: readonly number[]
  readonly text: readonly string[]
  readonly more: Words<LogLine['more']>
  readonly level: Words<LogLine['level']>
  readonly source: Words<LogLine['source']>
  readonly file: Words<LogLine['file']>
  readonly subsystem: Words<LogLine['subsystem']>
  readonly runId: Words<LogLine['runId']>
  readonly sessionId: Words<LogLine['sessionId']>
  readonly channel: Words<LogLine['channel']>
}

const mostLines = 200_000

/** Runs on a box. */
export function inColumns(lines: readonly LogLine[]): LineColumns {
  let lastAt = 0
  let lastOffset = 0
  return {
    at: lines.map(({ at }) => {
      if (at === null) return null
      const difference = at - lastAt
      lastAt = at
      return difference
    }),
    offset: lines.map(({ offset }) => {
      const difference = offset - lastOffset
      lastOffset = offset
      return difference
    }),
    text: lines.map(({ text }) => text),
    more: wordsOf(lines.map(({ more }) => more)),
    level: wordsOf(lines.map(({ level }) => level)),
    source: wordsOf(lines.map(({ source }) => source)),
    file: wordsOf(lines.map(({ file }) => file)),
    subsystem: wordsOf(lines.map(({ subsystem }) => subsystem)),
    runId: wordsOf(lines.map(({ runId }) => runId)),
    sessionId: wordsOf(lines.map(({ sessionId }) => sessionId)),
    channel: wordsOf(lines.map(({ channel }) => channel)),
  }
}

function wordsOf<Value>(column: readonly Value[]): Words<Value> {
  const numbers = new Map<Value, number>()
  const at = column.map((value) => {
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return number
  })
  return numbers.size <= 1 ? { values: [...numbers.keys()] } : { values: [...numbers.keys()], at }
}

/** What a console does to the texts of a line before it keeps it. */
export interface Look {
  text(text: string): string
  column(text: string): string
}

/** The lines as they were, each different value of a column looked at once. The columns must have been checked. */
export function fromColumns(columns: LineColumns, look: Look): LogLine[] {
  const of = <Value>({ values, at }: Words<Value>, by: (value: Value) => Value): ((index: number) => Value) => {
    const seen = values.map(by)
    return at ? (index) => seen[at[index] as number] as Value : () => seen[0] as Value
  }
  const same = <Value>(value: Value): Value => value
  const column = (value: string | null): string | null => (value === null ? null : look.column(value))
  const more = of(columns.more, (value) => (value === null ? null : look.text(value)))
  const level = of(columns.level, same)
  const source = of(columns.source, same)
  const file = of(columns.file, same)
  const subsystem = of(columns.subsystem, column)
  const runId = of(columns.runId, column)
  const sessionId = of(columns.sessionId, column)
  const channel = of(columns.channel, column)
  let at = 0
  let offset = 0
  return columns.text.map((text, index) => {
    const sinceLast = columns.at[index] ?? null
    if (sinceLast !== null) at += sinceLast
    offset += columns.offset[index] as number
    return {
      source: source(index),
      file: file(index),
      at: sinceLast === null ? null : at,
      level: level(index),
      subsystem: subsystem(index),
      runId: runId(index),
      sessionId: sessionId(index),
      channel: channel(index),
      text: look.text(text),
      more: more(index),
      offset,
    }
  })
}

/** Columns of lines of which each is one; checked by hand, for thousands of lines a second come by here. */
export function isLineColumns(value: unknown): value is LineColumns {
  if (typeof value !== 'object' || value === null) return false
  const columns = value as Record<keyof LineColumns, unknown>
  const { text, at, offset } = columns
  if (!Array.isArray(text) || text.length > mostLines || !text.every(isText)) return false
  const isWords = (words: unknown, isValue: (value: unknown) => boolean) => areWords(words, isValue, text.length)
  return (
    areTimes(at, text.length) &&
    areOffsets(offset, text.length) &&
    isWords(columns.more, (more) => more === null || isText(more)) &&
    isWords(columns.level, isLevel) &&
    isWords(columns.source, isSource) &&
    isWords(columns.file, isFile) &&
    isWords(columns.subsystem, isColumn) &&
    isWords(columns.runId, isColumn) &&
    isWords(columns.sessionId, isColumn) &&
    isWords(columns.channel, isColumn)
  )
}

function areTimes(values: unknown, lines: number): boolean {
  if (!Array.isArray(values) || values.length !== lines) return false
  let sum = 0
  return values.every((value) => {
    if (value === null) return true
    sum += value
    return Number.isSafeInteger(value) && Math.abs(sum) <= atMostTime
  })
}

function areOffsets(values: unknown, lines: number): boolean {
  if (!Array.isArray(values) || values.length !== lines) return false
  let sum = 0
  return values.every((value) => {
    sum += value
    return Number.isSafeInteger(value) && Number.isSafeInteger(sum) && sum >= 0
  })
}

function areWords(words: unknown, isValue: (value: unknown) => boolean, lines: number): boolean {
  if (typeof words !== 'object' || words === null) return false
  const { values, at } = words as { values?: unknown; at?: unknown }
  if (!Array.isArray(values) || values.length > Math.max(1, lines) || !values.every(isValue)) return false
  if (at === undefined) return lines === 0 || values.length === 1
  return (
    Array.isArray(at) &&
    at.length === lines &&
    at.every((place) => Number.isInteger(place) && place >= 0 && place < values.length)
  )
}
