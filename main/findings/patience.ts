import type { Cause } from '../../shared/contract/index.ts'

/** How long a trouble has to be seen, and its end, before it is believed; 0: at once. */
export interface Patience {
  readonly openMs: number
  readonly closeMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Two looks in a row lie at least so far apart: a restart, a router that comes back, a slow answer are over by then. */
const again = 4 * minuteMs

const atOnce: Patience = { openMs: 0, closeMs: 0 }
const twice: Patience = { openMs: again, closeMs: 0 }
const twiceBothWays: Patience = { openMs: again, closeMs: again }

/**
 * Causes that one unlucky look can show. What is missing here is true as soon as it was seen. Reach ends with the first
 * answer; a service that starts up and falls over again has to stand for two looks.
 */
const patience: Partial<Record<Cause, Patience>> = {
  offline: twice,
  'login-refused': twice,
  'answer-not-understood': twice,
  'no-node': twice,
  'node-too-old': twice,
  'gateway-down': twiceBothWays,
  'channel-down': twiceBothWays,
  'channel-suppressed': twiceBothWays,
  'nobody-logged-in': twice,
  'config-unreadable': twice,
  'config-not-applied': twice,
  'runtime-store-unreadable': twice,
  'clock-off': twice,
  'logs-not-collected': twice,
}

export const patienceOf = (cause: Cause): Patience => patience[cause] ?? atOnce

/** What the operator said himself neither comes nor goes by itself: each time it is another matter. */
export const comesAndGoes = (cause: Cause): boolean => cause !== 'flagged'

/** A doubt that nobody confirmed for so long is begun anew: the two looks were not in a row. */
export const doubtLastsMs = 26 * hourMs

/** A trouble that came and went so often within a day comes and goes: it stays open until it was calm for a while. */
export const flapping = { times: 3, withinMs: 24 * hourMs, calmMs: 6 * hourMs } as const
