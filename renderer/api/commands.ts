import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { CommandId, CommandRun } from '../../shared/contract/index.ts'
import { client } from './client.ts'
import { orpc, queryClient } from './queries.ts'

/** A command and where it stands, followed while it runs. Its groups are asked for again as machines end. */
export function useCommandRun(commandId: CommandId): { run: CommandRun | undefined; error: unknown } {
  const options = orpc.commands.get.queryOptions({ input: { commandId } })
  const { data: run, error } = useQuery(options)
  const running = run?.state === 'running'
  useEffect(() => {
    if (!running) return
    const leave = new AbortController()
    const { queryKey } = orpc.commands.get.queryOptions({ input: { commandId } })
    const groups = orpc.commands.groups.key({ input: { commandId } })
    const follow = async () => {
      let ended = -1
      try {
        for await (const next of await client.commands.watch({ commandId }, { signal: leave.signal })) {
          queryClient.setQueryData(queryKey, next)
          const now = next.boxes.filter(({ state }) => state !== 'waiting' && state !== 'running').length
          if (now !== ended) void queryClient.invalidateQueries({ queryKey: groups })
          ended = now
        }
      } catch {
        // Left, or the engine ended: it is asked for again with the next engine.
      }
      if (!leave.signal.aborted) await queryClient.invalidateQueries({ queryKey: orpc.commands.key() })
    }
    void follow()
    return () => leave.abort()
  }, [commandId, running])
  return { run, error }
}
