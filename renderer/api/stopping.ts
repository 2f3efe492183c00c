import { useQuery } from '@tanstack/react-query'
import type { ApplyId, ApplyJob, BoxId, ChannelStop } from '../../shared/contract/index.ts'
import { useStopping } from '../state/stopping.ts'
import { client } from './client.ts'
import { orpc, queryClient } from './queries.ts'
import { sentenceOf } from './sentence.ts'

const none: ChannelStop[] = []

/** The newest stop of each channel that was not turned on again since, failed ones too. */
export const useStops = (): readonly ChannelStop[] => useQuery(orpc.channel.stopped.queryOptions()).data ?? none

export interface StopOrder {
  boxId: BoxId | null
  channel: string
  account: string | null
  what: string
}

let runs = 0

/** Stops a channel; how it goes stands in {@link useStopping}, whether anybody looks or not. */
export async function stopChannel({ what, ...order }: StopOrder): Promise<void> {
  const id = ++runs
  const run = { id, what, startedAtMs: Date.now(), ended: null }
  useStopping.setState({ run })
  const end = (ended: readonly ChannelStop[] | { problem: string }) =>
    useStopping.setState((state) => (state.run?.id === id ? { run: { ...state.run, ended } } : {}))
  try {
    end(await client.channel.stop(order))
  } catch (error) {
    end({ problem: sentenceOf(error) })
  }
  await queryClient.invalidateQueries({ queryKey: orpc.channel.key() })
}

/** Tells a change from its present state to its end. */
export async function followApply(applyId: ApplyId, tell: (job: ApplyJob) => void): Promise<void> {
  for await (const job of await client.apply.watch({ applyId })) tell(job)
}
