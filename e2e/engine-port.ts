import type { Page } from '@playwright/test'

interface World {
  testPort: MessagePort
}

/** Opens a port of our own to the engine, beside the page's, and keeps it in the page. */
export const openPort = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const hear = (event: MessageEvent): void => {
          const port = event.ports[0]
          if (event.source !== window || event.data?.wheelhouse !== 'port' || !port) return
          window.removeEventListener('message', hear, { capture: true })
          // The page's own listener would take it.
          event.stopImmediatePropagation()
          port.start()
          ;(window as unknown as World).testPort = port
          resolve()
        }
        window.addEventListener('message', hear, { capture: true })
        window.postMessage({ wheelhouse: 'want-port' }, '/')
      }),
  )

/** Sends frames as they are over the port of {@link openPort}. */
export const sendFrames = (page: Page, frames: unknown[]): Promise<void> =>
  page.evaluate((all) => {
    for (const frame of all) (window as unknown as World).testPort.postMessage(frame)
  }, frames)

/** Asks the engine for `app.state` over the port of {@link openPort}; answers with its version. */
export const askVersion = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const port = (window as unknown as World).testPort
        const id = `test-${performance.now()}`
        const hear = (event: MessageEvent): void => {
          const answer = JSON.parse(String(event.data))
          if (answer.i !== id) return
          port.removeEventListener('message', hear)
          resolve(answer.p?.b?.json?.version)
        }
        port.addEventListener('message', hear)
        port.postMessage(JSON.stringify({ i: id, p: { u: '/app/state', b: {} } }))
      }),
  )
