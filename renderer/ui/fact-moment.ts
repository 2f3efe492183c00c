import type { Fact, FactKey } from '../../shared/contract/index.ts'

/** Where the evidence of a fact tells when it came to be so. */
const tellers: Partial<Record<FactKey, string>> = {
  'activity.unanswered': 'unansweredSinceMs',
  'activity.failures': 'lastFailureAtMs',
  'channel.queue': 'waitingSinceMs',
}

/** From 2001 on: smaller numbers are counts. */
const firstMs = 1e12

const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= firstMs && value < 10 * firstMs

/** The moment a fact speaks of: what it is about ("last good reply"), else what its evidence tells, else when it was read. */
export function momentOfFact({
  key,
  value,
  evidence,
  takenAtMs,
}: Pick<Fact, 'key' | 'value' | 'evidence' | 'takenAtMs'>): number {
  if (isMoment(value)) return value
  const name = tellers[key]
  const told = name ? new RegExp(`"${name}":(\\d{13})\\b`).exec(evidence.raw)?.[1] : undefined
  return told && isMoment(Number(told)) ? Number(told) : takenAtMs
}
