import type { Cause, ReviewItem } from '../../../shared/contract/index.ts'

/** What Enter does on a row: where its next step is taken. */
export type NextAction = 'machine' | 'access' | 'triage' | 'message' | 'log' | 'back-up' | 'wake' | 'end-pause'

const actions: Partial<Record<Cause, NextAction>> = {
  offline: 'message',
  silent: 'message',
  'nobody-logged-in': 'message',
  'answers-everyone': 'access',
  'answers-strangers': 'access',
  'strangers-answered': 'access',
  'too-many-answers': 'access',
  'rule-broken': 'access',
  'shared-handle': 'access',
  unanswered: 'triage',
  failing: 'triage',
  'gateway-down': 'triage',
  'channel-down': 'triage',
  'channel-suppressed': 'triage',
  'crash-loop': 'triage',
  'config-invalid': 'triage',
  'config-not-applied': 'triage',
  'no-node': 'triage',
  'backup-old': 'back-up',
  flagged: 'log',
}

/** A message needs somebody at a client; a machine without one is looked at instead. */
export function nextAction({ section, pause, finding }: Pick<ReviewItem, 'section' | 'pause' | 'finding'>): NextAction {
  if (section === 'later') return pause ? 'end-pause' : 'wake'
  const action = actions[finding.cause] ?? 'machine'
  return action === 'message' && finding.clientId === null ? 'triage' : action
}
