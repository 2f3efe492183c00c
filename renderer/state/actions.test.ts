import { expect, it } from 'vitest'
import { type ActionGroup, inForce, meaningOf } from './actions.ts'

const act = (title: string, keys: string | string[]) => ({ title, keys, run: () => {} })
const groups: ActionGroup[] = [
  { id: 'inner', mounted: 1, name: 'Machine', actions: [act('Sweep this machine', 'r')] },
  {
    id: 'outer',
    mounted: 0,
    name: 'Everywhere',
    actions: [act('Sweep all', ['r', 'shift+r']), act('Fleet', ['g f', 'mod+2'])],
  },
]

it('lets the innermost group answer first', () => {
  expect(meaningOf(groups, null, 'r').action?.title).toBe('Sweep this machine')
  expect(meaningOf(groups, null, 'shift+r').action?.title).toBe('Sweep all')
})

it('waits for the second stroke of a pair', () => {
  expect(meaningOf(groups, null, 'g')).toEqual({ action: null, begins: true })
  expect(meaningOf(groups, 'g', 'f').action?.title).toBe('Fleet')
  expect(meaningOf(groups, 'g', 'r').action).toBeNull()
})

it('knows nothing of other keys', () => expect(meaningOf(groups, null, 'q')).toEqual({ action: null, begins: false }))

it('lists a key once, under the action that it does here', () => {
  const listed = inForce(groups, true).flatMap((group) => group.actions.map(({ title, keys }) => [title, keys]))
  expect(listed).toEqual([
    ['Sweep this machine', ['r']],
    ['Sweep all', ['shift+r']],
    ['Fleet', ['g f', 'mod+2']],
  ])
})

it('lists no letter while letters are turned off', () =>
  expect(inForce(groups, false).flatMap((group) => group.actions.map(({ title, keys }) => [title, keys]))).toEqual([
    ['Fleet', ['mod+2']],
  ]))
