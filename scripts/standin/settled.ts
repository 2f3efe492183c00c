// When a screenshot is worth taking: the demo's past is made, its first sweep is over and the page has stopped changing.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../../shared/contract/index.ts'
import { MessageChannelMain } from './ports.ts'
import { utilityProcess } from './utility.ts'
import type { BrowserWindow } from './window.ts'

const pauseMs = 100
const stillMs = 800
const withinMs = 240_000

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs))

export async function settled(window: BrowserWindow, options: { demo: boolean }): Promise<void> {
  const endMs = performance.now() + withinMs
  await textIsStill(window, endMs)
  if (!options.demo) return
  const client = engineClient()
  for (;;) {
    const [{ doing }, sweep] = await Promise.all([client.app.state(), client.sweep.current()])
    // Sweeps of the made-up past began before this program did.
    const isNow = sweep !== null && sweep.startedAtMs >= performance.timeOrigin && sweep.total > 1
    if (doing === null && isNow && sweep.endedAtMs !== null) break
    if (performance.now() > endMs) throw new Error('The first sweep of the demo did not end within 4 minutes.')
    await pause()
  }
  await textIsStill(window, endMs)
}

/** A client of our own at the engine, beside the page's. */
function engineClient(): ContractRouterClient<typeof contract> {
  const { port1, port2 } = new MessageChannelMain()
  utilityProcess.newest?.postMessage({ kind: 'port' }, [port1])
  port2.start()
  return createORPCClient(new RPCLink({ port: port2 }))
}

async function textIsStill(window: BrowserWindow, endMs: number): Promise<void> {
  let last = ''
  let sinceMs = performance.now()
  while (performance.now() < endMs) {
    const answer = await window.session?.send('Runtime.evaluate', {
      expression:
        'document.readyState === "complete" && document.fonts.status === "loaded" ? document.body.innerText : ""',
      returnByValue: true,
    })
    const text = String(answer?.result?.value ?? '')
    if (text === '' || text !== last) sinceMs = performance.now()
    last = text
    if (performance.now() - sinceMs > stillMs) return
    await pause()
  }
}
