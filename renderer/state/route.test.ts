import { expect, it } from 'vitest'
import type { BoxId, ClientId } from '../../shared/contract/index.ts'
import { above, type Route, readRoute, writeRoute } from './route.ts'

const box = 'bx_1-A' as BoxId

it.each<Route>([
  { page: 'review' },
  { page: 'fleet' },
  { page: 'machine', boxId: box },
  { page: 'edit-machine', boxId: box },
  { page: 'client', clientId: 'c1' as ClientId },
  { page: 'new-client' },
  { page: 'add' },
  { page: 'add', command: 'ssh -p 2222 -J a,b dana@10.0.0.5 # & ?' },
  { page: 'add', boxId: box },
  { page: 'import' },
  { page: 'settings' },
])('an address leads back to the page it was written for', (route) => {
  expect(readRoute(writeRoute(route))).toEqual(route)
})

it.each(['', '#', '#/', '#/nothing', '#/machine/', '#/machine/..%2f', '#/client/<b>', '#/review/x'])(
  'an address nobody knows is the review: %s',
  (hash) => expect(readRoute(hash)).toEqual({ page: 'review' }),
)

it('leads up one level at a time and ends at the review', () => {
  const up = (route: Route): string[] => {
    const next = above(route)
    return next ? [next.page, ...up(next)] : []
  }
  expect(up({ page: 'edit-machine', boxId: box })).toEqual(['machine', 'fleet', 'review'])
})
