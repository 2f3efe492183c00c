// Starts the system's Chromium as the window of the app, or without one where there is no display.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { findBrowser } from './browsers.ts'
import { Browser } from './cdp.ts'

/** With a display a window of the system's browser opens; without one the page is drawn in memory. */
export const headed =
  !process.env.WHEELHOUSE_HEADLESS &&
  (process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY))

const quiet = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-breakpad',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
  // Without it a bar warns of "unsupported" flags.
  '--test-type',
  '--password-store=basic',
  '--use-mock-keychain',
  // The page can reach no host at all.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
]

let profile: string | undefined
/** A profile of this run alone, removed by {@link dropProfile}. */
export function profileDir(): string {
  profile ??= mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-window-'))
  return profile
}

export function dropProfile(): void {
  if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

export function launchBrowser(options: { width: number; height: number; title: string; background: string }): Browser {
  const executable = findBrowser()
  if (!executable) {
    throw new Error('No Chrome, Chromium, Edge or Brave was found. Install one, or name it in WHEELHOUSE_BROWSER.')
  }
  const temporary = path.join(profileDir(), 'tmp')
  mkdirSync(temporary, { recursive: true })
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  const splash = `data:text/html,<title>${encodeURIComponent(options.title)}</title><body bgcolor=${options.background.replace('#', '')}>`
  const args = [
    `--user-data-dir=${path.join(profileDir(), 'chrome')}`,
    ...quiet,
    ...(asRoot ? ['--no-sandbox'] : []),
    ...(process.env.WHEELHOUSE_STANDIN_CONTROLLED ? ['--remote-debugging-port=0'] : []),
    ...(headed ? [] : ['--headless=new', '--hide-scrollbars']),
    `--window-size=${options.width},${options.height}`,
    headed ? `--app=${splash}` : 'about:blank',
  ]
  // Chromium leaves folders in TMPDIR; they go with the profile.
  return new Browser(executable, args, { ...process.env, TMPDIR: temporary })
}

/** The browser's DevTools address, when it was started for a test to control. */
export async function controlEndpoint(): Promise<string> {
  const file = path.join(profileDir(), 'chrome', 'DevToolsActivePort')
  const [port, where] = (await readFile(file, 'utf8')).trim().split('\n')
  return `ws://127.0.0.1:${port}${where}`
}
