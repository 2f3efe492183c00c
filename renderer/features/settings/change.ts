import { useMutation } from '@tanstack/react-query'
import type { Settings } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'

export interface SettingsChange {
  change: (settings: Partial<Settings>) => void
  /** What the engine refused; empty while it refused nothing. */
  problem: string
}

/** Changes settings at once and shows the result before the feed brings it. */
export function useSettingsChange(): SettingsChange {
  const { mutate, error } = useMutation({
    ...orpc.app.setSettings.mutationOptions(),
    onSuccess: (settings: Settings) => queryClient.setQueryData(orpc.app.settings.queryKey(), settings),
  })
  return { change: mutate, problem: error ? said(error).sentence : '' }
}
