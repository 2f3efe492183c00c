import type { DiffLine, OutsideChange, OutsidePart } from '../../shared/contract/index.ts'

/** How a part differs from how it read last. */
export interface Difference {
  readonly part: OutsidePart
  readonly sentence: string
  readonly weight: OutsideChange['weight']
  readonly diff: readonly DiffLine[]
  /** Lines that the box did not send. */
  readonly more?: number
}

/** "a, b, c and 4 more" */
export const named = (names: readonly string[], most = 3): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
