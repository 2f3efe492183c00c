import type { BoxId } from '../../shared/contract/index.ts'
import { idWord, type StoredLine } from './stored-line.ts'

/** Everything of a line but its text. */
export type LineColumns = Omit<StoredLine, 'line'>

/** The columns of so many lines stand together: whoever wants one line reads no others but these. */
export interface Group {
  readonly size: number
  /** JSON of {@link Columns}. */
  readonly columns: string
}

const dictionaries = ['agentId', 'source', 'file', 'subsystem', 'runId', 'sessionId', 'channel'] as const
type Dictionary = (typeof dictionaries)[number]

/** The different values of a column, and which of them each line has: no `at`, where there is only one. */
interface Words {
  readonly values: readonly (string | null)[]
  readonly at?: readonly number[]
}

/** Numbers are differences to the line before. */
interface Columns {
  readonly at: readonly number[]
  readonly seq: readonly number[]
  /** `rawAt - atMs`, null for a line without a time. */
  readonly raw: readonly (number | null)[]
  /** A digit a line. */
  readonly level: string
  readonly words: Readonly<Record<Dictionary, Words>>
}

/** Most lines of one group. Blocks of the first consoles have groups of just so many, and do not say how many. */
const groupLines = 256

export function groupsOf(lines: readonly StoredLine[]): Group[] {
  const groups: Group[] = []
  for (let from = 0; from < lines.length; from += groupLines) {
    const some = lines.slice(from, from + groupLines)
    groups.push({ size: some.length, columns: JSON.stringify(columnsOf(some)) })
  }
  return groups
}

function columnsOf(lines: readonly StoredLine[]): Columns {
  const at: number[] = []
  const seq: number[] = []
  const raw: (number | null)[] = []
  let level = ''
  let lastAt = 0
  let lastSeq = 0
  for (const line of lines) {
    at.push(line.atMs - lastAt)
    seq.push(line.seq - lastSeq)
    raw.push(line.rawAt === null ? null : line.rawAt - line.atMs)
    level += line.level
    lastAt = line.atMs
    lastSeq = line.seq
  }
  const words = Object.fromEntries(dictionaries.map((name) => [name, wordsOf(lines, name)]))
  return { at, seq, raw, level, words: words as Record<Dictionary, Words> }
}

function wordsOf(lines: readonly StoredLine[], name: Dictionary): Words {
  const first = lines[0]?.[name] ?? null
  if (lines.every((line) => line[name] === first)) return { values: [first] }
  const numbers = new Map<string | null, number>()
  let before: string | null | undefined
  let number = 0
  const at = lines.map((line) => {
    const value = line[name]
    if (value !== before) {
      number = numbers.get(value) ?? numbers.size
      numbers.set(value, number)
      before = value
    }
    return number
  })
  return { values: [...numbers.keys()], at }
}

/** As they are kept: how many lines each has, then each. */
export const writeGroups = (groups: readonly Group[]): string =>
  [JSON.stringify(groups.map(({ size }) => size)), ...groups.map(({ columns }) => columns)].join('\n')

export function readGroups(written: string): Group[] {
  const rows = written.split('\n')
  if (!rows[0]?.startsWith('[')) return rows.map((columns) => ({ size: groupLines, columns }))
  const sizes = JSON.parse(rows[0]) as number[]
  return sizes.map((size, index) => ({ size, columns: rows[index + 1] ?? '' }))
}

const indexed = { runId: 'run', sessionId: 'session', channel: 'channel', subsystem: 'subsystem' } as const

/** A word of the index for every id in them. */
export function idWords(groups: readonly Group[]): string[] {
  const all = groups.map(({ columns }) => (JSON.parse(columns) as Columns).words)
  return Object.entries(indexed).flatMap(([name, column]) => {
    const values = new Set(all.flatMap((words) => words[name as keyof typeof indexed].values))
    return [...values].flatMap((value) => (value === null ? [] : [idWord(column, value)]))
  })
}

export interface OpenColumns {
  /** @param index from 0, in order of time. */
  of(index: number): LineColumns
}

/** Each group is opened when a line of it is first asked for. */
export function openGroups(boxId: BoxId, groups: readonly Group[]): OpenColumns {
  const opened: (OpenColumns | undefined)[] = []
  const sizeOf = (number: number): number => groups[number]?.size ?? 0
  let number = 0
  let from = 0
  return {
    of: (index) => {
      // Lines are asked for in order, one way or the other.
      while (index < from) {
        number -= 1
        from -= sizeOf(number)
      }
      while (index >= from + sizeOf(number) && number < groups.length - 1) {
        from += sizeOf(number)
        number += 1
      }
      const known = opened[number] ?? openGroup(boxId, JSON.parse(groups[number]?.columns ?? '') as Columns)
      opened[number] = known
      return known.of(index - from)
    },
  }
}

function openGroup(boxId: BoxId, { at, seq, raw, level, words }: Columns): OpenColumns {
  const sums = (differences: readonly number[]) => {
    let sum = 0
    return differences.map((difference) => {
      sum += difference
      return sum
    })
  }
  const times = sums(at)
  const seqs = sums(seq)
  const word = <T>({ values, at: places }: Words, index: number): T => (values[places?.[index] ?? 0] ?? null) as T
  return {
    of: (index) => {
      const atMs = times[index] ?? 0
      const skew = raw[index] ?? null
      return {
        seq: seqs[index] ?? 0,
        boxId,
        agentId: word(words.agentId, index),
        atMs,
        rawAt: skew === null ? null : atMs + skew,
        level: level.charCodeAt(index) - 48,
        source: word(words.source, index),
        file: word(words.file, index),
        subsystem: word(words.subsystem, index),
        runId: word(words.runId, index),
        sessionId: word(words.sessionId, index),
        channel: word(words.channel, index),
      }
    },
  }
}
