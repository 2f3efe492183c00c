import type { Fault, SweepOutcome } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { causeOf } from './assess-reach.ts'
import { fact, type Judged, unread } from './judged.ts'

/** How one attempt at a box ended, from its fault. */
export function outcomeOf(fault: Fault, expectedOn: boolean): SweepOutcome {
  if (fault.code === 'cancelled') return 'cancelled'
  if (fault.code === 'key-not-trusted') return 'refused'
  const cause = causeOf(fault)
  if (cause === 'offline') return expectedOn ? 'unreachable' : 'not-expected'
  return cause === 'login-refused' || cause === 'key-changed' ? 'refused' : 'failed'
}

/**
 * Did anything on the way answer? When nothing answered for any box of a sweep, this computer's own network is the
 * likely cause, and no alarms are raised (ui.md §10, sentence 8).
 */
export function madeContact(fault: Fault): boolean {
  switch (fault.code) {
    case 'refused':
    case 'not-ssh':
    case 'no-common-algorithm':
    case 'auth-refused':
    case 'too-many-sessions':
    case 'no-node':
    case 'node-too-old':
    case 'program-crashed':
    case 'answer-not-understood':
    case 'answer-too-large':
      return true
    case 'timed-out':
      return fault.phase !== 'connect'
    // A connection that was lost may have been kept warm from before, and a machine that is stopped by its key, or whose
    // key is not at hand, is not even dialled.
    default:
      return false
  }
}

/**
 * Nothing answered in a whole sweep: is this computer's own network to blame? Machines that are off at that hour say
 * nothing, and one machine alone says it only where its network could not even be tried.
 */
export function pointsToOwnNetwork(attempts: readonly { fault: Fault; outcome: SweepOutcome }[]): boolean {
  const expected = attempts.filter(({ outcome }) => outcome === 'unreachable')
  if (expected.length !== 1) return expected.length > 1
  return expected.some(({ fault }) => fault.code === 'network-unreachable' || fault.code === 'name-not-found')
}

/** What a failed attempt says about reach. Everything else keeps its last value and ages. */
export function judgeAttempt(fault: Fault, outcome: SweepOutcome): Judged[] {
  const { sentence } = faultText(fault)
  const source = 'the last attempt'
  const answers = fact('reach.answers', { verdict: 'ok', text: 'yes', value: true, source, raw: sentence })
  if (outcome === 'cancelled') return []
  if (outcome === 'not-expected') {
    return [
      fact('reach.answers', {
        verdict: 'unknown',
        text: 'no, and it is not expected on now',
        value: null,
        source,
        raw: sentence,
      }),
    ]
  }
  if (outcome === 'unreachable') {
    return [
      fact('reach.answers', { verdict: 'bad', text: 'no', value: false, source, raw: sentence }),
      unread('reach.login', 'it does not answer', source),
    ]
  }
  if (outcome === 'refused') {
    const verdict = fault.code === 'key-not-trusted' ? 'unknown' : 'bad'
    return [
      answers,
      fact('reach.login', { verdict, text: sentence, value: verdict === 'bad' ? false : null, source, raw: fault }),
    ]
  }
  return causeOf(fault) === null ? [] : [answers]
}
