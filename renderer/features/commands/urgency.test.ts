import { expect, test } from 'vitest'
import type { BoxId, CommandGroup, CommandState } from '../../../shared/contract/index.ts'
import { boxesInOrder, worstFirst } from './urgency.ts'

const group = (names: string, state: CommandState, majority = false): CommandGroup => ({
  boxIds: [...names] as BoxId[],
  state,
  exitCode: state === 'ok' ? 0 : null,
  signal: null,
  fault: null,
  text: '',
  lines: 0,
  moreBytes: 0,
  majority,
  diff: null,
})
const groups = [group('abc', 'ok', true), group('d', 'ok'), group('e', 'not-attempted'), group('f', 'failed')]

test('what went wrong stands first, then what was not reached, then the odd one, the majority last', () => {
  expect(worstFirst(groups).map(({ boxIds }) => boxIds.join(''))).toEqual(['f', 'e', 'd', 'abc'])
})

test('machines stand the same way, but do not move while one still runs', () => {
  const boxes = (states: CommandState[]) => states.map((state, at) => ({ boxId: 'abcdef'[at] as BoxId, state }))
  const ended = boxes(['ok', 'ok', 'ok', 'ok', 'not-attempted', 'failed'])
  expect(boxesInOrder(ended, groups).map(({ boxId }) => boxId)).toEqual(['f', 'e', 'd', 'a', 'b', 'c'])
  const running = boxes(['running', 'ok', 'ok', 'ok', 'not-attempted', 'failed'])
  expect(
    boxesInOrder(running, groups)
      .map(({ boxId }) => boxId)
      .join(''),
  ).toBe('abcdef')
})
