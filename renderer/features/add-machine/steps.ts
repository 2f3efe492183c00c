import type { EnrolStep, Fault } from '../../../shared/contract/index.ts'

/** What each step of enrolment does, in the words of the list. */
export const stepWords: Record<EnrolStep['step'], string> = {
  hops: 'Reach the jump hosts',
  reach: 'Reach the machine',
  'host-key': 'Check its host key',
  login: 'Log in',
  node: 'Find its Node',
  probe: 'Read it for the first time',
  'way-back': 'See that a change goes back by itself',
}

const order: EnrolStep['step'][] = ['hops', 'reach', 'host-key', 'login', 'node', 'probe', 'way-back']

/** Every step in order; those the engine has not told about yet are waiting. Without jump hosts the first step is absent. */
export function allSteps(told: readonly EnrolStep[], hasHops: boolean): EnrolStep[] {
  return (
    order
      .filter((step) => step !== 'hops' || hasHops || told.some((known) => known.step === 'hops'))
      // A made-up machine shows no way back: nothing is changed there.
      .filter((step) => step !== 'way-back' || told.some((known) => known.step === 'way-back'))
      .map((step) => told.find((known) => known.step === step) ?? { step, state: 'waiting', detail: '', tookMs: null })
  )
}

/** What a step found. The fingerprint of a key that was as accepted stands above the list already, in groups. */
export const shownDetail = (step: EnrolStep['step'], state: EnrolStep['state'], detail: string): string =>
  step === 'host-key' && state === 'ok' ? 'It is the one that was accepted.' : detail

/** What enrolment needs from the operator before it is tried again; null when only trying again can help. */
export type Ask = 'password' | 'passphrase' | 'host-key' | 'changed-key' | null

/** Reads from a fault which answer of the operator would help. */
export function askFor(fault: Fault, auth: 'agent' | 'key' | 'password'): Ask {
  switch (fault.code) {
    case 'key-file-unreadable':
      return fault.why === 'passphrase-needed' || fault.why === 'passphrase-wrong' ? 'passphrase' : null
    case 'auth-refused':
      return auth === 'password' ? 'password' : null
    case 'key-not-trusted':
      return 'host-key'
    case 'key-changed':
      return 'changed-key'
    default:
      return null
  }
}
