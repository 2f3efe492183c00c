/**
 * What passes between Electron main and the page beside the engine's port. Data only: no functions, no names of
 * channels in the page, nothing that could carry a request to the system.
 */

/** Channels between main and preload; the table is closed. */
export const channels = {
  wantPort: 'wheelhouse:want-port',
  startEngine: 'wheelhouse:start-engine',
  ownKeys: 'wheelhouse:own-keys',
  port: 'wheelhouse:port',
  engineGone: 'wheelhouse:engine-gone',
  command: 'wheelhouse:command',
  showFinding: 'wheelhouse:show-finding',
} as const

/** What the native menu and the tray may ask of the page. The page decides what it means where the operator stands. */
export const commands = [
  'go-review',
  'go-fleet',
  'go-access',
  'go-overlays',
  'go-plan',
  'go-rollouts',
  'go-logs',
  'go-settings',
  'palette',
  'keys',
  'sweep-all',
  'stop-channel',
  'undo',
  'redo',
  'add-machine',
  'import',
] as const
export type Command = (typeof commands)[number]

/** The engine ended. */
export interface EngineGone {
  /** How often in a row it ended, this time included. */
  crashes: number
  /** How many restarts in a row there are at most. */
  limit: number
  /** Milliseconds until it is started again; null: it stays down until the operator asks. */
  restartInMs: number | null
  /** The last line it wrote before it ended, capped; may be empty. */
  lastWords: string
  /** Where the engine's log is. */
  logPath: string
}

/** Messages from preload to page, by `window.postMessage`; the port travels beside `port`. */
export type ToPage =
  | { wheelhouse: 'port' }
  | { wheelhouse: 'engine-gone'; gone: EngineGone }
  | { wheelhouse: 'command'; command: Command }
  | { wheelhouse: 'show-finding'; findingId: string }

/** Messages from page to preload. */
export type FromPage =
  | { wheelhouse: 'want-port' }
  | { wheelhouse: 'start-engine' }
  /** Whether what has the keyboard, a terminal, takes Ctrl keys itself that the native menu would take before it. */
  | { wheelhouse: 'own-keys'; own: boolean }

/** What the preload shows the page as `window.wheelhouse`: frozen, data only. */
export interface PlatformInfo {
  readonly platform: 'darwin' | 'win32' | 'linux'
}
