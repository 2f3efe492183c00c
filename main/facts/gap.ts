import type { Cause } from '../../shared/contract/index.ts'
import type { Assessment } from '../findings/findings.ts'
import type { Observed } from '../runtimes/observed.ts'
import type { Context } from './judged.ts'

/**
 * A measured trouble closes only well inside of what is fine, so that a value at the threshold does not open and close
 * it all day. Opens at: a clock 5 minutes off, less than 5 GB or 10 % of the disk free (judge-system.ts).
 */
const wellInside: Partial<Record<Cause, (observed: Observed, context: Context) => boolean>> = {
  'clock-off': ({ machine }, { nowMs }) => Math.abs(machine.nowMs - nowMs) <= 4 * 60_000,
  'disk-full': ({ machine: { disk } }) =>
    disk.read && disk.value.freeBytes >= 6e9 && disk.value.freeBytes >= disk.value.totalBytes * 0.12,
}

/** The same without the ends of troubles whose value has only just come back: those are neither raised nor over. */
export const withoutBarelyFine = (
  assessments: readonly Assessment[],
  observed: Observed,
  context: Context,
): Assessment[] =>
  assessments.filter(({ cause, trouble }) => trouble !== null || (wellInside[cause]?.(observed, context) ?? true))
