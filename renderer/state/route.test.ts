import { expect, it } from 'vitest'
import type { BoxId, ClientId, PatchId, RolloutId } from '../../shared/contract/index.ts'
import { above, type Route, readRoute, writeRoute } from './route.ts'

const box = 'bx_1-A' as BoxId

it.each<Route>([
  { page: 'review' },
  { page: 'fleet' },
  { page: 'access' },
  { page: 'overlays' },
  { page: 'overlay', layer: { kind: 'fleet', key: '' } },
  { page: 'overlay', layer: { kind: 'niche', key: 'roof & tile / 50 %' }, section: 'logging' },
  { page: 'overlay', layer: { kind: 'client', key: 'c1' }, section: 'all' },
  { page: 'machine', boxId: box },
  { page: 'edit-machine', boxId: box },
  { page: 'triage', boxId: box },
  { page: 'client', clientId: 'c1' as ClientId },
  { page: 'edit-client', clientId: 'c1' as ClientId },
  { page: 'new-client' },
  { page: 'add' },
  { page: 'add', command: 'ssh -p 2222 -J a,b dana@10.0.0.5 # & ?' },
  { page: 'add', boxId: box },
  { page: 'import' },
  { page: 'rollouts' },
  { page: 'patch', patchId: 'p1' as PatchId },
  { page: 'preview', patchId: 'p1' as PatchId },
  { page: 'rollout', rolloutId: 'r1' as RolloutId },
  { page: 'logs' },
  { page: 'logs', boxId: box },
  { page: 'logs', boxId: box, atMs: 1_790_000_000_000 },
  { page: 'run', boxId: box, runId: 'run/1?a#b “c” 100 %' },
  { page: 'patterns' },
  { page: 'settings' },
])('an address leads back to the page it was written for', (route) => {
  expect(readRoute(writeRoute(route))).toEqual(route)
})

it.each([
  '',
  '#',
  '#/',
  '#/nothing',
  '#/machine/',
  '#/machine/..%2f',
  '#/client/<b>',
  '#/review/x',
  '#/run/b',
  '#/run/b/%',
])('an address nobody knows is the review: %s', (hash) => expect(readRoute(hash)).toEqual({ page: 'review' }))

it.each(['#/overlay', '#/overlay/nothing/x', '#/overlay/niche/%'])(
  'an address of no layer is the list of layers: %s',
  (hash) => expect(readRoute(hash)).toEqual({ page: 'overlays' }),
)

it.each(['#/patch', '#/patch/<b>', '#/rollout', '#/rollout/<b>'])(
  'an address of no patch is the list of patches: %s',
  (hash) => expect(readRoute(hash)).toEqual({ page: 'rollouts' }),
)

it('leads up one level at a time and ends at the review', () => {
  const up = (route: Route): string[] => {
    const next = above(route)
    return next ? [next.page, ...up(next)] : []
  }
  expect(up({ page: 'edit-machine', boxId: box })).toEqual(['machine', 'fleet', 'review'])
  expect(up({ page: 'overlay', layer: { kind: 'fleet', key: '' } })).toEqual(['overlays', 'review'])
  expect(up({ page: 'preview', patchId: 'p1' as PatchId })).toEqual(['patch', 'rollouts', 'review'])
  expect(up({ page: 'edit-client', clientId: 'c1' as ClientId })).toEqual(['client', 'fleet', 'review'])
})
