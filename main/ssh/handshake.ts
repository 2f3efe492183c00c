import type { Duplex } from 'node:stream'
import type { Algorithms, ConnectConfig } from 'ssh2'
import ssh2 from 'ssh2'
import { type HostKey, hostKeyAlgorithms, readHostKey } from './host-key.ts'
import type { Phase, Trouble } from './judge.ts'
import type { Login } from './login.ts'

/** A handshake that failed: {@link Trouble} for the judge. */
export class HandshakeError extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble.message)
    this.trouble = trouble
  }
}

/** The box showed another host key than the pinned one. Nothing was sent after that. */
export class OtherKeyError extends Error {
  readonly offered: HostKey
  constructor(offered: HostKey) {
    super('another host key')
    this.offered = offered
  }
}

export interface Watch {
  readonly signal: AbortSignal
  readonly onPhase: (phase: Phase) => void
}

/** Whom to speak with: the holder of the pinned key, to log in; or anyone, to look at the host key and leave. */
type Purpose = { readonly pin: HostKey; readonly login: Login; readonly keepAliveMs: number } | 'look'

/** Logs in to the holder of `pin`. There is no way to log in without one. */
export async function logIn(
  stream: Duplex,
  pin: HostKey,
  login: Login,
  keepAliveMs: number,
  watch: Watch,
): Promise<ssh2.Client> {
  const { client } = await speak(stream, { pin, login, keepAliveMs }, watch)
  return client
}

/** The host key, proved by its holder's signature; then leaves, before any word of who we are. */
export async function look(stream: Duplex, watch: Watch): Promise<HostKey> {
  const { client, hostKey } = await speak(stream, 'look', watch)
  client.destroy()
  return hostKey
}

/** Whatever rests on SHA-1, CBC, MD5 or a small group is not offered. */
const algorithms = (pinned: string | null) =>
  ({
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group-exchange-sha256',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group18-sha512',
      'diffie-hellman-group14-sha256',
    ],
    serverHostKey: hostKeyAlgorithms(pinned),
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'chacha20-poly1305@openssh.com',
      'aes128-ctr',
      'aes192-ctr',
      'aes256-ctr',
    ],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
    compress: ['none'],
  }) as Algorithms

/** No banner within this much text: it is no SSH server, however much more it says. */
const maxBeforeBanner = 16 * 1024

function speak(
  stream: Duplex,
  purpose: Purpose,
  { signal, onPhase }: Watch,
): Promise<{ client: ssh2.Client; hostKey: HostKey }> {
  const client = new ssh2.Client().setMaxListeners(0)
  const looking = purpose === 'look'
  return new Promise((resolve, reject) => {
    let phase: Phase = 'banner'
    let said = ''
    let shown: HostKey | null = null
    let settled = false
    const enter = (next: Phase) => {
      phase = next
      onPhase(next)
    }
    const settle = (end: () => void) => {
      if (settled) return
      settled = true
      signal.removeEventListener('abort', cancel)
      end()
    }
    const fail = (error: Error) =>
      settle(() => {
        client.destroy()
        stream.destroy()
        reject(error)
      })
    const trouble = (error: { level?: string; code?: string | number; message: string }) =>
      fail(
        new HandshakeError({
          phase,
          level: error.level,
          code: error.code,
          message: error.message,
          said: phase === 'banner' ? said : '',
        }),
      )
    const cancel = () => fail(new Error('cancelled'))
    const arrive = (hostKey: HostKey | null) => hostKey !== null && settle(() => resolve({ client, hostKey }))

    writeTogether(stream)
    enter('banner')
    signal.addEventListener('abort', cancel, { once: true })
    listenForBanner(stream, (text, isBanner) => {
      said = text
      if (isBanner) enter('handshake')
      else if (text.length > maxBeforeBanner) trouble({ message: 'no SSH banner' })
    })
    client.on('error', (error: Error & { level?: string; code?: string | number }) => {
      // One key of an agent could not sign: the next way is tried.
      if (error.level !== 'agent') trouble(error)
    })
    client.on('close', () => trouble({ message: '' }))
    client.on('change password', () => trouble({ level: 'client-authentication', message: 'the password has expired' }))
    client.on('handshake', () => {
      if (looking) arrive(shown)
      else enter('auth')
    })
    client.on('ready', () => arrive(shown))
    const config: ConnectConfig = {
      sock: stream as NonNullable<ConnectConfig['sock']>,
      username: looking ? '' : purpose.login.user,
      readyTimeout: 0,
      keepaliveInterval: looking ? 0 : purpose.keepAliveMs,
      keepaliveCountMax: 3,
      algorithms: algorithms(looking ? null : purpose.pin.algorithm),
      hostVerifier: (blob: Buffer) => {
        shown = readHostKey(blob)
        if (shown === null) return false
        if (looking || Buffer.from(purpose.pin.key, 'base64').equals(blob)) return true
        fail(new OtherKeyError(shown))
        return false
      },
      authHandler: ((left: string[] | null) => (looking ? false : purpose.login.next(left))) as NonNullable<
        ConnectConfig['authHandler']
      >,
    }
    try {
      if (signal.aborted) cancel()
      else client.connect(config)
    } catch (error) {
      trouble(error as Error)
    }
  })
}

/** Hears what comes before ssh2 does, up to the banner line; attaches when ssh2 does, so that nothing is lost or started early. */
function listenForBanner(stream: Duplex, hear: (text: string, isBanner: boolean) => void): void {
  let text = ''
  const onData = (chunk: Buffer) => {
    text = (text + chunk.toString('latin1')).slice(0, maxBeforeBanner + 1)
    const isBanner = /(^|\n)SSH-/.test(text)
    if (isBanner || text.length > maxBeforeBanner) stream.off('data', onData)
    hear(text, isBanner)
  }
  const onListener = (event: string) => {
    if (event !== 'data') return
    stream.off('newListener', onListener)
    stream.on('data', onData)
  }
  stream.on('newListener', onListener)
}

/**
 * Sends what is written in one turn with one system call: ssh2 writes each packet by itself, and each write wakes the
 * other end. `end` flushes what is held.
 */
function writeTogether(stream: Duplex): void {
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
  let held = false
  const flush = () => {
    held = false
    stream.uncork()
  }
  stream.write = (...given: unknown[]) => {
    if (!held) {
      held = true
      stream.cork()
      process.nextTick(flush)
    }
    return write(...given)
  }
}
