import http from 'node:http'
import net from 'node:net'
import { Duplex, duplexPair } from 'node:stream'
import { readGateway } from './machine.ts'
import { takeConfig } from './made-up-gateway.ts'

const loopback = new Set(['127.0.0.1', 'localhost', '::1', '[::1]'])

interface Target {
  readonly host?: string | null
  readonly hostname?: string | null
  readonly port?: number | string | null
}

/**
 * The network as a made-up machine sees it: its own loopback, where the agent's gateway answers out of
 * `gateway.json`, and nothing else. No socket is opened; requests are served inside this thread by Node's own HTTP.
 */
export function madeUpNetwork(home: string): { http: typeof http; net: typeof net } {
  const gateway = http.createServer((request, response) => {
    takeConfig(home, Date.now())
    const { answers } = readGateway(home)
    const route = (request.url ?? '/').split('?', 1)[0] ?? '/'
    response.writeHead(route in answers ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answers[route] ?? { error: 'not found' }))
  })
  const open = ({ host, hostname, port }: Target): Duplex => {
    const { running, port: listening } = readGateway(home)
    if (!running || !loopback.has(hostname ?? host ?? '127.0.0.1') || Number(port) !== listening) return refused()
    const [near, far] = duplexPair()
    gateway.emit('connection', asSocket(far))
    return asSocket(near)
  }

  const request = (...given: unknown[]) => {
    const [first, second] = given
    const answer = given.find((value) => typeof value === 'function') as
      | ((response: http.IncomingMessage) => void)
      | undefined
    const url = typeof first === 'string' || first instanceof URL ? new URL(first) : null
    const options = {
      ...(url ? {} : (first as object)),
      ...(typeof second === 'object' ? second : {}),
    } as http.RequestOptions
    const target: Target = url ? { host: url.hostname, port: url.port || 80 } : options
    return http.request(
      {
        ...options,
        ...(url ? { host: url.hostname, port: url.port || 80, path: url.pathname + url.search } : {}),
        agent: undefined,
        createConnection: () => open(target),
      },
      answer,
    )
  }
  const get = (...given: unknown[]) => {
    const started = request(...given)
    started.end()
    return started
  }
  const connect = (...given: unknown[]) => {
    const [first, second] = given
    const target =
      typeof first === 'object'
        ? (first as Target)
        : { port: Number(first), host: typeof second === 'string' ? second : null }
    const socket = open(target)
    const connected = given.find((value) => typeof value === 'function') as (() => void) | undefined
    if (connected) socket.once('connect', connected)
    process.nextTick(() => {
      if (!socket.destroyed) socket.emit('connect')
    })
    return socket
  }
  return {
    http: { ...http, request, get, Agent: http.Agent } as unknown as typeof http,
    net: { ...net, connect, createConnection: connect } as unknown as typeof net,
  }
}

/** The few methods of a TCP socket that HTTP calls on its stream. */
const asSocket = (stream: Duplex): Duplex =>
  Object.assign(stream, {
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  })

function refused(): Duplex {
  const stream = asSocket(new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() }))
  process.nextTick(() => stream.destroy(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })))
  return stream
}
