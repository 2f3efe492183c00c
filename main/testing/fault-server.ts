import { generateKeyPairSync } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import type { AuthContext, Connection, ServerConfig, Session } from 'ssh2'
import ssh2 from 'ssh2'

export interface FaultServer {
  readonly host: '127.0.0.1'
  readonly port: number
  /** Connections taken so far. */
  taken(): number
  stop(): Promise<void>
}

/** Takes TCP connections and does what it is told with each, and nothing else. */
export async function startRawServer(onConnection: (socket: Socket, index: number) => void): Promise<FaultServer> {
  const sockets = new Set<Socket>()
  let taken = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    onConnection(socket, taken)
    taken += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    taken: () => taken,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface FaultProxy extends FaultServer {
  /** From now on nothing passes, either way, and nothing is closed: a cable pulled, a box that hangs. */
  freeze(): void
  thaw(): void
  /** Breaks every connection at once. */
  cut(): void
  /** Resets the next `count` connections before a byte of the box's banner has passed. */
  resetNext(count: number): void
}

/** Stands between the console and a real box, to break what a real network breaks. */
export async function startProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let frozen = false
  let resets = 0
  const server = await startRawServer((near) => {
    if (resets > 0) {
      resets -= 1
      near.resetAndDestroy()
      return
    }
    const far = connect({ ...target, noDelay: true })
    const pair = [near, far] as const
    pairs.add(pair)
    pass(near, far)
    pass(far, near)
    const close = () => {
      near.destroy()
      far.destroy()
      pairs.delete(pair)
    }
    near.on('close', close)
    far.on('close', close).on('error', close)
  })
  const pass = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => to.write(chunk))
    if (frozen) from.pause()
  }
  const each = (act: (socket: Socket) => void) => {
    for (const pair of pairs) pair.forEach(act)
  }
  return {
    ...server,
    freeze() {
      frozen = true
      each((socket) => socket.pause())
    },
    thaw() {
      frozen = false
      each((socket) => socket.resume())
    },
    cut: () => each((socket) => socket.resetAndDestroy()),
    resetNext(count) {
      resets = count
    },
    stop: async () => {
      each((socket) => socket.destroy())
      await server.stop()
    },
  }
}

export interface SshFaultOptions {
  /** Decides each attempt to log in. Default: lets everyone in. May leave it unanswered. */
  readonly onLogin?: (attempt: AuthContext) => void
  /** Gets each session channel. Default: answers nothing, so that no channel ever opens. */
  readonly onSession?: (accept: () => Session) => void
  readonly algorithms?: ServerConfig['algorithms']
}

/** An SSH server that is broken in the way asked for. */
export async function startSshFault(options: SshFaultOptions = {}): Promise<FaultServer> {
  // Node's own keys: one in some hundred that ssh2 makes cannot be read again.
  const { privateKey: hostKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const config: ServerConfig = {
    hostKeys: [hostKey],
    ...(options.algorithms ? { algorithms: options.algorithms } : {}),
  }
  const server = new ssh2.Server(config, (client: Connection) => {
    client.on('error', () => {})
    client.on('authentication', options.onLogin ?? ((attempt) => attempt.accept()))
    client.on('session', (accept) => options.onSession?.(accept))
  })
  const raw = await startRawServer((socket) => server.injectSocket(socket))
  return raw
}
