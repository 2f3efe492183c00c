import type { Cause, FactKey } from '../../shared/contract/index.ts'
import { reachCauses } from './assess-reach.ts'

/**
 * What a light sweep reads: reach, activity and who the machine answers, and what tells at once that an agent stopped.
 * Every other fact keeps its value and its age.
 */
export const lightFacts: ReadonlySet<FactKey> = new Set<FactKey>([
  'reach.answers',
  'reach.login',
  'change.open',
  'system.boot',
  'system.session',
  'system.disk',
  'system.clock',
  'agent.service',
  'agent.ready',
  'agent.crashes',
  'channel.connected',
  'channel.suppressed',
  'channel.queue',
  'agent.model',
  'access.answers',
  'activity.inbound',
  'activity.reply',
  'activity.unanswered',
  'activity.failures',
])

/** Troubles that those facts decide. */
export const lightCauses: ReadonlySet<Cause> = new Set<Cause>([
  ...reachCauses,
  'answers-everyone',
  'answers-strangers',
  'strangers-answered',
  'too-many-answers',
  'rule-broken',
  'shared-handle',
  'gateway-down',
  'channel-suppressed',
  'channel-down',
  'crash-loop',
  'config-unreadable',
  'silent',
  'unanswered',
  'failing',
  'wedged',
  'model-refused',
  'runtime-store-unreadable',
  'disk-full',
  'clock-off',
  'nobody-logged-in',
  'changed-outside',
  'change-left',
  'rollout-waits',
])
