import type { LedgerVerdict } from '../../../shared/contract/index.ts'

/** The verdict on the diary as a sentence with its numbers. */
export function ledgerWords({ intact, entries, problem, firstBadSeq }: LedgerVerdict): {
  intact: boolean
  sentence: string
} {
  const many = entries === 1 ? '1 entry' : `${entries} entries`
  if (intact)
    return {
      intact,
      sentence:
        entries === 0
          ? 'The diary is empty and intact.'
          : `All ${many} hold: nothing was changed, removed or reordered.`,
    }
  const from = firstBadSeq === null ? '' : ` from entry ${firstBadSeq} on`
  return { intact, sentence: `The diary does not add up${from}. ${problem ?? 'Its seal does not fit.'}` }
}
