// Host side of a page's isolated world: carries IPC and port messages both ways in batches.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { Session } from './cdp.ts'
import { type Envelope, MessageChannelMain, PortMain } from './ports.ts'

type Frame = readonly unknown[]

/** Measured best: larger batches cost throughput, more in flight gains nothing. */
const batchBytes = 128 * 1024
const batchesInFlight = 8

const text = (name: string): string => readFileSync(path.join(import.meta.dirname, name), 'utf8')

export class Bridge {
  readonly #session: Session
  readonly #onIpc: (channel: string, args: unknown[], ports: PortMain[]) => void
  readonly #ports = new Map<string, MessagePort>()
  #context = 0
  #queue: Frame[] = []
  #inFlight = 0
  #armed = false
  #made = 0

  constructor(session: Session, onIpc: (channel: string, args: unknown[], ports: PortMain[]) => void) {
    this.#session = session
    this.#onIpc = onIpc
  }

  /** Ports of the page that are open now. */
  get openPorts(): number {
    return this.#ports.size
  }

  /** Puts the imitated `electron` module and the real preload into every document to come. */
  async install(preloadFile: string | undefined): Promise<void> {
    const session = this.#session
    const { frameTree } = await session.send('Page.getFrameTree')
    session.on('Runtime.executionContextCreated', ({ context }) => {
      // Every frame gets such a world; the app's is the top one's.
      if (context.name !== 'preload' || context.auxData?.frameId !== frameTree.frame.id) return
      // A new document: the ports of the last one are gone, and nobody else will say so.
      for (const port of this.#ports.values()) port.close()
      this.#ports.clear()
      this.#queue = []
      this.#context = context.id
    })
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== '__host' || executionContextId !== this.#context) return
      for (const frame of JSON.parse(payload) as Frame[]) this.#take(frame)
    })
    await session.send('Page.enable')
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: '__host', executionContextName: 'preload' })
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: text('main-world.js') })
    const preload = preloadFile ? readFileSync(preloadFile, 'utf8') : ''
    const facts = `globalThis.process = ${JSON.stringify({ platform: process.platform, sandboxed: true, contextIsolated: true })};`
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: 'preload',
      source: `if (window === window.top) {${facts}\n${text('isolated-world.js')}\n${preload}\n}`,
    })
  }

  /** `webContents.send` and `webContents.postMessage`. */
  send(channel: string, args: readonly unknown[], ports: readonly PortMain[] = []): void {
    const ids = ports.map((port) => {
      const id = `m${++this.#made}`
      this.#keep(id, PortMain.unwrap(port))
      return id
    })
    this.#push(['i', channel, args, ids])
  }

  #keep(id: string, port: MessagePort): void {
    this.#ports.set(id, port)
    port.on('message', ({ d }: Envelope) => {
      if (typeof d === 'string') this.#push(['m', id, 0, d])
      else if (d instanceof Uint8Array) this.#push(['m', id, 2, Buffer.from(d).toString('base64')])
      else this.#push(['m', id, 1, d])
    })
    port.once('close', () => {
      if (this.#ports.delete(id)) this.#push(['c', id])
    })
  }

  #take([kind, id, ...rest]: Frame): void {
    if (kind === 'm') {
      const data = rest[0] === 2 ? new Uint8Array(Buffer.from(String(rest[1]), 'base64')) : rest[1]
      this.#ports.get(String(id))?.postMessage({ d: data })
    } else if (kind === 's') {
      this.#onIpc(String(id), rest[0] as unknown[], [])
    } else if (kind === 'p') {
      const ports = (rest[1] as string[]).map((name) => {
        const channel = new MessageChannelMain()
        this.#keep(name, PortMain.unwrap(channel.port1))
        return channel.port2
      })
      this.#onIpc(String(id), [rest[0]], ports)
    }
  }

  #push(frame: Frame): void {
    this.#queue.push(frame)
    if (this.#armed) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#context && this.#queue.length > 0 && this.#inFlight < batchesInFlight) {
      let count = 0
      let bytes = 0
      while (count < this.#queue.length && bytes < batchBytes) {
        const data = this.#queue[count++]?.[3]
        bytes += typeof data === 'string' ? data.length : 200
      }
      const json = JSON.stringify(this.#queue.splice(0, count))
      this.#inFlight++
      this.#session
        .send('Runtime.evaluate', { contextId: this.#context, expression: `__in(${JSON.stringify(json)})` })
        .catch(() => {})
        .finally(() => {
          this.#inFlight--
          this.#flush()
        })
    }
  }
}
