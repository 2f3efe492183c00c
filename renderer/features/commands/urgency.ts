import type { CommandBox, CommandGroup, CommandState } from '../../../shared/contract/index.ts'

/** What needs a person first: what went wrong, then what was not reached, then what is under way, then what is well. */
const order: readonly CommandState[] = ['failed', 'timed-out', 'not-attempted', 'cancelled', 'running', 'waiting', 'ok']
const rankOf = (state: CommandState): number => order.indexOf(state)

/** It went well, and said something other than the most. */
export const isOdd = (group: CommandGroup, groups: readonly CommandGroup[]): boolean =>
  group.state === 'ok' && !group.majority && groups.some(({ majority }) => majority)

/** Failures first, then the odd ones, the majority last. */
export const worstFirst = (groups: readonly CommandGroup[]): CommandGroup[] =>
  groups.toSorted((a, b) => rankOf(a.state) - rankOf(b.state) || Number(isOdd(b, groups)) - Number(isOdd(a, groups)))

/** The same of machines, once all have ended; before that nothing moves. */
export function boxesInOrder<Box extends Pick<CommandBox, 'boxId' | 'state'>>(
  boxes: readonly Box[],
  groups: readonly CommandGroup[],
): Box[] {
  const odd = new Set(groups.filter((group) => isOdd(group, groups)).flatMap(({ boxIds }) => boxIds))
  if (boxes.some(({ state }) => state === 'running' || state === 'waiting')) return [...boxes]
  return boxes.toSorted(
    (a, b) => rankOf(a.state) - rankOf(b.state) || Number(odd.has(b.boxId)) - Number(odd.has(a.boxId)),
  )
}
