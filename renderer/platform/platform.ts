import type { Command, EngineGone, FromPage, PlatformInfo, ToPage } from '../../shared/bridge.ts'
import { commands } from '../../shared/bridge.ts'

declare global {
  interface Window {
    readonly wheelhouse?: PlatformInfo
  }
}

/** Whether the window runs on macOS: there keys are ⌘, elsewhere Ctrl. */
export const onMac = globalThis.window?.wheelhouse?.platform === 'darwin'

interface PlatformEvents {
  port(port: MessagePort): void
  engineGone(gone: EngineGone): void
}

const toPreload = (message: FromPage): void => window.postMessage(message, '/')

/** Asks for a port to the engine; it comes when the engine runs. */
export const wantPort = (): void => toPreload({ wheelhouse: 'want-port' })

/** Starts an engine that stays down after too many crashes. */
export const startEngine = (): void => toPreload({ wheelhouse: 'start-engine' })

/** While a terminal has the keyboard its Ctrl keys are not the native menu's. */
export const ownKeys = (own: boolean): void => toPreload({ wheelhouse: 'own-keys', own })

/** What the preload says; messages of other windows, and of other shapes, are ignored. */
export function onPlatform(events: PlatformEvents): void {
  window.addEventListener('message', (event: MessageEvent<ToPage | null>) => {
    if (event.source !== window) return
    const port = event.ports[0]
    if (event.data?.wheelhouse === 'port' && port) events.port(port)
    if (event.data?.wheelhouse === 'engine-gone') events.engineGone(event.data.gone)
  })
}

/** Calls `listener` for each command of the native menu or the tray. The answer ends it. */
export function onCommand(listener: (command: Command) => void): () => void {
  const hear = (event: MessageEvent<ToPage | null>): void => {
    if (event.source !== window || event.data?.wheelhouse !== 'command') return
    if (commands.includes(event.data.command)) listener(event.data.command)
  }
  window.addEventListener('message', hear)
  return () => window.removeEventListener('message', hear)
}

/** Calls `listener` with the finding whose notification was chosen. The answer ends it. */
export function onShowFinding(listener: (findingId: string) => void): () => void {
  const hear = (event: MessageEvent<ToPage | null>): void => {
    if (event.source === window && event.data?.wheelhouse === 'show-finding') listener(event.data.findingId)
  }
  window.addEventListener('message', hear)
  return () => window.removeEventListener('message', hear)
}
