import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { PatchId, RolloutPreview } from '../../../shared/contract/index.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { movedSince } from './fold-targets.ts'

export interface FrozenPreview {
  /** As it was made; it stays while the machines move on. Null: not asked yet. */
  readonly shown: RolloutPreview | null
  /** What says something else by now; null: all holds. */
  readonly moved: { readonly names: readonly string[]; readonly all: boolean } | null
  /** Of a change of behaviour, as it stands by now: what is said about it is no part of what is frozen. */
  readonly guard: RolloutPreview['guard']
  readonly error: Error | null
  /** Shows the newest one. */
  readonly again: () => void
  /** Asks anew what is said about it; what is shown stays. */
  readonly refresh: () => void
  /** Shows this one, which an answer brought. */
  readonly renew: (preview: RolloutPreview) => void
}

/** The preview that somebody reads, and whether it still holds: what is started is what was read. */
export function usePreview(patchId: PatchId): FrozenPreview {
  const options = orpc.rollout.preview.queryOptions({ input: { patchId } })
  const { data, error, refetch, isFetchedAfterMount } = useQuery({ ...options, refetchOnMount: 'always' })
  const refresh = useCallback(() => void refetch(), [refetch])
  const [kept, setKept] = useState<RolloutPreview | null>(null)
  const shown = kept ?? data ?? null
  // What was asked for on an earlier visit is shown till the answer comes, and is not what is read.
  if (kept === null && data && isFetchedAfterMount) setKept(data)
  const moved = shown && data ? movedSince(shown, data) : null
  return {
    shown,
    moved: moved && (moved.all || moved.names.length > 0) ? moved : null,
    guard: (isFetchedAfterMount ? data?.guard : null) ?? shown?.guard ?? null,
    error,
    refresh,
    again: () => void refetch().then((answer) => answer.data && setKept(answer.data)),
    renew: (preview) => {
      queryClient.setQueryData(options.queryKey, preview)
      setKept(preview)
    },
  }
}
