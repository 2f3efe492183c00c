// BrowserWindow and WebContents over a page of the system's Chromium.
import { EventEmitter } from 'node:events'
import { Bridge } from './bridge.ts'
import type { Answer, Browser, Session } from './cdp.ts'
import { headed, launchBrowser } from './launch.ts'
import type { PortMain } from './ports.ts'

/** What the window needs from the imitated `app`, `ipcMain`, `protocol` and `session`. */
export interface Surroundings {
  scheme(name: string): ((request: Request) => Response | Promise<Response>) | undefined
  ipc(channel: string, event: object, args: unknown[]): void
  mayWriteClipboard(): boolean
  allClosed(): void
}

interface WindowOptions {
  width?: number
  height?: number
  title?: string
  backgroundColor?: string
  webPreferences?: { preload?: string }
}

/** Chromium knows no `app:` scheme; a page of it is served as https under a name that exists nowhere. */
const outside = (url: string): string => url.replace(/^app:\/\/([^/]+)/, 'https://$1.app.test')
const inside = (url: string): string => url.replace(/^https:\/\/([^/]+)\.app\.test/, 'app://$1')

class Prevention {
  defaultPrevented = false
  preventDefault(): void {
    this.defaultPrevented = true
  }
}

class WebContents extends EventEmitter {
  readonly #window: BrowserWindow
  #openHandler: ((details: { url: string }) => unknown) | undefined
  constructor(window: BrowserWindow) {
    super()
    this.#window = window
  }
  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.#openHandler = handler
  }
  opened(url: string): void {
    this.#openHandler?.({ url })
  }
  send(channel: string, ...args: unknown[]): void {
    this.#window.bridge?.send(channel, args)
  }
  postMessage(channel: string, message: unknown, transfer: PortMain[] = []): void {
    this.#window.bridge?.send(channel, [message], transfer)
  }
  isDestroyed(): boolean {
    return this.#window.isDestroyed()
  }
  setIgnoreMenuShortcuts(): void {}
  getURL(): string {
    return this.#window.url
  }
  reload(): void {
    void this.#window.session?.send('Page.reload').catch(() => {})
  }
  async capturePage(): Promise<{ toPNG(): Buffer }> {
    const answer = await this.#window.session?.send('Page.captureScreenshot', { format: 'png' })
    return { toPNG: () => Buffer.from(answer?.data ?? '', 'base64') }
  }
}

/** Windows of the stand-in itself: dialogs. */
const own = new Set<string>()
export const allowTarget = (targetId: string): void => void own.add(targetId)

let surroundings: Surroundings
let browser: Browser | undefined
/** The browser behind the window; quitting waits for its end. */
export const currentBrowser = (): Browser | undefined => browser
export function surround(given: Surroundings): void {
  surroundings = given
}

