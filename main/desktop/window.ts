import path from 'node:path'
import { app, BrowserWindow, type IpcMainEvent, nativeTheme, session } from 'electron'
import type { Log } from '../base/log.ts'
import type { Launch } from './arguments.ts'
import { smallest } from './fit.ts'
import { origin, pageUrl } from './page-files.ts'
import { keepPlacement, readPlacement } from './window-state.ts'

/** How often a page that crashed is loaded again before it is left alone. */
const reloadLimit = 5

/** The page may do what a page does, and write text to the clipboard; every other permission is refused. */
export function hardenSession(): void {
  const allowed = (permission: string): boolean => permission === 'clipboard-sanitized-write'
  const own = session.defaultSession
  own.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(allowed(permission) && details.isMainFrame),
  )
  own.setPermissionCheckHandler((_contents, permission, from) => allowed(permission) && from.startsWith(origin))
  own.setDevicePermissionHandler(() => false)
  // The spell checker would fetch dictionaries from the network.
  own.setSpellCheckerEnabled(false)
  own.webRequest.onBeforeRequest((request, answer) =>
    answer({ cancel: !/^(app|devtools|data|blob):/.test(request.url) }),
  )
}

/** Whether a message came from the app's own page, in its top frame, and from a window of ours. */
export function isOurs(event: Pick<IpcMainEvent, 'senderFrame' | 'sender'>): boolean {
  const frame = event.senderFrame
  if (!frame || frame.parent !== null || !frame.url.startsWith(`${origin}/`)) return false
  return BrowserWindow.getAllWindows().some((window) => window.webContents === event.sender)
}

export function openWindow(launch: Launch, log: Log): BrowserWindow {
  const placement = readPlacement(launch.dataDir)
  const window = new BrowserWindow({
    ...placement.bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: launch.demo ? 'Wheelhouse demo' : 'Wheelhouse',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141513' : '#FAFAF8',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  keepPlacement(window, launch.dataDir)
  confine(window)
  reloadAfterCrash(window, log)
  window.once('ready-to-show', () => {
    if (placement.maximized) window.maximize()
    window.show()
  })
  window.loadURL(pageUrl).catch((error: unknown) => {
    if (!window.isDestroyed()) log.error('window.load-failed', error)
  })
  return window
}

/** It shows one page and no other: no new windows, no navigation, no guests. A reload of the page itself is allowed. */
function confine(window: BrowserWindow): void {
  const contents = window.webContents
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event, url) => {
    if (url.split('#')[0] !== pageUrl) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let crashes = 0
  window.webContents.on('render-process-gone', (_event, details) => {
    log.warn('window.page-gone', { reason: details.reason, exitCode: details.exitCode })
    if (details.reason === 'clean-exit' || ++crashes > reloadLimit) return
    window.webContents.reload()
  })
}
