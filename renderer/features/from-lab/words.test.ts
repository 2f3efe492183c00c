import { expect, test } from 'vitest'
import type { ComparedLine, SnapshotPatch } from '../../../shared/contract/index.ts'
import { byKind, lead, missing } from './words.ts'

test('the lead counts what a patch carries and what it does not', () => {
  expect([lead(0, 0), lead(1, 0), lead(6, 1), lead(0, 2)]).toEqual([
    'Nothing was changed since then.',
    '1 change a patch can carry.',
    '6 changes a patch can carry; 1 is left out.',
    'Nothing that a patch carries was changed; 2 are left out.',
  ])
})

test('lines stand in the order of the parts of a patch', () => {
  const line = (kind: ComparedLine['kind']) => ({ kind }) as ComparedLine
  expect(byKind([line('folder'), line('file'), line('setting')]).map(({ words }) => words)).toEqual([
    'Settings',
    'Files',
    'Tracked folders',
  ])
})

test('nothing is saved before it was read, refused lines are out and there is a reason', () => {
  const preview = { problems: [] as SnapshotPatch['problems'] } as SnapshotPatch
  const asked = { held: undefined, chosen: 1, preview, name: undefined, why: 'Orders.', link: undefined }
  expect(missing(asked)).toBeNull()
  expect(missing({ ...asked, preview: undefined })).toContain('is being read')
  expect(missing({ ...asked, chosen: 0 })).toBe('No change is chosen.')
  expect(missing({ ...asked, why: ' ' })).toBe('A reason is missing.')
  expect(missing({ ...asked, name: 'Small letters.' })).toBe('Small letters.')
  expect(missing({ ...asked, preview: { ...preview, problems: [{ lineId: null, words: 'no' }] } })).toContain('refused')
  expect(missing({ ...asked, held: 'Read only.' })).toBe('Read only.')
})
