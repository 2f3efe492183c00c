import type { Readable } from 'node:stream'
import type ssh2 from 'ssh2'
import type { ClientChannel } from 'ssh2'
import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'
import type { ShellChannel, Size } from './ssh.ts'

const errorTailBytes = 4096

/** The box would not open another session (RFC 4254 §5.1): `MaxSessions`, or channels that leaked. */
export class NoSessionError extends Error {}

interface Parts {
  readonly boxName: string
  readonly isDropped: () => boolean
  readonly onUse: () => void
  readonly onClosed: () => void
}

const lossOf = ({ boxName, isDropped }: Parts, detail: string): FaultError =>
  new FaultError(
    isDropped()
      ? { code: 'cancelled', what: `the connection to ${boxName} was closed from here` }
      : { code: 'connection-lost', boxName, detail: untrusted(detail) },
  )

/** What runs on a channel: a command with its errors apart or merged into its output, or the login shell on a terminal. */
export type Start = { readonly command: string; readonly errors: 'tail' | 'merged' } | { readonly size: Size }

/** The kind of terminal that the window draws. */
const terminalKind = 'xterm-256color'

/**
 * Opens a session channel and starts a command or a shell on it. A channel that comes after `signal` fired is closed.
 * @param isDropped whether this console itself cut the connection; what is under way then ends as `cancelled`.
 * @param onUse called whenever something is sent, so that the pool knows that the connection is in use.
 * @param onClosed called once, when the channel is gone on both sides.
 */
export function startOn(
  client: ssh2.Client,
  start: Start,
  parts: Parts & { signal: AbortSignal },
): Promise<ShellChannel> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      parts.onClosed()
      parts.signal.removeEventListener('abort', giveUp)
      reject(error)
    }
    let over = false
    const giveUp = () => {
      over = true
      reject(parts.signal.reason as Error)
    }
    if (parts.signal.aborted) return refuse(parts.signal.reason as Error)
    parts.signal.addEventListener('abort', giveUp, { once: true })
    const opened = (error: (Error & { reason?: unknown }) | undefined, stream: ClientChannel) => {
      if (error) {
        const refused = typeof error.reason === 'number' && /open failure/.test(error.message)
        const noTerminal = 'size' in start && /^Unable to (request|start)/.test(error.message)
        if (noTerminal)
          return refuse(
            new FaultError({ code: 'no-terminal', boxName: parts.boxName, detail: untrusted(error.message) }, error),
          )
        return refuse(refused ? new NoSessionError(error.message) : lossOf(parts, error.message))
      }
      parts.signal.removeEventListener('abort', giveUp)
      const channel = wrap(client, stream, 'errors' in start && start.errors === 'merged', parts)
      if (over) channel.close()
      else resolve(channel)
    }
    try {
      if ('command' in start) client.exec(start.command, opened)
      else client.shell({ cols: start.size.columns, rows: start.size.rows, term: terminalKind }, opened)
    } catch (error) {
      refuse(lossOf(parts, (error as Error).message))
    }
  })
}

function wrap(client: ssh2.Client, stream: ClientChannel, merged: boolean, parts: Parts): ShellChannel {
  let tail = Buffer.alloc(0)
  let gone = false
  let exited = false
  let connectionLost = false
  let wake = () => {}
  // A channel that breaks also closes; what broke it is told by the connection.
  stream.setMaxListeners(0).on('error', () => {})
  stream.stderr.on('error', () => {})
  if (!merged)
    stream.stderr.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk]).subarray(-errorTailBytes)
    })
  const lost = () => lossOf(parts, 'the machine stopped answering in the middle')
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    const finish = () => {
      if (gone) return
      gone = true
      client.off('close', onConnectionClosed)
      resolve({ exitCode: null, signal: null })
      parts.onClosed()
      wake()
    }
    const onConnectionClosed = () => {
      connectionLost = !exited
      finish()
    }
    stream.once('exit', (code: number | null, signal?: string) => {
      exited = true
      resolve({ exitCode: code, signal: signal ?? null })
    })
    stream.once('close', finish)
    client.once('close', onConnectionClosed)
  })
  const output = pull(
    merged ? [stream, stream.stderr] : [stream],
    (waiter) => {
      wake = waiter
    },
    () => gone,
    () => (connectionLost || (parts.isDropped() && !exited) ? lost() : null),
  )
  return {
    write: (data) =>
      new Promise((resolve, reject) => {
        if (gone || stream.writableEnded || parts.isDropped()) return reject(lost())
        parts.onUse()
        const onGone = () => reject(lost())
        stream.once('close', onGone)
        client.once('close', onGone)
        stream.write(data, (error) => {
          stream.off('close', onGone)
          client.off('close', onGone)
          if (error) reject(lost())
          else resolve()
        })
      }),
    endInput: () => void stream.end(),
    output,
    errorTail: () => tail.toString('utf8'),
    ended,
    resize({ columns, rows }) {
      if (!gone) stream.setWindow(rows, columns, 0, 0)
    },
    terminate() {
      if (!gone && !exited) stream.signal('TERM')
    },
    close() {
      if (gone) return
      stream.end()
      stream.close()
      // ssh2 says `close` only once everything that arrived was read.
      for (const half of [stream, stream.stderr]) {
        half.removeAllListeners('readable')
        half.resume()
      }
    },
  }
}

/** Reads chunk by chunk; what nobody pulls stays unread, and then the box has to wait (channel window, RFC 4254 §5.2). */
async function* pull(
  streams: readonly Readable[],
  setWake: (wake: () => void) => void,
  isGone: () => boolean,
  loss: () => Error | null,
): AsyncGenerator<Buffer> {
  let open = streams.length
  let wake = () => {}
  const onEvent = () => wake()
  const onEnd = () => {
    open -= 1
    wake()
  }
  for (const stream of streams) stream.on('readable', onEvent).once('end', onEnd)
  setWake(onEvent)
  try {
    for (;;) {
      const chunks = streams.map((stream) => stream.read() as Buffer | null).filter((chunk) => chunk !== null)
      yield* chunks
      if (chunks.length > 0) continue
      const error = loss()
      if (error) throw error
      if (open === 0 || isGone()) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    for (const stream of streams) stream.off('readable', onEvent).off('end', onEnd)
  }
}
