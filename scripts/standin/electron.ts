// Stand-in for the `electron` module: what main/desktop uses of it, and no more. The window is real Chromium; tray, keychain
// and the like do not exist here and say so, as Electron does where they are missing.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { askInWindow } from './dialog-window.ts'
import { dropProfile, headed, profileDir } from './launch.ts'
import { allowTarget, BrowserWindow, currentBrowser, surround } from './window.ts'

export { MessageChannelMain } from './ports.ts'
export { utilityProcess } from './utility.ts'
export { BrowserWindow }

const appData = (): string => {
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support')
  if (process.platform === 'win32') return process.env.APPDATA ?? path.join(os.homedir(), 'AppData', 'Roaming')
  return process.env.XDG_CONFIG_HOME ?? path.join(os.homedir(), '.config')
}

class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = { appendSwitch(): void {} }
  readonly #paths = new Map<string, string>()
  #name = 'Electron'
  #quitting = false

  whenReady = async (): Promise<void> => {}
  enableSandbox(): void {}
  setAppUserModelId(): void {}
  requestSingleInstanceLock = (): boolean => true
  setName(name: string): void {
    this.#name = name
  }
  getName = (): string => this.#name
  getVersion = (): string =>
    String(JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')).version)
  getPath(name: string): string {
    const known = this.#paths.get(name)
    if (known) return known
    if (name === 'home') return os.homedir()
    if (name === 'appData') return appData()
    return profileDir()
  }
  setPath(name: string, where: string): void {
    this.#paths.set(name, where)
  }

  quit(): void {
    if (this.#quitting) return
    this.#quitting = true
    if (this.#prevented('before-quit')) return
    for (const window of BrowserWindow.getAllWindows()) window.close()
    if (this.#prevented('will-quit')) return
    void this.exit(0)
  }

  async exit(code = 0): Promise<void> {
    this.#quitting = true
    const browser = currentBrowser()
    if (browser && !browser.gone) {
      const ended = new Promise((resolve) => browser.once('exit', resolve))
      const timer = setTimeout(() => browser.process.kill('SIGKILL'), 3000)
      browser.send('Browser.close').catch(() => {})
      await ended
      clearTimeout(timer)
    }
    dropProfile()
    this.emit('quit', {}, code)
    process.exit(code)
  }

  #prevented(name: string): boolean {
    let prevented = false
    this.emit(name, {
      preventDefault: () => {
        prevented = true
      },
    })
    if (prevented) this.#quitting = false
    return prevented
  }
}

export const app = new App()
export const ipcMain = new EventEmitter()
export const powerMonitor = new EventEmitter()

/** Nothing keeps this computer awake: its windows are drawn in memory. Who asks is remembered. */
let newestBlocker = 0
const blockers = new Set<number>()
export const powerSaveBlocker = {
  start(): number {
    newestBlocker += 1
    blockers.add(newestBlocker)
    return newestBlocker
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
}

const schemes = new Map<string, (request: Request) => Response | Promise<Response>>()
export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle: (name: string, handler: (request: Request) => Response | Promise<Response>): void =>
    void schemes.set(name, handler),
}

type PermissionHandler = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void
let permissionHandler: PermissionHandler = (_contents, _permission, answer) => answer(true)
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: PermissionHandler): void => {
      permissionHandler = handler
    },
    setPermissionCheckHandler(): void {},
    setDevicePermissionHandler(): void {},
    setSpellCheckerEnabled(): void {},
    webRequest: { onBeforeRequest(): void {} },
  },
}

surround({
  scheme: (name) => schemes.get(name),
  ipc: (channel, event, args) => void ipcMain.emit(channel, event, ...args),
  mayWriteClipboard: () => {
    let allowed = false
    permissionHandler(
      null,
      'clipboard-sanitized-write',
      (granted) => {
        allowed = granted
      },
      { isMainFrame: true },
    )
    return allowed
  },
  allClosed: () => void app.emit('window-all-closed'),
})

export const safeStorage = {
  isEncryptionAvailable: (): boolean => false,
  isAsyncEncryptionAvailable: async (): Promise<boolean> => false,
  getSelectedStorageBackend: (): string => 'unknown',
}

/** A notification that a person would see: printed here, and told to whoever started the stand-in. */
export class Notification extends EventEmitter {
  static onShow: ((notification: Notification) => void) | null = null
  static readonly isSupported = (): boolean => true
  readonly title: string
  readonly body: string
  constructor({ title, body }: { title: string; body: string }) {
    super()
    this.title = title
    this.body = body
  }
  show(): void {
    console.error(`${this.title}\n${this.body}`)
    Notification.onShow?.(this)
  }
}

/** No tray here: Electron throws as well where an image cannot be used. */
export class Tray {
  constructor() {
    throw new Error('The stand-in has no tray.')
  }
}

export interface MenuItem {
  id?: string
  label?: string
  role?: string
  click?: () => void
  submenu?: MenuItem[]
}
export const Menu = {
  current: null as MenuItem[] | null,
  buildFromTemplate: (template: MenuItem[]): MenuItem[] => template,
  setApplicationMenu(menu: MenuItem[] | null): void {
    Menu.current = menu
  },
}

export const nativeImage = { createFromPath: (): object => ({ setTemplateImage(): void {}, isEmpty: () => true }) }
export const nativeTheme = { shouldUseDarkColors: true }
export const screen = { getAllDisplays: (): object[] => [{ workArea: { x: 0, y: 0, width: 1280, height: 800 } }] }

interface MessageBox {
  message: string
  detail?: string
  buttons?: string[]
  cancelId?: number
  signal?: AbortSignal
}

/** Whoever started the stand-in may answer in place of a person: the index of the button, null for nobody there. */
export const dialogs = {
  onShow: null as ((shown: { message: string; detail: string; buttons: string[] }) => number | null) | null,
}

export const dialog = {
  /** Without a person, and without a display to ask one, the answer is the cancelling button. */
  showMessageBox: async (...args: unknown[]): Promise<{ response: number }> => {
    const { message, detail = '', buttons = ['OK'], cancelId = 0, signal } = args.at(-1) as MessageBox
    const answered = dialogs.onShow?.({ message, detail, buttons }) ?? null
    if (answered !== null) return { response: answered }
    console.error(`${message}${detail ? `\n${detail}` : ''}`)
    const browser = currentBrowser()
    if (!headed || !browser) return { response: cancelId }
    const response = await askInWindow(
      browser,
      { message, detail, buttons, cancelId },
      (targetId) => allowTarget(targetId),
      signal,
    )
    return { response }
  },
  showErrorBox: (title: string, content: string): void => console.error(`${title}\n${content}`),
}
