import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnyAuthMethod, BaseAgent, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2'
import ssh2 from 'ssh2'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Secret } from '../base/secret.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { fingerprintOf } from './host-key.ts'
import type { LoginRecord } from './judge.ts'
import type { Credentials } from './ssh.ts'
import type { Vault } from './vault.ts'

/** One run of logging in: which ways are tried, in order, and what came of it. Made anew for each connection. */
export interface Login extends LoginRecord {
  readonly user: string
  /** Answers ssh2's question for the next way to try; false when there is none left. */
  next(accepted: readonly string[] | null): AnyAuthMethod | false
}

export interface LoginParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly homeDir: string
  /** Socket or pipe of the ssh-agent; undefined: none is running. */
  readonly agentSocket: () => string | undefined
}

interface Way {
  readonly label: string
  readonly method: AnyAuthMethod
}

/** Name in the keychain of a key file's passphrase. */
export const passphraseName = (keyPath: string): string => `passphrase:${keyPath}`

/** How long an ssh-agent may take to list its keys. */
const agentDeadlineMs = 5_000

/**
 * Reads what the box's `auth` names and nothing else (as OpenSSH's `IdentitiesOnly`): the agent's keys, or one key
 * file. A password is only tried when the caller brings one.
 *
 * @throws FaultError `key-file-unreadable`, `agent-unavailable`.
 */
export async function prepareLogin(box: StoredBox, credentials: Credentials, parts: LoginParts): Promise<Login> {
  const keys = await keyWays(box, credentials, parts)
  const { password } = credentials
  return createLogin(box.user, keys, password === undefined ? [] : passwordWays(box.user, password))
}

function keyWays(box: StoredBox, credentials: Credentials, parts: LoginParts): Promise<Way[]> {
  switch (box.auth.kind) {
    case 'agent':
      return agentWays(box, parts)
    case 'key':
      return keyFileWays(box, box.auth.path, credentials, parts)
    case 'password':
      return Promise.resolve([])
  }
}

function createLogin(user: string, keys: Way[], passwords: Way[]): Login {
  const offered: string[] = []
  const accepted: string[] = []
  let asked = false
  const offer = (way: Way) => {
    offered.push(way.label)
    return way.method
  }
  return {
    user,
    offered,
    accepted,
    next(left) {
      if (left !== null)
        accepted.splice(0, accepted.length, ...left.slice(0, 10).map((method) => untrusted(method, 40)))
      const key = keys.shift()
      if (key !== undefined) return offer(key)
      // ssh2 does not tell what the box accepts after an agent's key was refused; the empty method asks.
      if (left === null && !asked) {
        asked = true
        return { type: 'none', username: user }
      }
      for (let way = passwords.shift(); way !== undefined; way = passwords.shift()) {
        if (left === null || left.includes(way.method.type)) return offer(way)
      }
      return false
    },
  }
}

function passwordWays(user: string, password: Secret): Way[] {
  return [
    { label: 'password', method: { type: 'password', username: user, password: password.reveal() } },
    {
      label: 'password, asked interactively',
      method: {
        type: 'keyboard-interactive',
        username: user,
        prompt: (_name, _instructions, _lang, prompts, finish) =>
          finish(prompts.map((prompt) => (prompt.echo === true ? user : password.reveal()))),
      },
    },
  ]
}

const labelOf = (name: string, key: ParsedKey) => `${untrusted(name, 100)} (${fingerprintOf(key.getPublicSSH())})`

/** Offers one key of an agent, so that each offer is ours to make and to name. */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent<ParsedKey>
  readonly #key: ParsedKey
  constructor(agent: BaseAgent<ParsedKey>, key: ParsedKey) {
    super()
    this.#agent = agent
    this.#key = key
  }
  override getIdentities(answer: Parameters<BaseAgent<ParsedKey>['getIdentities']>[0]): void {
    answer(null, [this.#key])
  }
  override sign(key: ParsedKey, data: Buffer, ...rest: [SigningRequestOptions, SignCallback?] | [SignCallback]): void {
    if (typeof rest[0] === 'function') this.#agent.sign(key, data, rest[0])
    else this.#agent.sign(key, data, rest[0], rest[1])
  }
}

const agentWay = (user: string, agent: BaseAgent<ParsedKey>, key: ParsedKey): Way => ({
  label: labelOf(key.comment || key.type, key),
  method: { type: 'agent', username: user, agent: new OneKeyAgent(agent, key) as BaseAgent },
})

async function agentWays(box: StoredBox, parts: LoginParts): Promise<Way[]> {
  const { agent, keys } = await agentKeys(box.name, parts)
  if (keys.length === 0)
    throw new FaultError({ code: 'agent-unavailable', boxName: box.name, detail: 'it holds no keys' })
  return keys.map((key) => agentWay(box.user, agent, key))
}

async function agentKeys(
  boxName: string,
  parts: LoginParts,
): Promise<{ agent: BaseAgent<ParsedKey>; keys: ParsedKey[] }> {
  const unavailable = (detail: string) => new FaultError({ code: 'agent-unavailable', boxName, detail })
  const socket = parts.agentSocket()
  if (socket === undefined || socket === '') throw unavailable('none is running: SSH_AUTH_SOCK is not set')
  const agent = ssh2.createAgent(socket) as BaseAgent<ParsedKey>
  const keys = await new Promise<ParsedKey[]>((resolve, reject) => {
    const stop = parts.clock.after(agentDeadlineMs, () => reject(unavailable('it does not answer')))
    agent.getIdentities((error, found) => {
      stop()
      if (error) return reject(unavailable(untrusted(error.message)))
      const parsed = (found ?? []).map((key) => ssh2.utils.parseKey(key as ParsedKey))
      resolve(parsed.filter((key): key is ParsedKey => !(key instanceof Error)))
    })
  })
  return { agent, keys }
}

async function keyFileWays(
  box: StoredBox,
  keyPath: string,
  credentials: Credentials,
  parts: LoginParts,
): Promise<Way[]> {
  const file = keyPath.startsWith('~/') ? path.join(parts.homeDir, keyPath.slice(2)) : keyPath
  const unreadable = (why: KeyProblem) =>
    new FaultError({ code: 'key-file-unreadable', boxName: box.name, path: keyPath, why })
  const text = await readKeyText(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(whyUnreadable(error.code))
  })
  const name = path.basename(file)
  const passphrase =
    credentials.passphrase ?? (isEncrypted(text) ? await parts.vault.get(passphraseName(keyPath)) : null)
  const key = parsePrivateKey(text, passphrase ?? undefined)
  if (typeof key !== 'string')
    return [{ label: labelOf(name, key), method: { type: 'publickey', username: box.user, key } }]
  const held = key === 'passphrase-needed' ? await heldByAgent(box, file, parts) : null
  if (held !== null) return [held]
  throw unreadable(key)
}

