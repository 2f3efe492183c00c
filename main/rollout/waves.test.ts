import { expect, test } from 'vitest'
import type { AgentId, BoxId } from '../../shared/contract/index.ts'
import { usualSoak, wavesOf } from './waves.ts'

type Ring = 'lab' | 'canary' | 'rest'
/** "r1" is the agent r1 on the box r1; "b1/two" the agent two on b1. */
const going = (text: string) =>
  text
    .split(' ')
    .filter(Boolean)
    .map((name) => {
      const ring: Ring = name.startsWith('l') ? 'lab' : name.startsWith('c') ? 'canary' : 'rest'
      return { agentId: name as AgentId, boxId: (name.split('/')[0] ?? '') as BoxId, ring }
    })
const shape = (text: string) =>
  wavesOf(going(text), 'fix').map(({ kind, agentIds, atOnce }) => `${kind} ${agentIds.join('+')} x${atOnce}`)

test.each<[string, string[]]>([
  ['', []],
  ['l1', ['lab l1 x1']],
  // A machine of the lab is alone, with all of its agents one after another.
  ['l1 l1/two l2', ['lab l1+l1/two x1', 'lab l2 x1']],
  ['c1 c2', ['canary c1 x1', 'canary c2 x1']],
  // Nobody is named a canary: the first of the rest is one.
  ['l1 r1 r2 r3', ['lab l1 x1', 'canary r1 x1', 'rest r2 x1', 'rest r3 x1']],
  ['c1 r1', ['canary c1 x1', 'rest r1 x1']],
  ['c1 r1 r2 r3', ['canary c1 x1', 'rest r1+r2 x2', 'rest r3 x1']],
  [
    'l1 c1 r0 r1 r2 r3 r4 r5 r6 r7 r8 r9',
    ['lab l1 x1', 'canary c1 x1', 'rest r0+r1+r2+r3 x4', 'rest r4+r5+r6+r7+r8+r9 x6'],
  ],
  // Two agents of one machine are never changed at once.
  ['c1 r1 r1/two', ['canary c1 x1', 'rest r1 x1', 'rest r1/two x1']],
  ['c1 r1 r1/two r1/three r1/four', ['canary c1 x1', 'rest r1+r1/two x1', 'rest r1/three+r1/four x1']],
])('%s', (names, waves) => expect(shape(names)).toEqual(waves))

test('everybody goes once, in the order given, and numbers count from 1', () => {
  const names = 'l1 c1 c2 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14'
  const waves = wavesOf(going(names), 'fix')
  expect(waves.flatMap(({ agentIds }) => agentIds).join(' ')).toBe(names)
  expect(waves.map(({ number }) => number)).toEqual(waves.map((_, at) => at + 1))
  expect(Math.max(...waves.map(({ atOnce }) => atOnce))).toBeLessThanOrEqual(8)
})

test('a security patch is left at work a shorter while, and skips no wave', () => {
  const names = going('l1 c1 r1 r2')
  const [fix, security] = [wavesOf(names, 'fix'), wavesOf(names, 'security')]
  expect(security.map(({ agentIds }) => agentIds)).toEqual(fix.map(({ agentIds }) => agentIds))
  expect(fix.map(({ soakS }) => soakS)).toEqual([120, 600, 120, 120])
  expect(security.map(({ soakS }) => soakS)).toEqual([0, 60, 0, 0])
  expect(usualSoak('canary', 'behavioural')).toBe(600)
})
