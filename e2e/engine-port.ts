import type { Page } from '@playwright/test'

/** Opens a second port to the engine in the page and keeps it as `window.testPort`, with every answer in `window.testAnswers`. */
export const openPort = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const world = window as unknown as { testPort: MessagePort; testAnswers: string[] }
        world.testAnswers = []
        const hear = (event: MessageEvent): void => {
          const port = event.ports[0]
          if (event.source !== window || event.data?.wheelhouse !== 'port' || !port) return
          window.removeEventListener('message', hear)
          // Before the page's own listener, which would take it.
          event.stopImmediatePropagation()
          port.onmessage = (answer) => world.testAnswers.push(String(answer.data))
          world.testPort = port
          resolve()
        }
        window.addEventListener('message', hear, { capture: true })
        window.postMessage({ wheelhouse: 'want-port' }, '/')
      }),
  )
