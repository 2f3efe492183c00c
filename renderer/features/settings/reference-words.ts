import type { ReferenceState } from '../../../shared/contract/index.ts'
import { agoText } from '../../ui/times.ts'

/** A checkout on this computer in one line: what it follows, how new it is, when it last looked; or why it cannot be read. */
export function referenceWords(state: ReferenceState, nowMs: number): string {
  if (!state.found) return state.sentence
  return [
    `follows ${state.remote}`,
    state.branch,
    state.newestCommitAtMs === null ? '' : `newest commit ${agoText(state.newestCommitAtMs, nowMs)}`,
    state.lookedAtMs === null ? 'it never looked for newer ones' : `last looked ${agoText(state.lookedAtMs, nowMs)}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
