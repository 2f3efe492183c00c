// The DevTools protocol over Chromium's own pipe: no port, nothing listens.
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'

// biome-ignore lint/suspicious/noExplicitAny: answers and events of the protocol have no types here.
export type Answer = any

interface Message {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
  sessionId?: string
}

/** One attached page. Emits the protocol's events by their names. */
export class Session extends EventEmitter {
  readonly #browser: Browser
  readonly #id: string
  constructor(browser: Browser, id: string) {
    super()
    this.#browser = browser
    this.#id = id
    this.setMaxListeners(0)
  }
  send(method: string, params: object = {}): Promise<Answer> {
    return this.#browser.send(method, params, this.#id)
  }
}

/** The browser process. Emits `exit` once, and the protocol's browser-wide events. */
export class Browser extends EventEmitter {
  readonly process: ChildProcess
  readonly #input: Writable
  readonly #waiting = new Map<number, { resolve(value: Answer): void; reject(error: Error): void }>()
  readonly #sessions = new Map<string, Session>()
  #sent = 0
  #parts: Buffer[] = []
  #gone = false

  constructor(executable: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    super()
    this.setMaxListeners(0)
    this.process = spawn(executable, ['--remote-debugging-pipe', ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env,
    })
    this.#input = this.process.stdio[3] as Writable
    this.#input.on('error', () => {})
    ;(this.process.stdio[4] as Readable).on('data', (chunk: Buffer) => this.#read(chunk))
    this.process.once('exit', () => this.#end())
    this.process.once('error', () => this.#end())
  }

  get gone(): boolean {
    return this.#gone
  }

  session(id: string): Session {
    const known = this.#sessions.get(id)
    if (known) return known
    const session = new Session(this, id)
    this.#sessions.set(id, session)
    return session
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Answer> {
    if (this.#gone) return Promise.reject(new Error('The browser has ended.'))
    return new Promise((resolve, reject) => {
      const id = ++this.#sent
      this.#waiting.set(id, { resolve, reject })
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  #read(chunk: Buffer): void {
    let rest = chunk
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      this.#parts.push(rest.subarray(0, end))
      const whole = Buffer.concat(this.#parts)
      this.#parts = []
      rest = rest.subarray(end + 1)
      this.#take(JSON.parse(whole.toString('utf8')) as Message)
    }
    if (rest.length > 0) this.#parts.push(rest)
  }

  #take(message: Message): void {
    if (message.id !== undefined) {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error) waiting?.reject(new Error(message.error.message))
      else waiting?.resolve(message.result)
    } else if (message.method) {
      ;(message.sessionId ? this.session(message.sessionId) : this).emit(message.method, message.params)
    }
  }

  #end(): void {
    if (this.#gone) return
    this.#gone = true
    for (const waiting of this.#waiting.values()) waiting.reject(new Error('The browser has ended.'))
    this.#waiting.clear()
    this.emit('exit')
  }
}
