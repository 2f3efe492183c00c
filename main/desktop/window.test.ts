import type { IpcMainEvent } from 'electron'
import { beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../base/log.ts'

interface Made {
  options: { webPreferences: Record<string, unknown> }
  webContents: {
    on(name: string, listener: Listener): void
    openHandler?: (details: object) => unknown
    listeners: Map<string, Listener>
  }
}
type Listener = (event: { preventDefault(): void }, url: string) => void
type Answer = (granted: boolean) => void

const { made, handlers } = vi.hoisted(() => ({
  made: [] as Made[],
  handlers: new Map<string, (...args: never[]) => unknown>(),
}))

vi.mock('electron', () => {
  class BrowserWindow {
    static getAllWindows = () => made
    webContents: Made['webContents'] & { setWindowOpenHandler(handler: (details: object) => unknown): void }
    constructor(options: Made['options']) {
      const listeners = new Map<string, Listener>()
      this.webContents = {
        listeners,
        on: (name, listener) => void listeners.set(name, listener),
        setWindowOpenHandler(handler) {
          this.openHandler = handler
        },
      }
      made.push({ options, webContents: this.webContents })
    }
    on() {}
    once() {}
    loadURL = async () => {}
  }
  const own = new Proxy(
    { webRequest: { onBeforeRequest: (handler: never) => void handlers.set('onBeforeRequest', handler) } },
    {
      get: (target, name) =>
        name === 'webRequest' ? target.webRequest : (handler: never) => void handlers.set(String(name), handler),
    },
  )
  return {
    app: { isPackaged: true },
    BrowserWindow,
    nativeTheme: { shouldUseDarkColors: true },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1440, height: 900 } }] },
    session: { defaultSession: own },
  }
})

const { hardenSession, isOurs, openWindow } = await import('./window.ts')
const launch = { demo: false, readOnly: false, dataDir: '/nowhere' }

beforeEach(() => {
  made.length = 0
})

test('the page is sandboxed, isolated and without Node', () => {
  openWindow(launch, silentLog)
  expect(made[0]?.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    devTools: false,
  })
})

test('no second window, no other page, no guest; the page itself may be loaded again', () => {
  openWindow(launch, silentLog)
  const contents = made[0]!.webContents
  expect(contents.openHandler?.({ url: 'https://example.org' })).toEqual({ action: 'deny' })
  const prevented = (name: string, url: string): boolean => {
    const preventDefault = vi.fn()
    contents.listeners.get(name)?.({ preventDefault }, url)
    return preventDefault.mock.calls.length > 0
  }
  expect(prevented('will-navigate', 'https://example.org/')).toBe(true)
  expect(prevented('will-navigate', 'app://wheelhouse/other.html')).toBe(true)
  expect(prevented('will-navigate', 'app://wheelhouse/index.html#/fleet')).toBe(false)
  expect(prevented('will-redirect', 'https://example.org/')).toBe(true)
  expect(prevented('will-attach-webview', '')).toBe(true)
})

test('every permission but writing text to the clipboard is refused', () => {
  hardenSession()
  const request = handlers.get('setPermissionRequestHandler') as unknown as (
    contents: null,
    permission: string,
    answer: Answer,
    details: object,
  ) => void
  const granted = (permission: string, isMainFrame = true): boolean => {
    let answer = false
    request(
      null,
      permission,
      (given) => {
        answer = given
      },
      { isMainFrame },
    )
    return answer
  }
  expect(
    ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'hid'].map((permission) =>
      granted(permission),
    ),
  ).not.toContain(true)
  expect(granted('clipboard-sanitized-write')).toBe(true)
  expect(granted('clipboard-sanitized-write', false)).toBe(false)
})

test('the page can ask no host for anything', () => {
  hardenSession()
  const before = handlers.get('onBeforeRequest') as unknown as (
    request: { url: string },
    answer: (result: { cancel: boolean }) => void,
  ) => void
  const cancelled = (url: string): boolean => {
    let cancel = false
    before({ url }, (result) => {
      cancel = result.cancel
    })
    return cancel
  }
  expect(['https://example.org/', 'http://127.0.0.1/', 'ws://x/', 'file:///etc/passwd'].map(cancelled)).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(cancelled('app://wheelhouse/index.html')).toBe(false)
})

test('a message counts only from the top frame of our page in our window', () => {
  openWindow(launch, silentLog)
  const sender = made[0]!.webContents
  const from = (senderFrame: object | null, by: unknown = sender): boolean =>
    isOurs({ senderFrame, sender: by } as unknown as IpcMainEvent)
  expect(from({ url: 'app://wheelhouse/index.html', parent: null })).toBe(true)
  expect(from(null)).toBe(false)
  expect(from({ url: 'app://wheelhouse/index.html', parent: {} })).toBe(false)
  expect(from({ url: 'app://wheelhouse.example/index.html', parent: null })).toBe(false)
  expect(from({ url: 'https://example.org/', parent: null })).toBe(false)
  expect(from({ url: 'app://wheelhouse/index.html', parent: null }, {})).toBe(false)
})
