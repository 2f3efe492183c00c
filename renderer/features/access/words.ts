import type { AccessDoor, AccessPage, AccessRow, RuleVerdict, Stranger } from '../../../shared/contract/index.ts'
import { ageText, sinceText } from '../../ui/times.ts'

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

/** Left of the footer: "13 doors · 1 open · 1 not seen". What is zero is not said. */
export function doorsLine({ doors, open, notSeen }: AccessPage): string {
  return [
    counted(doors, 'door', 'doors'),
    ...(open > 0 ? [`${open} open`] : []),
    ...(notSeen > 0 ? [`${notSeen} not seen`] : []),
  ].join(' · ')
}

/** Whom a door answers. An old value goes on being told, with since when nobody has seen it. */
export function answersText(row: AccessRow, nowMs: number): string {
  if (!row.stale) return row.answers || '—'
  const since = `not seen since ${ageOrSince(row.readAtMs, nowMs)}`
  return row.answers ? `${row.answers}, ${since}` : since
}

const ageOrSince = (atMs: number, nowMs: number): string =>
  nowMs - atMs < 24 * 3_600_000 ? sinceText(atMs, nowMs) : ageText(atMs, nowMs)

/** Who was answered in the last seven days; of a machine that was not seen nothing is told. */
export const daysText = (row: AccessRow): string => (row.stale ? '—' : row.lastDays || '—')

/** The door in one sentence, after the client's name: "answers everyone who writes". */
export function doorSentence(row: AccessRow): string {
  if (!row.enabled) return 'is off'
  return row.answers ? `answers ${row.answers}` : 'answers nobody that is known'
}

export const directWords: Record<AccessDoor['direct'], string> = {
  nobody: 'nobody',
  listed: 'only people on the list',
  everyone: 'everyone who writes',
  'pairing-code': 'people on the list; others get a pairing code',
  unknown: 'can’t tell',
}

export const groupWords: Record<AccessDoor['groups'], string> = {
  nobody: 'off',
  listed: 'only those on the list',
  everyone: 'anyone in a group',
  unknown: 'can’t tell',
}

export const configWords = (may: boolean | null): string => (may === null ? 'can’t tell' : may ? 'yes' : 'no')

/** "was answered 3 times". */
export function strangerTimes({ how, times }: Pick<Stranger, 'how' | 'times'>): string {
  const what = how === 'pairing-code' ? 'was sent a pairing code' : 'was answered'
  return `${what} ${times === 1 ? 'once' : `${times} times`}`
}

/** "…142 was answered 3 times": how a stranger is told before anybody asked who it is. */
export const strangerWords = (stranger: Stranger): string =>
  `${stranger.ending ? `…${stranger.ending}` : 'somebody'} ${strangerTimes(stranger)}`

export interface RuleGroups<T> {
  broken: T[]
  unknown: T[]
  holding: T[]
}

/** What is broken, what nobody can judge, and the rest. */
export function ruleGroups<T extends { verdict: RuleVerdict }>(rules: readonly T[]): RuleGroups<T> {
  const of = (state: RuleVerdict['state']) => rules.filter(({ verdict }) => verdict.state === state)
  return { broken: of('broken'), unknown: of('unknown'), holding: of('holds') }
}

/** "All 12 hold", "11 hold", "none holds". */
export function holdingLine(holding: number, all: number): string {
  if (all === 0) return 'No rule applies to it.'
  if (holding === all) return all === 1 ? 'The one rule that applies holds.' : `All ${all} hold.`
  return holding === 1 ? '1 holds.' : `${holding} hold.`
}
