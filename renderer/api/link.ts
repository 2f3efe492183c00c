import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'

type Frames = Pick<MessagePort, 'addEventListener' | 'postMessage'>

/** A call that found no engine within this time fails instead of hanging. */
const waitForEngineMs = 10_000

export class EngineAwayError extends Error {
  constructor() {
    super('The engine is not running.')
    this.name = 'EngineAwayError'
  }
}

/**
 * One link for the page's life; engines come and go behind it. A browser does not say that a port's other end is gone,
 * so `gone` must be called: it rejects the calls and ends the streams under way. Calls made while no engine
 * runs wait for the next one.
 */
export class EngineLink implements ClientLink<ClientContext> {
  #next = Promise.withResolvers<RPCLink<ClientContext>>()
  #end: (() => void) | undefined

  attach(port: MessagePort): void {
    this.gone()
    const closers: (() => void)[] = []
    let dead = false
    const frames = {
      addEventListener: (type: string, listener: () => void) => {
        if (type === 'close') closers.push(listener)
        else port.addEventListener(type as 'message', listener)
      },
      postMessage: (frame: unknown) => {
        if (dead) throw new EngineAwayError()
        port.postMessage(frame)
      },
    }
    this.#end = () => {
      dead = true
      port.close()
      for (const close of closers) close()
    }
    const link = new RPCLink({ port: frames as unknown as Frames & MessagePort })
    port.start()
    this.#next.resolve(link)
  }

  gone(): void {
    const end = this.#end
    if (!end) return
    this.#end = undefined
    this.#next = Promise.withResolvers()
    end()
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const link = await this.#running()
    return link.call(path, input, options)
  }

  async #running(): Promise<RPCLink<ClientContext>> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const away = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EngineAwayError()), waitForEngineMs)
    })
    try {
      return await Promise.race([this.#next.promise, away])
    } finally {
      clearTimeout(timer)
    }
  }
}
