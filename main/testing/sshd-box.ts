import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A real OpenSSH server on loopback, with a host key and a HOME of its own. */
export interface SshdBox {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Private key (ed25519, no passphrase) that may log in. */
  readonly keyPath: string
  readonly home: string
  readonly dir: string
  /** Public host key blob, base64, as a pin holds it. */
  hostKey(): Promise<string>
  /** Gives it another host key and starts it again on the same port. */
  rotateHostKey(): Promise<void>
  /** Pids of the server processes that carry connections. */
  sessions(): Promise<number[]>
  /** Ends every connection at once, as a power cut would for its peers; the server keeps listening. */
  dropConnections(): Promise<void>
  /** Ends server and connections and removes its folder. */
  stop(): Promise<void>
}

export interface SshdBoxOptions {
  readonly home?: string
  /** Absolute path of the shell that runs commands in place of the user's own. */
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  /** Further public keys that may log in, one line each. */
  readonly authorizedKeys?: readonly string[]
  /** Further lines of sshd_config, such as `MaxSessions 1`; they stand before ours and win. */
  readonly config?: readonly string[]
}

export interface SshdFleet {
  readonly boxes: readonly { readonly host: string; readonly port: number; readonly home: string }[]
  readonly user: string
  readonly keyPath: string
  readonly dir: string
  /** One host key for all. */
  readonly hostKey: string
  /** Of its servers; what they start inherits their priority. */
  readonly pids: readonly number[]
  stop(): Promise<void>
}

