import { expect, it } from 'vitest'
import type { ClientId, ReviewItem } from '../../../shared/contract/index.ts'
import { nextAction } from './next-action.ts'

const item = (more: object, finding: object): ReviewItem =>
  ({
    section: 'needs-you',
    pause: null,
    ...more,
    finding: { cause: 'behind', clientId: 'c' as ClientId, ...finding },
  }) as ReviewItem

it.each([
  [item({}, {}), 'machine'],
  [item({}, { cause: 'offline' }), 'message'],
  [item({}, { cause: 'offline', clientId: null }), 'triage'],
  [item({}, { cause: 'failing' }), 'triage'],
  [item({}, { cause: 'flagged' }), 'log'],
  [item({}, { cause: 'backup-old', clientId: null }), 'back-up'],
  [item({}, { cause: 'answers-everyone' }), 'access'],
  [item({}, { cause: 'strangers-answered', clientId: null }), 'access'],
  [item({ section: 'later' }, { cause: 'failing' }), 'wake'],
  [item({ section: 'later', pause: {} }, { cause: 'failing' }), 'end-pause'],
])('%#', (given, first) => {
  expect(nextAction(given)).toBe(first)
})
