import type { RPCHandler } from '@orpc/server/message-port'
import type { Log } from '../base/log.ts'
import type { EnginePort } from './engine.ts'

type Handler = Pick<RPCHandler<Record<never, never>>, 'upgrade'>

/** A frame longer than this is nobody's honest request. */
const maxFrameChars = 8 * 1024 * 1024

/** Only what oRPC can read reaches it: it rejects, unhandled, on anything else. Requests are JSON objects with a string id. */
export function isFrame(data: unknown): data is string {
  if (typeof data !== 'string' || data.length > maxFrameChars || !data.startsWith('{')) return false
  try {
    const frame: unknown = JSON.parse(data)
    return (
      typeof frame === 'object' &&
      frame !== null &&
      'i' in frame &&
      typeof frame.i === 'string' &&
      (!('p' in frame) || (typeof frame.p === 'object' && frame.p !== null))
    )
  } catch {
    return false
  }
}

/** Serves the contract on one port until it closes; frames that are not requests are dropped and counted in the log. */
export function serveOn(port: EnginePort, handler: Handler, log: Log): void {
  let dropped = 0
  const guarded = {
    on(event: string, listener: (event?: { data: unknown }) => void) {
      if (event === 'close') return port.on('close', () => listener())
      port.on('message', (message) => {
        if (isFrame(message.data)) return listener({ data: message.data })
        dropped += 1
        if (dropped === 1) log.warn('port.frame-dropped', { type: typeof message.data })
      })
    },
    postMessage: (data: unknown) => port.postMessage(data),
  }
  handler.upgrade(guarded as unknown as Parameters<Handler['upgrade']>[0], { context: {} })
  port.start()
}
