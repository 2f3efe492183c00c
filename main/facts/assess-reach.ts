import type { Cause, Fault, Finding } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { dateWords } from '../base/words.ts'
import type { Assessment, Trouble } from '../findings/findings.ts'

export const reachCauses = [
  'offline',
  'login-refused',
  'key-changed',
  'no-node',
  'node-too-old',
  'answer-not-understood',
] as const satisfies Cause[]
type ReachCause = (typeof reachCauses)[number]

const recoveries: Record<ReachCause, string> = {
  offline: 'It answers again.',
  'login-refused': 'The login works again.',
  'key-changed': 'It shows the trusted key.',
  'no-node': 'Node was found.',
  'node-too-old': 'Its Node is new enough.',
  'answer-not-understood': 'Its answer is understood again.',
}

/** The cause a failed attempt speaks for; null when it says nothing about the box (cancelled, not enrolled, our own error). */
export function causeOf(fault: Fault): ReachCause | null {
  switch (fault.code) {
    case 'name-not-found':
    case 'refused':
    case 'network-unreachable':
    case 'connection-lost':
    case 'not-ssh':
    case 'hop-failed':
    case 'too-many-sessions':
      return 'offline'
    case 'timed-out':
      return fault.phase === 'answer' || fault.phase === 'channel' ? 'answer-not-understood' : 'offline'
    case 'auth-refused':
    case 'key-file-unreadable':
    case 'agent-unavailable':
    case 'no-common-algorithm':
      return 'login-refused'
    case 'key-changed':
      return 'key-changed'
    case 'no-node':
      return 'no-node'
    case 'node-too-old':
      return 'node-too-old'
    case 'program-crashed':
    case 'answer-not-understood':
    case 'answer-too-large':
      return 'answer-not-understood'
    default:
      return null
  }
}

export interface Attempt {
  readonly fault: Fault
  readonly nowMs: number
  /** When the box last answered a sweep; null: never. */
  readonly sweptAtMs: number | null
}

const lead: Record<ReachCause, { severity: Finding['severity']; state: Finding['state']; nextStep: string }> = {
  offline: {
    severity: 'red',
    state: 'Offline',
    nextStep: 'Ask someone there whether the machine is on and on the network, then sweep it again.',
  },
  'login-refused': {
    severity: 'attention',
    state: 'Not seen',
    nextStep: 'Check the user and the key of this machine, then sweep it again.',
  },
  'key-changed': {
    severity: 'red',
    state: 'Unsafe',
    nextStep: 'Ask someone there to read you the fingerprint of its host key, then enrol the machine again.',
  },
  'no-node': {
    severity: 'attention',
    state: 'Not seen',
    nextStep: 'Install Node there, or enrol the machine again so that its Node is looked for.',
  },
  'node-too-old': {
    severity: 'attention',
    state: 'Not seen',
    nextStep: 'Update Node on the machine, then sweep it again.',
  },
  'answer-not-understood': {
    severity: 'attention',
    state: 'Not seen',
    nextStep: 'Open a terminal on the machine and look at what its login prints and what runs there.',
  },
}

function sentence(cause: ReachCause, { fault, sweptAtMs }: Attempt): string {
  switch (cause) {
    case 'offline':
      return sweptAtMs === null ? 'has never answered' : `has not answered since ${dateWords(sweptAtMs)}`
    case 'login-refused':
      return fault.code === 'auth-refused' ? `refuses the login as ${fault.user}` : 'cannot be logged in to from here'
    case 'key-changed':
      return 'shows another key than the one you trusted'
    case 'no-node':
      return 'has no Node that we could start'
    case 'node-too-old':
      return fault.code === 'node-too-old'
        ? `has Node ${fault.found}, too old to be asked`
        : 'has a Node too old to be asked'
    case 'answer-not-understood':
      return fault.code === 'timed-out'
        ? 'lets us in but never finishes its answer'
        : fault.code === 'answer-too-large'
          ? 'answers more than can be read'
          : 'gives an answer that is not understood'
  }
}

/** The sentence says what; this says which: the ends of both fingerprints, as a person compares them. */
const keyWords = (fault: Extract<Fault, { code: 'key-changed' }>): string =>
  `trusted …${fault.pinned.slice(-8)}, shown …${fault.offered.slice(-8)}; nothing is sent to it`

function troubleOf(cause: ReachCause, attempt: Attempt): Trouble {
  const { fault, nowMs, sweptAtMs } = attempt
  return {
    ...lead[cause],
    sentence: sentence(cause, attempt),
    detail: fault.code === 'key-changed' ? keyWords(fault) : faultText(fault).sentence,
    sinceMs: sweptAtMs,
    evidence: [
      { name: 'Last attempt', value: faultText(fault).sentence, takenAtMs: nowMs },
      {
        name: 'Last answer',
        value: sweptAtMs === null ? 'never' : dateWords(sweptAtMs),
        takenAtMs: sweptAtMs,
      },
    ],
  }
}

/** A failed attempt: its own cause is trouble, the other ways of not being reached are over. */
export function assessAttempt(attempt: Attempt): Assessment[] {
  const cause = causeOf(attempt.fault)
  if (cause === null) return []
  const others = reachCauses.filter((other) => other !== cause)
  return [
    { cause, agentId: null, trouble: troubleOf(cause, attempt) },
    ...others.map(
      (other): Assessment => ({
        cause: other,
        agentId: null,
        trouble: null,
        recovery: `Now another trouble: it ${sentence(cause, attempt)}.`,
      }),
    ),
  ]
}

/** A box that answered has none of the troubles of reach. */
export const assessAnswered = (): Assessment[] =>
  reachCauses.map((cause) => ({ cause, agentId: null, trouble: null, recovery: recoveries[cause] }))
