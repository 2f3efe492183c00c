import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Settings } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'

export interface SettingsChange {
  /** The settings with the change that is under way. */
  now: Settings
  change: (settings: Partial<Settings>) => void
  /** What the engine refused; empty while it refused nothing. */
  problem: string
}

/** Changes settings at once and shows them before the engine answered; what it refuses goes back. */
export function useSettingsChange(settings: Settings): SettingsChange {
  const [under, setUnder] = useState<Partial<Settings>>({})
  const key = orpc.app.settings.queryKey()
  const { mutate, error } = useMutation({
    ...orpc.app.setSettings.mutationOptions(),
    onSuccess: (saved: Settings) => queryClient.setQueryData(key, saved),
    onSettled: () => setUnder({}),
  })
  const change = (changed: Partial<Settings>) => {
    setUnder((now) => ({ ...now, ...changed }))
    mutate(changed)
  }
  return { now: { ...settings, ...under }, change, problem: error ? said(error).sentence : '' }
}
