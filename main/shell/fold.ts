import type { CommandBox, CommandGroup, CommandState, Fault } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { showHidden } from '../../shared/untrusted.ts'
import { compareOutput } from './compare.ts'

/** One machine's result with what it wrote. */
export interface Result {
  readonly box: CommandBox
  readonly text: string
}

const mostChars = 100_000
const isRead = ({ box }: Result): boolean => box.state === 'ok' || box.state === 'failed'

/** Odd ones, worst first. */
const order: readonly CommandState[] = ['failed', 'timed-out', 'not-attempted', 'cancelled', 'ok']

/** The fault told about `boxName`: the same trouble of two machines names each of them. */
const meant = (fault: Fault, boxName: string): Fault => ('boxName' in fault ? { ...fault, boxName } : fault)

const keyOf = ({ box, text }: Result): string =>
  JSON.stringify([
    box.state,
    box.exitCode,
    box.signal,
    box.fault === null ? null : faultText(meant(box.fault, '')).sentence,
    box.cutBytes > 0,
    text,
  ])

/** Line breaks and tabs as they are meant, everything else that cannot be seen made visible. */
export const shownOutput = (text: string): string =>
  text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => showHidden(line.replaceAll('\t', '    ')))
    .join('\n')

export const countLines = (text: string): number => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length)

/**
 * Folds results that are the same in state, exit and every byte of output. The majority is the largest group of at
 * least two that ended by itself; the others carry what they say other than it. Machines that are not done are left away.
 * Pure.
 */
export function foldResults(results: readonly Result[]): CommandGroup[] {
  const done = results.filter(({ box }) => box.state !== 'waiting' && box.state !== 'running')
  const groups = [...Map.groupBy(done, keyOf).values()]
  const majority = groups
    .filter((group) => group.length > 1 && group.every(isRead))
    .reduce<Result[] | null>((best, group) => (best === null || group.length > best.length ? group : best), null)
  const majorityText = majority?.[0] === undefined ? null : shownOutput(majority[0].text)
  return groups
    .toSorted((a, b) => rank(a, majority) - rank(b, majority) || b.length - a.length)
    .flatMap((group): CommandGroup[] => {
      const [first] = group
      if (!first) return []
      const { state, exitCode, signal, fault, bytes } = first.box
      const text = shownOutput(first.text)
      const isMajority = group === majority
      const comparable = !isMajority && majorityText !== null && isRead(first)
      return [
        {
          boxIds: group.map(({ box }) => box.boxId),
          state,
          exitCode,
          signal,
          fault: fault && group.length > 1 ? meant(fault, 'Each of them') : fault,
          text: text.slice(0, mostChars),
          lines: countLines(text),
          moreBytes: Math.max(first.box.cutBytes, text.length > mostChars ? bytes - mostChars : 0),
          majority: isMajority,
          diff: comparable ? compareOutput(majorityText, text) : null,
        },
      ]
    })
}

const rank = (group: readonly Result[], majority: readonly Result[] | null): number =>
  group === majority ? -1 : order.indexOf(group[0]?.box.state ?? 'ok')