export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>()
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all]
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows()[0] ?? null
  }

  readonly webContents = new WebContents(this)
  readonly #options: WindowOptions
  browser: Browser | undefined
  session: Session | undefined
  bridge: Bridge | undefined
  url = ''
  /** True from the moment a person would see it. */
  shown = false
  #targetId = ''
  #gone = false
  #loading = true

  constructor(options: WindowOptions = {}) {
    super()
    this.#options = options
    BrowserWindow.#all.add(this)
  }

  show(): void {
    this.shown = !this.#loading
  }
  hide(): void {}
  restore(): void {}
  maximize(): void {}
  focus(): void {
    void this.session?.send('Page.bringToFront').catch(() => {})
  }
  isDestroyed(): boolean {
    return this.#gone
  }
  isMinimized(): boolean {
    return false
  }
  isMaximized(): boolean {
    return false
  }
  isVisible(): boolean {
    return true
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 0, y: 0, width: this.#options.width ?? 1280, height: this.#options.height ?? 800 }
  }

  close(): void {
    if (this.#gone) return
    this.emit('close', new Prevention())
    void this.browser?.send('Target.closeTarget', { targetId: this.#targetId }).catch(() => {})
    this.#closed()
  }

  #closed(): void {
    if (this.#gone) return
    this.#gone = true
    BrowserWindow.#all.delete(this)
    this.emit('closed')
    if (BrowserWindow.#all.size === 0) surroundings.allClosed()
  }

  async loadURL(url: string): Promise<void> {
    browser = launchBrowser({
      width: this.#options.width ?? 1280,
      height: this.#options.height ?? 800,
      title: this.#options.title ?? '',
      background: this.#options.backgroundColor ?? '#141513',
    })
    this.browser = browser
    // The close button, `kill` of the browser: either way the window is gone.
    this.browser.once('exit', () => {
      this.emit('close', new Prevention())
      this.#closed()
    })
    const session = await this.#attach(this.browser)
    this.session = session
    this.bridge = new Bridge(session, (channel, args, ports) =>
      surroundings.ipc(
        channel,
        {
          ports,
          sender: this.webContents,
          senderFrame: { url: this.url, origin: new URL(this.url).origin, parent: null },
        },
        args,
      ),
    )
    session.on('Fetch.requestPaused', (paused) => void this.#answer(session, paused))
    session.on('Page.frameNavigated', ({ frame }) => {
      if (!frame.parentId) this.url = inside(frame.url)
    })
    await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
    if (!headed) {
      // Headless Chromium counts window chrome into --window-size.
      const { width, height } = this.getNormalBounds()
      await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    }
    await this.bridge.install(this.#options.webPreferences?.preload)
    await this.#grantClipboard(url)
    const loaded = new Promise((resolve) => session.once('Page.loadEventFired', resolve))
    await session.send('Page.navigate', { url: outside(url) })
    await loaded
    this.#loading = false
    // Else "back" shows the blank page the window began with.
    await session.send('Page.resetNavigationHistory')
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
  }

  async #attach(browser: Browser): Promise<Session> {
    const firstPage = new Promise<string>((resolve) => {
      browser.on('Target.targetCreated', ({ targetInfo }) => {
        if (targetInfo.type === 'page') resolve(targetInfo.targetId)
      })
    })
    await browser.send('Target.setDiscoverTargets', { discover: true })
    this.#targetId = await Promise.race([
      firstPage,
      new Promise<never>((_, reject) =>
        browser.once('exit', () => reject(new Error('The browser ended before it showed a window.'))),
      ),
    ])
    browser.on('Target.targetCreated', ({ targetInfo }) => void this.#strange(browser, targetInfo))
    browser.on('Target.targetDestroyed', ({ targetId }) => {
      if (targetId !== this.#targetId) return
      if (!this.#gone) this.emit('close', new Prevention())
      this.#closed()
    })
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId: this.#targetId, flatten: true })
    return browser.session(sessionId)
  }

  /** Ctrl+N, Ctrl+T and window.open make ordinary browser windows: they are closed at once. */
  async #strange(browser: Browser, target: Answer): Promise<void> {
    // One that the stand-in has just made is named a moment after it appears.
    await new Promise((resolve) => setTimeout(resolve, target.openerId ? 0 : 50))
    if (own.has(target.targetId)) return
    if (target.type !== 'page' || target.targetId === this.#targetId || target.url.startsWith('devtools:')) return
    if (target.openerId) this.webContents.opened(inside(target.url))
    void browser.send('Target.closeTarget', { targetId: target.targetId }).catch(() => {})
  }

  async #grantClipboard(url: string): Promise<void> {
    const setting = surroundings.mayWriteClipboard() ? 'granted' : 'denied'
    const origin = new URL(outside(url)).origin
    await this.browser
      ?.send('Browser.setPermission', { permission: { name: 'clipboard-write' }, setting, origin })
      .catch(() => {})
  }

  async #answer(session: Session, { requestId, request, resourceType }: Answer): Promise<void> {
    const url = inside(request.url)
    const handler = surroundings.scheme(new URL(url).protocol.slice(0, -1))
    if (resourceType === 'Document' && !this.#loading && !this.#mayNavigate(url)) {
      // Aborted, not failed: the page that is shown stays.
      return void session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }).catch(() => {})
    }
    if (!handler)
      return void session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }).catch(() => {})
    const response = await handler(new Request(url, { method: request.method }))
    const body = Buffer.from(await response.arrayBuffer()).toString('base64')
    const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }))
    await session
      .send('Fetch.fulfillRequest', { requestId, responseCode: response.status, responseHeaders, body })
      .catch(() => {})
  }

  #mayNavigate(url: string): boolean {
    const event = new Prevention()
    this.webContents.emit('will-navigate', event, url)
    return !event.defaultPrevented
  }
}