/** Starts one box. @throws Error with a plain sentence when OpenSSH's server is not installed. */
export async function startSshdBox(options: SshdBoxOptions = {}): Promise<SshdBox> {
  const dir = await mkdtemp(path.join(tmpdir(), 'wheelhouse-sshd-'))
  const home = options.home ?? path.join(dir, 'home')
  mkdirSync(home, { recursive: true })
  const keyPath = path.join(dir, 'id_ed25519')
  const hostKeyPath = path.join(dir, 'host_key')
  await Promise.all([makeKey(keyPath), makeKey(hostKeyPath)])
  const keys = [await readFile(`${keyPath}.pub`, 'utf8'), ...(options.authorizedKeys ?? [])]
  await writeFile(path.join(dir, 'authorized_keys'), `${keys.map((key) => key.trim()).join('\n')}\n`, { mode: 0o600 })
  const port = await freePort('127.0.0.1')
  const lines = [
    ...(options.config ?? []),
    ...(await commonLines(dir, port)),
    'ListenAddress 127.0.0.1',
    `SetEnv ${setEnv({ HOME: home, ...options.env })}`,
    ...(options.shell === undefined ? [] : [`ForceCommand exec ${options.shell} -c "$SSH_ORIGINAL_COMMAND"`]),
  ]
  let daemon = await startDaemon(dir, 'sshd', lines, '127.0.0.1', port)
  const sessions = () => descendants(daemon.pid)
  const dropConnections = async () => killAll(await sessions())
  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    keyPath,
    home,
    dir,
    hostKey: () => publicBlob(hostKeyPath),
    sessions,
    dropConnections,
    async rotateHostKey() {
      await dropConnections()
      await endDaemon(daemon)
      await Promise.all([rm(hostKeyPath), rm(`${hostKeyPath}.pub`)])
      await makeKey(hostKeyPath)
      daemon = await startDaemon(dir, 'sshd', lines, '127.0.0.1', port)
    },
    async stop() {
      await dropConnections()
      await endDaemon(daemon)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** One daemon listens on at most 16 addresses (its own limit of listening sockets). */
const addressesPerDaemon = 16

/**
 * Starts `count` boxes: each has its own loopback address and its own HOME; all share one port, host key and login key.
 * Linux only: elsewhere 127.0.0.1 is the one loopback address that answers.
 */
export async function startSshdFleet(
  count: number,
  options: { config?: readonly string[]; env?: (index: number) => Record<string, string> } = {},
): Promise<SshdFleet> {
  const dir = await mkdtemp(path.join(tmpdir(), 'wheelhouse-fleet-'))
  const keyPath = path.join(dir, 'id_ed25519')
  const hostKeyPath = path.join(dir, 'host_key')
  await Promise.all([makeKey(keyPath), makeKey(hostKeyPath)])
  await writeFile(path.join(dir, 'authorized_keys'), await readFile(`${keyPath}.pub`, 'utf8'), { mode: 0o600 })
  const port = await freePort(fleetAddress(0))
  const common = await commonLines(dir, port)
  const boxes = Array.from({ length: count }, (_, index) => ({
    host: fleetAddress(index),
    port,
    home: path.join(dir, `box-${index}`),
  }))
  const daemons: Daemon[] = []
  for (let from = 0; from < count; from += addressesPerDaemon) {
    const part = boxes.slice(from, from + addressesPerDaemon)
    for (const box of part) mkdirSync(box.home, { recursive: true })
    const lines = [
      ...(options.config ?? []),
      ...common,
      ...part.map((box) => `ListenAddress ${box.host}`),
      ...part.flatMap((box, index) => [
        `Match LocalAddress ${box.host}`,
        `  SetEnv ${setEnv({ HOME: box.home, ...options.env?.(from + index) })}`,
      ]),
    ]
    daemons.push(await startDaemon(dir, `sshd-${from}`, lines, fleetAddress(from), port))
  }
  return {
    boxes,
    user: userInfo().username,
    keyPath,
    dir,
    hostKey: await publicBlob(hostKeyPath),
    pids: daemons.map(({ pid }) => pid),
    async stop() {
      for (const daemon of daemons) killAll(await descendants(daemon.pid))
      await Promise.all(daemons.map(endDaemon))
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const fleetAddress = (index: number) => `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`

const setEnv = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .map(([name, value]) => `"${name}=${value}"`)
    .join(' ')

/** A new key pair, ed25519 unless told, at `keyPath` and `keyPath.pub`. */
export async function makeKey(
  keyPath: string,
  options: { passphrase?: string; comment?: string; type?: 'ed25519' | 'ecdsa' | 'rsa' } = {},
): Promise<void> {
  await run('ssh-keygen', [
    '-q',
    '-t',
    options.type ?? 'ed25519',
    '-N',
    options.passphrase ?? '',
    '-C',
    options.comment ?? 'wheelhouse-test',
    '-f',
    keyPath,
  ])
}

const publicBlob = async (keyPath: string) => (await readFile(`${keyPath}.pub`, 'utf8')).split(' ')[1]!

/** A port nobody listens on at this moment. */
export async function freePort(address: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, address, resolve))
  const bound = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (bound === null || typeof bound === 'string') throw new Error('No port was given.')
  return bound.port
}

async function commonLines(dir: string, port: number): Promise<string[]> {
  return [
    `Port ${port}`,
    `HostKey ${path.join(dir, 'host_key')}`,
    `AuthorizedKeysFile ${path.join(dir, 'authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 4000:30:4000',
    'MaxSessions 100',
    'LogLevel ERROR',
    ...((await hasPenalties()) ? ['PerSourcePenalties no'] : []),
  ]
}

/** Servers that run: a test run that ends without stopping them takes them along. */
const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

interface Daemon {
  readonly child: ChildProcess
  readonly pid: number
}

async function startDaemon(
  dir: string,
  name: string,
  lines: readonly string[],
  address: string,
  port: number,
): Promise<Daemon> {
  const config = path.join(dir, `${name}.conf`)
  await writeFile(config, `${lines.join('\n')}\n`)
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const child = spawn(sshdPath(), ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000)
  })
  const giveUpAt = performance.now() + 20_000
  while (!(await greets(address, port))) {
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`sshd ended before it answered: ${said}`)
    if (performance.now() > giveUpAt) throw new Error(`sshd did not answer on ${address}:${port} within 20 s: ${said}`)
  }
  return { child, pid: child.pid! }
}

async function endDaemon(daemon: Daemon): Promise<void> {
  if (daemon.child.exitCode !== null || daemon.child.signalCode !== null) return
  const ended = new Promise((resolve) => daemon.child.once('exit', resolve))
  daemon.child.kill('SIGTERM')
  await ended
}

/** Whether an SSH banner comes from there; a refused connection answers after a short breath. */
function greets(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    socket.once('data', (chunk) => {
      socket.destroy()
      resolve(chunk.toString('latin1').startsWith('SSH-'))
    })
    socket.once('error', () => setTimeout(() => resolve(false), 20))
  })
}

function sshdPath(): string {
  const found = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find((file) => existsSync(file))
  if (found === undefined)
    throw new Error(
      "OpenSSH's server is not on this computer. Install it (Debian: apt-get install openssh-server) and run this again.",
    )
  return found
}

let penalties: Promise<boolean> | undefined
/** OpenSSH 9.8 and later shut out an address after failed logins; tests fail logins on purpose. */
function hasPenalties(): Promise<boolean> {
  penalties ??= run(sshdPath(), ['-V']).then(
    ({ stderr, stdout }) => versionOf(stdout + stderr) >= 9.8,
    (error: { stderr?: string }) => versionOf(error.stderr ?? '') >= 9.8,
  )
  return penalties
}

const versionOf = (text: string) => Number(/OpenSSH_(\d+\.\d+)/.exec(text)?.[1] ?? 0)

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child!, ...below(child!)])
  return below(pid)
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
}
