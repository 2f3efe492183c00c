import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { KeyRun, KeyRunId } from '../../shared/contract/index.ts'
import { askToRotate } from '../state/rotating.ts'
import { client } from './client.ts'
import { orpc, queryClient } from './queries.ts'

const optionsOf = (runId: KeyRunId | null) =>
  orpc.keys.get.queryOptions({ input: runId === null ? skipToken : { runId } })

const isOpen = ({ state }: KeyRun) => state !== 'done'

/** Shows the newest change of the key where it is not done, else a new one. */
export async function openRotating(): Promise<void> {
  const [newest] = await client.keys.recent({ limit: 1 }).catch(() => [])
  askToRotate(newest && isOpen(newest) ? newest.runId : null)
}

/** A change of the key as it stands, followed while it runs. */
export function useKeyRun(runId: KeyRunId | null): KeyRun | null {
  const options = optionsOf(runId)
  const { data } = useQuery(options)
  const running = runId !== null && data?.state === 'running'
  useEffect(() => {
    if (!running) return
    const leave = new AbortController()
    const follow = async () => {
      try {
        for await (const run of await client.keys.watch({ runId }, { signal: leave.signal }))
          queryClient.setQueryData(optionsOf(runId).queryKey, run)
      } catch {
        // Left, or the engine ended: it is asked for again with the next engine.
      }
      if (!leave.signal.aborted) await queryClient.invalidateQueries({ queryKey: orpc.keys.key() })
    }
    void follow()
    return () => leave.abort()
  }, [runId, running])
  return runId === null ? null : (data ?? null)
}

/** What an answer of the engine says of the run, at once. */
export const keepKeyRun = (run: KeyRun): void => {
  queryClient.setQueryData(optionsOf(run.runId).queryKey, run)
  askToRotate(run.runId)
}