export interface PublicKey {
  /** Of the private half, as it was given. */
  readonly path: string
  readonly type: string
  /** Bytes as they stand in an authorized_keys file, base64. */
  readonly blob: string
  readonly comment: string
  readonly fingerprint: string
}

/**
 * The public half of a private key file; of one that is encrypted and whose passphrase is not kept here, as its `.pub`
 * file says it. @throws FaultError `key-file-unreadable`.
 */
export async function readPublicKey(
  keyPath: string,
  { homeDir, vault }: Pick<LoginParts, 'homeDir' | 'vault'>,
): Promise<PublicKey> {
  const file = keyPath.startsWith('~/') ? path.join(homeDir, keyPath.slice(2)) : keyPath
  const unreadable = (why: KeyProblem) =>
    new FaultError({ code: 'key-file-unreadable', boxName: 'this computer', path: keyPath, why })
  const text = await readKeyText(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(whyUnreadable(error.code))
  })
  const passphrase = isEncrypted(text) ? await vault.get(passphraseName(keyPath)) : null
  const own = parsePrivateKey(text, passphrase ?? undefined)
  const beside = await readFile(`${file}.pub`, 'utf8').catch(() => '')
  const parsed = beside === '' ? null : ssh2.utils.parseKey(beside)
  const publicHalf = parsed === null || parsed instanceof Error ? null : parsed
  const key = typeof own === 'string' ? (own === 'passphrase-needed' ? publicHalf : null) : own
  if (key === null) throw unreadable(own as KeyProblem)
  const bytes = key.getPublicSSH()
  return {
    path: keyPath,
    type: key.type,
    blob: bytes.toString('base64'),
    comment: publicHalf?.comment || key.comment || '',
    fingerprint: fingerprintOf(bytes),
  }
}

/** A private key of any kind takes less; whatever is longer is something else. */
const keyFileBytes = 64 * 1024

async function readKeyText(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(keyFileBytes), 0, keyFileBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** @param code Node's code of a failed read. */
export function whyUnreadable(code: string | undefined): 'missing' | 'not-a-key' | 'no-permission' {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing'
  return code === 'EISDIR' ? 'not-a-key' : 'no-permission'
}

type KeyProblem = 'missing' | 'no-permission' | 'not-a-key' | 'passphrase-needed' | 'passphrase-wrong'

const isEncrypted = (text: string) => parsePrivateKey(text, undefined) === 'passphrase-needed'

/** Decrypting costs about 0.1 s of this thread, so a key once opened stays open in memory, never on disk, like an agent's. */
const opened = new Map<string, ParsedKey>()

function parsePrivateKey(text: string, passphrase: Secret | undefined): ParsedKey | KeyProblem {
  const secret = passphrase?.reveal()
  const mark = createHash('sha256')
    .update(text)
    .update('\0')
    .update(secret ?? '')
    .digest('base64')
  const known = opened.get(mark)
  if (known !== undefined) return known
  const parsed: ParsedKey | Error | (ParsedKey | Error)[] = ssh2.utils.parseKey(text, secret)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key === undefined) return 'not-a-key'
  if (key instanceof Error) {
    if (/no passphrase given/i.test(key.message)) return 'passphrase-needed'
    return secret !== undefined && /passphrase|integrity|decrypt/i.test(key.message) ? 'passphrase-wrong' : 'not-a-key'
  }
  if (!key.isPrivateKey()) return 'not-a-key'
  if (opened.size >= 64) opened.clear()
  opened.set(mark, key)
  return key
}

/** The agent's copy of an encrypted key file, told by the public half beside it: the way `ssh -i` works with an agent. */
async function heldByAgent(box: StoredBox, file: string, parts: LoginParts): Promise<Way | null> {
  const publicText = await readFile(`${file}.pub`, 'utf8').catch(() => null)
  if (publicText === null) return null
  const parsed = ssh2.utils.parseKey(publicText)
  if (parsed instanceof Error) return null
  const found = await agentKeys(box.name, parts).catch(() => null)
  const key = found?.keys.find((held) => held.getPublicSSH().equals(parsed.getPublicSSH()))
  return found && key ? agentWay(box.user, found.agent, key) : null
}
