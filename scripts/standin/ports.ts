// Electron's MessagePortMain on a Node MessagePort. Ports travel inside the value: the envelope is {d, p}.
import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

export interface Envelope {
  d: unknown
  p?: MessagePort[]
}

/** Nothing is delivered before `start()`: a Node port would begin with its first listener, so it is attached there. */
export class PortMain extends EventEmitter {
  readonly #port: MessagePort
  #started = false

  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.once('close', () => this.emit('close'))
  }

  static unwrap(port: PortMain): MessagePort {
    return port.#port
  }

  postMessage(data: unknown, transfer: readonly PortMain[] = []): void {
    const ports = transfer.map(PortMain.unwrap)
    this.#port.postMessage(ports.length > 0 ? { d: data, p: ports } : { d: data }, ports)
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    this.#port.on('message', (envelope: Envelope) =>
      this.emit('message', { data: envelope.d, ports: (envelope.p ?? []).map((port) => new PortMain(port)) }),
    )
  }

  close(): void {
    this.#port.close()
  }
}

export class MessageChannelMain {
  readonly port1: PortMain
  readonly port2: PortMain
  constructor() {
    const channel = new MessageChannel()
    this.port1 = new PortMain(channel.port1)
    this.port2 = new PortMain(channel.port2)
  }
}
