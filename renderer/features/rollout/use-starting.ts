import { useState } from 'react'
import type { RolloutPreview, RunSummary } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Said, said, wasCancelled } from '../../api/fault.ts'
import { keepRun, useActiveRun } from '../../api/rollouts.ts'
import { replace } from '../../state/navigation.ts'
import type { When } from './order.tsx'

export interface Starting {
  /** A dialog of the system asks whether to do it, or it is being begun. */
  readonly asking: boolean
  /** It was asked for and not confirmed. */
  readonly declined: boolean
  /** Why it was refused. */
  readonly refused: Said | null
  /** Another one is under way; one goes at a time. */
  readonly other: RunSummary | null
  readonly start: (when: When) => void
  /** Puts away what was said of the last try. */
  readonly forget: () => void
}

/** Begins exactly the preview that is read, once somebody said yes outside the page; then its page is shown. */
export function useStarting({ patch: { patchId }, hash }: RolloutPreview): Starting {
  const other = useActiveRun()
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const start = async (when: When) => {
    setAsking(true)
    setError(null)
    try {
      const run = await client.rollout.start({ patchId, hash, options: { when } })
      keepRun(run)
      replace({ page: 'rollout', rolloutId: run.rolloutId })
    } catch (failed) {
      setError(failed)
    }
    setAsking(false)
  }
  const declined = error !== null && wasCancelled(error)
  return {
    asking,
    declined,
    refused: error === null || declined ? null : said(error),
    other,
    forget: () => setError(null),
    start: (when) => void (asking || start(when)),
  }
}
