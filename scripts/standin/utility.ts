// Electron's utilityProcess: a worker thread, or a process of its own where a test must be able to kill it.
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { type MessagePort, Worker } from 'node:worker_threads'
import type { ChildFrame } from './child-boot.ts'
import { type Envelope, PortMain } from './ports.ts'

interface ForkOptions {
  serviceName?: string
  env?: NodeJS.ProcessEnv
  stdio?: 'pipe' | 'ignore' | 'inherit'
}

class WorkerUtility extends EventEmitter {
  pid: number | undefined
  readonly stdout: PassThrough
  readonly stderr: PassThrough
  readonly #worker: Worker

  constructor(file: string, args: readonly string[], options: ForkOptions) {
    super()
    this.#worker = new Worker(new URL('./worker-boot.ts', import.meta.url), {
      name: options.serviceName ?? 'utility',
      argv: [...args],
      env: options.env ?? process.env,
      workerData: { url: pathToFileURL(file).href },
      stdout: true,
      stderr: true,
    })
    // Streams of our own: the worker's have ended when its `error` event comes.
    this.stdout = new PassThrough()
    this.stderr = new PassThrough()
    this.#worker.stdout.pipe(this.stdout, { end: false })
    this.#worker.stderr.pipe(this.stderr, { end: false })
    this.#worker.once('online', () => {
      this.pid = process.pid
      this.emit('spawn')
    })
    this.#worker.on('message', (envelope: Envelope) => this.emit('message', envelope.d))
    this.#worker.on('error', (error: unknown) =>
      this.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
    )
    this.#worker.once('exit', (code) => {
      this.pid = undefined
      this.emit('exit', code)
    })
  }

  postMessage(data: unknown, transfer: readonly PortMain[] = []): void {
    const ports = transfer.map(PortMain.unwrap)
    this.#worker.postMessage(ports.length > 0 ? { d: data, p: ports } : { d: data }, ports)
  }

  kill(): boolean {
    void this.#worker.terminate()
    return true
  }
}

class ChildUtility extends EventEmitter {
  pid: number | undefined
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  readonly #child: ChildProcess
  readonly #ports = new Map<number, MessagePort>()
  #adopted = 0

  constructor(file: string, args: readonly string[], options: ForkOptions) {
    super()
    this.#child = fork(new URL('./child-boot.ts', import.meta.url), [pathToFileURL(file).href, ...args], {
      env: options.env ?? process.env,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.stdout = this.#child.stdout
    this.stderr = this.#child.stderr
    this.#child.once('spawn', () => {
      this.pid = this.#child.pid
      this.emit('spawn')
    })
    this.#child.on('message', (frame) => this.#take(frame as ChildFrame))
    // `close`, not `exit`: what it wrote last has been read by then.
    this.#child.once('close', (code) => {
      this.pid = undefined
      for (const port of this.#ports.values()) port.close()
      this.#ports.clear()
      this.emit('exit', code ?? 1)
    })
  }

  postMessage(data: unknown, transfer: readonly PortMain[] = []): void {
    this.#send({ kind: 'message', data, ports: transfer.map((port) => this.#forward(PortMain.unwrap(port))) })
  }

  kill(): boolean {
    return this.#child.kill()
  }

  #send(frame: ChildFrame): void {
    if (this.#child.connected) this.#child.send(frame)
  }

  #forward(port: MessagePort): number {
    const id = ++this.#adopted
    this.#ports.set(id, port)
    port.on('message', (envelope: Envelope) => this.#send({ kind: 'port-message', port: id, data: envelope.d }))
    port.once('close', () => {
      if (this.#ports.delete(id)) this.#send({ kind: 'port-close', port: id })
    })
    return id
  }

  #take(frame: ChildFrame): void {
    if (frame.kind === 'message') this.emit('message', frame.data)
    else if (frame.kind === 'port-message') this.#ports.get(frame.port)?.postMessage({ d: frame.data })
    else {
      const port = this.#ports.get(frame.port)
      this.#ports.delete(frame.port)
      port?.close()
    }
  }
}

export type Utility = WorkerUtility | ChildUtility

export const utilityProcess = {
  /** The one started last. */
  newest: null as Utility | null,
  /** Told the process id of each that starts; for tests that kill it. */
  onSpawn: null as ((pid: number) => void) | null,

  fork(file: string, args: readonly string[] = [], options: ForkOptions = {}): Utility {
    const utility = process.env.WHEELHOUSE_ENGINE_CHILD
      ? new ChildUtility(file, args, options)
      : new WorkerUtility(file, args, options)
    utility.once('spawn', () => utilityProcess.onSpawn?.(utility.pid ?? 0))
    utilityProcess.newest = utility
    return utility
  },
}
