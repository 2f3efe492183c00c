import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { BackupRun, BackupRunId, BoxId } from '../../shared/contract/index.ts'
import { showBackup } from '../state/backing-up.ts'
import { offerSentence } from '../state/said.ts'
import { client } from './client.ts'
import { orpc, queryClient } from './queries.ts'
import { sentenceOf } from './sentence.ts'

const optionsOf = (runId: BackupRunId | null) =>
  orpc.backups.get.queryOptions({ input: runId === null ? skipToken : { runId } })

/** A run of backups as it stands; the frame alone follows it with {@link useFollowBackup}. */
export function useBackupRun(runId: BackupRunId | null): BackupRun | null {
  const { data } = useQuery(optionsOf(runId))
  return runId === null ? null : (data ?? null)
}

/** Has the agents of these machines backed up, and shows where that stands; what goes wrong is said in the strip. */
export async function backUpNow(boxIds: readonly BoxId[]): Promise<void> {
  try {
    const run = await client.backups.start({ boxIds: [...boxIds] })
    queryClient.setQueryData(optionsOf(run.runId).queryKey, run)
    showBackup(run.runId)
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Ends it where it runs; what stands already stays. */
export async function stopBackup(runId: BackupRunId): Promise<void> {
  try {
    await client.backups.cancel({ runId })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Keeps the run in the cache, event by event. Used once, by the frame. */
export function useFollowBackup(runId: BackupRunId | null): void {
  const running = useBackupRun(runId)?.state === 'running'
  useEffect(() => {
    if (!running || runId === null) return
    const leave = new AbortController()
    const follow = async () => {
      try {
        for await (const run of await client.backups.watch({ runId }, { signal: leave.signal }))
          queryClient.setQueryData(optionsOf(runId).queryKey, run)
      } catch {
        // Left, or the engine ended: it is asked for again with the next engine.
      }
      if (!leave.signal.aborted) await queryClient.invalidateQueries({ queryKey: orpc.backups.key() })
    }
    void follow()
    return () => leave.abort()
  }, [runId, running])
}
