/** Pauses before each restart of an engine that ended, milliseconds. Their number is the limit. */
const pausesMs = [100, 500, 1000, 2000, 4000] as const
/** An engine that ran this long had recovered: the count begins anew. */
const stableMs = 60_000

export const restartLimit = pausesMs.length

export interface Crashes {
  /** Ends in a row, the last included. */
  readonly count: number
  /** Null: it stays down. */
  readonly restartInMs: number | null
}

/** What follows the end of an engine that ran for `ranMs` after `before` ends in a row. */
export function afterCrash(before: number, ranMs: number): Crashes {
  const count = ranMs >= stableMs ? 1 : before + 1
  return { count, restartInMs: pausesMs[count - 1] ?? null }
}
