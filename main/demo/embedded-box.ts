import { type FSWatcher, rmSync, watch } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import ssh2, { type AuthContext, type Connection, type Server } from 'ssh2'
import type { Clock } from '../base/clock.ts'
import { runInWorker } from './exec.ts'
import { ed25519 } from './keys.ts'
import { readMachine } from './machine.ts'

export interface EmbeddedBoxOptions {
  /** The box's home folder; `.demo/system.json` in it says what machine it is. */
  readonly home: string
  /** Unix socket or Windows named pipe it listens on. Nothing listens on a port. */
  readonly socketPath: string
  readonly user: string
  /** Public key blob (base64) that may log in. */
  readonly authorizedKey: string
  readonly clock: Clock
}

/** An SSH server inside this process: real protocol, real keys, programs in worker threads over a real file system. */
export interface EmbeddedBox {
  /** As {@link Dial}, for this box. */
  dial(options: { timeoutMs: number; signal?: AbortSignal }): Promise<Duplex>
  /** Fingerprint of the key it shows now. */
  fingerprint(): string
  /** Looks at its files and the clock again: connections end with a machine that went away or was replaced, programs with its Node. */
  refresh(): void
  /** Ends every connection, as a network does that goes away. */
  cut(): void
  close(): Promise<void>
}

export async function startEmbeddedBox(options: EmbeddedBoxOptions): Promise<EmbeddedBox> {
  const { home, socketPath, clock } = options
  const servers = new Map<string, Server>()
  const sockets = new Set<Socket>()
  const serverFor = (seed: string): Server => {
    const known = servers.get(seed)
    if (known) return known
    const server = new ssh2.Server({ hostKeys: [ed25519(seed).privateKey], ident: 'OpenSSH_9.9' }, (client) =>
      serveClient(client, options, { programs, clockOffset }),
    )
    servers.set(seed, server)
    return server
  }

  const programs = new Set<Worker>()
  const clockOffset = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
  let before = readMachine(home)
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const refresh = () => {
    new Float64Array(clockOffset)[0] = clock.nowMs() - Date.now()
    const now = readMachine(home)
    const restarted = now.bootedAtMs !== before.bootedAtMs
    if (restarted || now.reach !== before.reach || now.hostKey !== before.hostKey) cut()
    if (restarted || now.node?.path !== before.node?.path) for (const program of programs) void program.terminate()
    before = now
  }
  refresh()
  const watcher = watchMachine(home, refresh)

  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const { reach, hostKey } = readMachine(home)
    if (reach === 'hangs') socket.resume()
    else serverFor(hostKey).injectSocket(socket)
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(socketPath, () => {
      listener.off('error', reject)
      resolve()
    })
  })

  return {
    dial: (wait) => dialBox(home, socketPath, wait),
    fingerprint: () => ed25519(readMachine(home).hostKey).fingerprint,
    refresh,
    cut,
    async close() {
      watcher.close()
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()))
      cut()
      await Promise.all([...programs].map((program) => program.terminate()))
      await closed
      if (process.platform !== 'win32') rmSync(socketPath, { force: true })
    },
  }
}

/** Someone who edits `system.json` sees the effect on the next sweep. A file that is being written is looked at when it is whole. */
function watchMachine(home: string, refresh: () => void): FSWatcher {
  return watch(path.join(home, '.demo'), { persistent: false }, () => {
    try {
      refresh()
    } catch {
      // Half written: the next event follows.
    }
  })
}

/** As a host on a network would: refused, no route, or a stream. @throws Error with the `code` that Node's TCP gives. */
async function dialBox(
  home: string,
  socketPath: string,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<Duplex> {
  const { reach } = readMachine(home)
  if (reach === 'unreachable') throw networkError('EHOSTUNREACH')
  if (reach === 'refuses') throw networkError('ECONNREFUSED')
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const abort = () => fail(networkError('ECANCELED'))
    socket.setTimeout(timeoutMs, () => fail(networkError('ETIMEDOUT')))
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', fail)
      signal?.removeEventListener('abort', abort)
      resolve(socket)
    })
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}

/** An error as Node's `net` raises it, so that the caller needs no second table of causes. */
export const networkError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

function serveClient(
  client: Connection,
  { home, user, authorizedKey }: EmbeddedBoxOptions,
  running: { programs: Set<Worker>; clockOffset: SharedArrayBuffer },
): void {
  client.on('error', () => client.end())
  client.on('authentication', (context) => {
    if (allows(context, user, authorizedKey)) context.accept()
    else context.reject(['publickey'])
  })
  client.on('session', (accept) => {
    const session = accept()
    session.on('exec', (acceptExec, _reject, { command }) =>
      runInWorker(acceptExec(), command, { home, user, ...running }),
    )
    session.on('shell', (_accept, reject) => reject?.())
    session.on('sftp', (_accept, reject) => reject?.())
    session.on('pty', (_accept, reject) => reject?.())
  })
}

function allows(context: AuthContext, user: string, authorizedKey: string): boolean {
  if (context.method !== 'publickey' || context.username !== user) return false
  if (context.key.data.toString('base64') !== authorizedKey) return false
  if (!context.signature || !context.blob) return true
  const key = ssh2.utils.parseKey(`ssh-ed25519 ${authorizedKey}`)
  return !(key instanceof Error) && key.verify(context.blob, context.signature) === true
}
