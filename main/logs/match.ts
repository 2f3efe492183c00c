import type { LogQuery } from '../../shared/contract/index.ts'
import type { LineColumns } from './columns.ts'
import { indexWords, literalsOf, whole } from './index-words.ts'
import { idWord, levelNumber, loudness } from './stored-line.ts'

/** A question about lines, made ready to be asked of many. */
export interface Matcher {
  /** FTS5 expression that holds for every block with a matching line; null: the index knows nothing of it. */
  readonly words: string | null
  /** Least loudness; 0: any. */
  readonly minimum: number
  /** Stands in every matching line, as it is written here; null: nothing does. */
  readonly literal: string | null
  /** Finds where in the text of a whole block a matching line may be; null: each line has to be looked at. */
  readonly finder: RegExp | null
  /** Does anything stand or not stand in the text? */
  readonly asksText: boolean
  /** Does anything have to be looked up besides the text? */
  readonly asksColumns: boolean
  text(line: string): boolean
  columns(line: LineColumns): boolean
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

interface Term {
  readonly text: string
  readonly wholeWords: boolean
}

const termOf = (written: string): Term => {
  const quoted = /^"(.+)"$/s.exec(written)?.[1]
  return quoted === undefined ? { text: written, wholeWords: false } : { text: quoted, wholeWords: true }
}

const testOf = ({ text, wholeWords }: Term): RegExp =>
  wholeWords
    ? new RegExp(`(?<![\\p{L}\\p{N}\\p{M}\\p{Co}])${literally(text)}(?![\\p{L}\\p{N}\\p{M}\\p{Co}])`, 'iu')
    : new RegExp(literally(text), 'i')

/**
 * May this expression run over many lines at once without reaching from one into the next? Anything that could take a
 * line break for a character, or look around itself, may not.
 */
export const staysInLine = (source: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character in the expression is such a case
  !/\(\?(?!:)|\[\^|\\[sDWBpPnrfvcxuk0-9]|[\x00-\x1f]/.test(source)

/** @throws SyntaxError for a broken `regex`; see `checkRegex`. */
export function matcherOf(query: LogQuery): Matcher {
  const include = (query.include ?? []).map(termOf)
  const has = include.map(testOf)
  const hasNot = (query.exclude ?? []).map((term) => testOf(termOf(term)))
  const regex = query.regex === undefined ? null : new RegExp(query.regex)
  const { runId, sessionId, channel, subsystem, sinceMs, untilMs, afterSeq } = query
  const minimum = query.level === undefined ? 0 : levelNumber(query.level)

  const literals = query.regex === undefined ? [] : literalsOf(query.regex)
  const words = [
    ...include.flatMap(({ text, wholeWords }) => indexWords(text, wholeWords)),
    ...literals.flatMap((text) => indexWords(text, false)),
    ...(runId === undefined ? [] : [whole(idWord('run', runId))]),
    ...(sessionId === undefined ? [] : [whole(idWord('session', sessionId))]),
    ...(channel === undefined ? [] : [whole(idWord('channel', channel))]),
    ...(subsystem === undefined ? [] : [whole(idWord('subsystem', subsystem))]),
  ]
  const longest = include.map(({ text }) => text).sort((a, b) => b.length - a.length)[0]
  const finder =
    longest !== undefined
      ? new RegExp(literally(longest), 'gi')
      : query.regex !== undefined && staysInLine(query.regex)
        ? new RegExp(query.regex, 'gm')
        : null

  return {
    words: words.length === 0 ? null : [...new Set(words)].join(' AND '),
    minimum,
    literal: literals.sort((a, b) => b.length - a.length)[0] ?? null,
    finder,
    asksText: has.length + hasNot.length > 0 || regex !== null,
    asksColumns:
      minimum > levelNumber('trace') ||
      [runId, sessionId, channel, subsystem, sinceMs, untilMs, afterSeq].some((value) => value !== undefined),
    text: (line) =>
      has.every((test) => test.test(line)) && !hasNot.some((test) => test.test(line)) && (regex?.test(line) ?? true),
    columns: (line) =>
      loudness(line.level) >= minimum &&
      (runId === undefined || line.runId === runId) &&
      (sessionId === undefined || line.sessionId === sessionId) &&
      (channel === undefined || line.channel === channel) &&
      (subsystem === undefined || line.subsystem === subsystem) &&
      (sinceMs === undefined || line.atMs >= sinceMs) &&
      (untilMs === undefined || line.atMs < untilMs) &&
      (afterSeq === undefined || line.seq > afterSeq),
  }
}

/** Does a question ask for nothing that a gap has not: then gaps belong into its answer. */
export const wantsGaps = ({
  level,
  include,
  exclude,
  regex,
  runId,
  sessionId,
  channel,
  subsystem,
}: LogQuery): boolean =>
  [level, regex, runId, sessionId, channel, subsystem].every((value) => value === undefined) &&
  (include ?? []).length + (exclude ?? []).length === 0

/** Does every line match that came late enough? */
export const holdsAll = (query: LogQuery): boolean =>
  wantsGaps(query) && query.sinceMs === undefined && query.untilMs === undefined

/** A line of a block's text that matches. */
export interface Found {
  /** From 0, in order of time. */
  readonly index: number
  readonly line: string
}

/** How many lines a piece of text has. */
function linesIn(piece: string): number {
  let lines = 1
  for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines += 1
  return lines
}

/**
 * Lines of a block whose text matches, in order of time; columns are not looked at.
 *
 * @param pieces the text, cut between lines.
 */
export function* findInText(matcher: Matcher, pieces: readonly string[]): Generator<Found> {
  let first = 0
  /** Pieces that were passed without a match: their lines are counted when one is found. */
  let passed: string[] = []
  for (const piece of pieces) {
    if (matcher.literal !== null && !piece.includes(matcher.literal)) {
      passed.push(piece)
      continue
    }
    for (const { index, line } of findInPiece(matcher, piece)) {
      first += passed.reduce((sum, one) => sum + linesIn(one), 0)
      passed = []
      yield { index: first + index, line }
    }
    passed.push(piece)
  }
}

function* findInPiece(matcher: Matcher, text: string): Generator<Found> {
  const { finder } = matcher
  if (finder === null) {
    let index = 0
    for (const line of text.split('\n')) {
      if (matcher.text(line)) yield { index, line }
      index += 1
    }
    return
  }
  let index = 0
  let start = 0
  finder.lastIndex = 0
  for (let found = finder.exec(text); found; found = finder.exec(text)) {
    for (let end = text.indexOf('\n', start); end >= 0 && end < found.index; end = text.indexOf('\n', start)) {
      start = end + 1
      index += 1
    }
    const end = text.indexOf('\n', found.index)
    const line = text.slice(start, end < 0 ? undefined : end)
    if (matcher.text(line)) yield { index, line }
    if (end < 0) return
    start = end + 1
    index += 1
    finder.lastIndex = start
  }
}
