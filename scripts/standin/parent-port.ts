// `process.parentPort` of an Electron utility process: messages that come before the first listener wait for it.
import { EventEmitter } from 'node:events'
import type { PortMain } from './ports.ts'

interface Arrived {
  data: unknown
  ports: PortMain[]
}

export class ParentPort extends EventEmitter {
  readonly #send: (data: unknown) => void
  #waiting: Arrived[] | null = []

  constructor(send: (data: unknown) => void) {
    super()
    this.#send = send
    this.on('newListener', (name) => {
      const waiting = this.#waiting
      if (name !== 'message' || !waiting) return
      this.#waiting = null
      queueMicrotask(() => {
        for (const arrived of waiting) this.emit('message', arrived)
      })
    })
  }

  arrive(data: unknown, ports: PortMain[]): void {
    if (this.#waiting) this.#waiting.push({ data, ports })
    else this.emit('message', { data, ports })
  }

  postMessage(data: unknown): void {
    this.#send(data)
  }
}

export function giveParentPort(port: ParentPort): void {
  Object.defineProperty(process, 'parentPort', { value: port })
}
