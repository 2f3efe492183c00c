import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { RolloutId, RolloutRun, RunSummary } from '../../shared/contract/index.ts'
import { noteSteps } from '../state/lane-steps.ts'
import { client, engineState, subscribeEngine } from './client.ts'
import { orpc, queryClient } from './queries.ts'

const none: RunSummary[] = []
const listOptions = () => orpc.rollout.list.queryOptions({ input: {} })
const runOptions = (rolloutId: RolloutId) => orpc.rollout.get.queryOptions({ input: { rolloutId } })

/** Rollouts that were begun, newest first. */
export const useRuns = (): readonly RunSummary[] => useQuery(listOptions()).data ?? none

/** The rollout that is under way or waits for somebody; there is one at most. */
export const useActiveRun = (): RunSummary | null => useRuns().find(({ state }) => state !== 'ended') ?? null

/** Rollouts after which messages and replies are counted for a while, newest first. */
export const useWatchedRuns = (): readonly RunSummary[] =>
  useRuns().filter(({ watch }) => watch !== null && watch.endedAtMs === null)

/** One rollout as it stands. It moves as the frame follows it with {@link useFollowRun}. */
export const useRun = (rolloutId: RolloutId): { run: RolloutRun | undefined; error: Error | null } => {
  const { data: run, error } = useQuery(runOptions(rolloutId))
  return { run, error }
}

/** Takes over how a rollout stands, as an answer or its feed told it. */
export function keepRun(run: RolloutRun): void {
  noteSteps(run.lanes)
  queryClient.setQueryData(runOptions(run.rolloutId).queryKey, run)
  const listed = queryClient.getQueryData(listOptions().queryKey)
  const before = listed?.find(({ rolloutId }) => rolloutId === run.rolloutId)
  if (!listed || !before) return void queryClient.invalidateQueries({ queryKey: listOptions().queryKey })
  const { state, words, done, total, endedAtMs, question, watch } = run
  const now: RunSummary = { ...before, state, words, done, total, endedAtMs, watch, asks: question !== null }
  queryClient.setQueryData(
    listOptions().queryKey,
    listed.map((one) => (one === before ? now : one)),
  )
}

/** Keeps the rollout that is under way in the cache, step by step. Used once, by the frame. */
export function useFollowRun(): void {
  const rolloutId = useActiveRun()?.rolloutId
  const { starts } = useSyncExternalStore(subscribeEngine, engineState)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later engine is listened to anew
  useEffect(() => {
    if (!rolloutId) return
    const leave = new AbortController()
    const follow = async () => {
      try {
        for await (const run of await client.rollout.watch({ rolloutId }, { signal: leave.signal })) keepRun(run)
      } catch {
        // Left, or the engine ended: it is followed again with the next engine.
      }
      if (!leave.signal.aborted) await queryClient.invalidateQueries({ queryKey: orpc.rollout.key() })
    }
    void follow()
    return () => leave.abort()
  }, [rolloutId, starts])
}
