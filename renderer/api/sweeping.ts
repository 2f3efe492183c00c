import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { BoxId, SweepProgress } from '../../shared/contract/index.ts'
import { offerSentence } from '../state/said.ts'
import { client } from './client.ts'
import { orpc, queryClient } from './queries.ts'
import { sentenceOf } from './sentence.ts'

const currentOptions = () => orpc.sweep.current.queryOptions()

/** The running sweep, or null. Rendered by any number of places; the frame alone follows it with {@link useFollowSweep}. */
export function useRunningSweep(): SweepProgress | null {
  const { data } = useQuery(currentOptions())
  return data?.state === 'running' ? data : null
}

/** Starts a sweep of these machines, or of all; what goes wrong is said in the strip. */
export async function startSweep(boxIds?: readonly BoxId[]): Promise<void> {
  try {
    await client.sweep.start(boxIds ? { boxIds: [...boxIds] } : {})
    await queryClient.invalidateQueries({ queryKey: currentOptions().queryKey })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Lets the running sweep go; what arrived stays. */
export async function stopSweep(): Promise<void> {
  const running = queryClient.getQueryData(currentOptions().queryKey)
  if (running?.state !== 'running') return
  try {
    await client.sweep.cancel({ sweepId: running.sweepId })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Keeps the running sweep's progress in the cache, event by event. Used once, by the frame. */
export function useFollowSweep(): void {
  const running = useRunningSweep()
  const sweepId = running?.sweepId
  useEffect(() => {
    if (!sweepId) return
    const leave = new AbortController()
    const follow = async () => {
      try {
        for await (const progress of await client.sweep.watch({ sweepId }, { signal: leave.signal }))
          queryClient.setQueryData(currentOptions().queryKey, progress)
      } catch {
        // Left, or the engine ended: the frame says which, and the sweep is asked for again with the next engine.
      }
      if (!leave.signal.aborted) await queryClient.invalidateQueries({ queryKey: currentOptions().queryKey })
    }
    void follow()
    return () => leave.abort()
  }, [sweepId])
}
