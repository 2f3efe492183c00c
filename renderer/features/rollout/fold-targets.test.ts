import { expect, it } from 'vitest'
import type { RolloutPreview, RolloutTarget } from '../../../shared/contract/index.ts'
import { foldTargets, movedSince } from './fold-targets.ts'
import { differsIn, movedWords } from './words.ts'

const target = (name: string, changes: Record<string, string>, more: object = {}): RolloutTarget =>
  ({
    agentId: name,
    boxId: name,
    name,
    goes: true,
    why: '',
    version: '1',
    plan: {
      state: 'changes',
      why: '',
      hash: JSON.stringify(changes),
      baseSha256: 'b',
      changes: Object.entries(changes).map(([path, after]) => ({ path, before: null, after })),
    },
    ...more,
  }) as unknown as RolloutTarget
const preview = (targets: RolloutTarget[], hash = 'h'): RolloutPreview =>
  ({ targets, hash, patch: { hash: 'p' } }) as unknown as RolloutPreview

it('folds the same changes, the largest group first, and who stays by the reason', () => {
  const groups = foldTargets([
    target('a', { x: '1', y: '1' }),
    target('b', { x: '2', y: '1' }),
    target('c', { x: '1', y: '1' }),
    target('d', {}, { goes: false, why: 'nothing to do' }),
    target('e', { y: '1', z: '1' }),
  ])
  expect(groups.map(({ targets, why }) => [targets.map(({ name }) => name), why])).toEqual([
    [['a', 'c'], ''],
    [['b'], ''],
    [['e'], ''],
    [['d'], 'nothing to do'],
  ])
  expect(groups.slice(0, 3).map(differsIn)).toEqual(['', 'also x', 'also z; not x'])
})

it('names machines that became other, came or went since', () => {
  const shown = preview([target('a', { x: '1' }), target('b', { x: '1' }), target('c', { x: '1' })])
  const newest = preview([target('a', { x: '1' }), target('b', { x: '2' }), target('d', { x: '1' })], 'other')
  expect(movedSince(shown, newest)).toEqual({ names: ['b', 'c', 'd'], all: false })
  expect(movedWords(movedSince(shown, newest))).toBe('3 machines are other than in this preview: b, c, d.')
  expect(movedSince(shown, shown)).toEqual({ names: [], all: false })
  expect(movedSince(shown, preview(shown.targets, 'other'))).toEqual({ names: [], all: true })
})
