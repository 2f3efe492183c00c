import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent, ObservedDoor } from '../observed.ts'
import { type Settings, valueAt } from './settings.ts'

type Channel = Extract<ObservedAgent['channels'], { read: true }>['value'][number]
type Ready = Extract<ObservedAgent['ready'], { read: true }>['value']

/** The gateway gives a channel two minutes to connect before it counts it as failing. */
const settledMs = 150_000

/** Runs on a box. Is there a plugin that carries this channel: bundled with the package, or installed and switched on? */
export function hasPlugin(root: string, stateDir: string, settings: Settings, channel: string): boolean {
  if (valueAt(settings, 'plugins', 'entries', channel, 'enabled') === false) return false
  if (existsSync(path.join(root, 'dist', 'extensions', channel)) || existsSync(path.join(root, 'extensions', channel)))
    return true
  const isOn = valueAt(settings, 'plugins', 'entries', channel, 'enabled') === true
  return (
    isOn &&
    [path.join(stateDir, 'npm', 'projects'), path.join(stateDir, 'extensions')].some((folder) =>
      namesIn(folder).some((name) => name.includes(channel)),
    )
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * Whether each switched-on channel account is connected, by what the gateway says about its own channels in `/readyz`:
 * it names those that fail and those that it holds back. A channel it does not name is connected only if something
 * carries it and its two minutes are over; else it cannot be told.
 *
 * @param ready null: the gateway does not run.
 */
export function channelStates(
  doors: readonly ObservedDoor[],
  ready: Ready | null,
  carries: (channel: string) => boolean,
): Channel[] {
  return doors
    .filter(({ enabled }) => enabled)
    .map(({ channel, account }) => {
      const state = (connected: boolean | null, detail: string): Channel => ({ channel, account, connected, detail })
      if (ready === null) return state(false, 'The gateway does not run.')
      if (ready.suppressed.includes(channel)) return state(false, 'Held back by the gateway after crashes.')
      if (ready.failing.includes(channel)) return state(false, 'The gateway reports that it fails.')
      if (!carries(channel)) return state(false, 'No plugin for it is installed and switched on.')
      if (!ready.ready && ready.failing.length > 0)
        return state(null, `The gateway is not ready: ${ready.failing.slice(0, 3).join(', ')}.`)
      if (ready.uptimeMs === null || ready.uptimeMs < settledMs)
        return state(null, 'The gateway started less than 3 minutes ago.')
      return state(true, 'The gateway reports no trouble with it.')
    })
}
