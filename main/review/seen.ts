import type { AttemptRow } from '../facts/facts.ts'

/** Its newest attempt answered, and all of it was read not too long ago: a light answer alone makes no machine seen. */
export const didAnswer = (attempt: AttemptRow | undefined, staleBeforeMs: number): boolean =>
  attempt?.outcome === 'swept' && Math.min(attempt.atMs, attempt.readAtMs ?? 0) >= staleBeforeMs

/** It did not answer, and is not expected on at that time: nothing to see, nothing wrong. */
export const isAway = (attempt: AttemptRow | undefined): boolean => attempt?.outcome === 'not-expected'
