import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ServerChannel } from 'ssh2'
import { type Machine, readMachine } from './machine.ts'

/** What a worker is told: whose machine it plays and what `node -e` was given. */
export interface WorkerTask {
  readonly home: string
  readonly user: string
  readonly code: string
  /** Of a program that another one started: its file and its arguments. */
  readonly args: readonly string[]
  /** One float: engine clock minus the system's in milliseconds, so that its jumps reach programs that are running. */
  readonly clockOffset: SharedArrayBuffer
  /** Where this computer's own commands are, for git alone. */
  readonly realPath: string
}

/** What a program tells the machine: to start this file with Node, on its own. */
export interface StartProgram {
  readonly start: readonly string[]
}

interface Shell {
  readonly home: string
  readonly user: string
  readonly clockOffset: SharedArrayBuffer
  /** Programs that run on this box now. */
  readonly programs: Set<Worker>
}

/** Built: beside the engine's bundle or one folder up from its parts. From source: beside this file. */
function workerFile(): string {
  const source = import.meta.url.endsWith('.ts') ? ['./box-worker.ts'] : ['./demo-box.js', '../demo-box.js']
  const found = source.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((file) => existsSync(file))
  if (!found) throw new Error(`the demo box program is missing beside ${import.meta.url}`)
  return found
}

/** Answers one exec request: `LAUNCHER -e "CODE"` runs in a worker thread, anything else is a command this box lacks. */
export function runInWorker(channel: ServerChannel, command: string, shell: Shell): void {
  channel.on('error', () => channel.close())
  const started = /^(?<launcher>.+?) -e "(?<code>[^"]*)"$/s.exec(command)?.groups
  const machine = readMachine(shell.home)
  if (!started || !knowsLauncher(machine, started.launcher ?? '')) {
    channel.stderr.write(`sh: 1: ${(started?.launcher ?? command).split(/\s/, 1)[0]}: not found\n`)
    channel.exit(127)
    channel.end()
    return
  }
  serveWorker(channel, startWorker(started.code ?? '', [], shell))
}

/** Starts a file of the machine's HOME as a program of its own, which does not end with the connection. */
function startDetached([file = '', ...args]: readonly string[], shell: Shell): void {
  if (!path.resolve(file).startsWith(shell.home + path.sep)) return
  const worker = startWorker(readFileSync(file, 'utf8'), [file, ...args], shell)
  worker.on('error', () => {})
  worker.stdout.resume()
  worker.stderr.resume()
  worker.unref()
}

const knowsLauncher = ({ node }: Machine, launcher: string): boolean =>
  node !== null && [node.path, `"${node.path}"`, ...(node.path === '/usr/bin/node' ? ['node'] : [])].includes(launcher)

function startWorker(code: string, args: readonly string[], shell: Shell): Worker {
  const { home, user, clockOffset, programs } = shell
  const task: WorkerTask = {
    home,
    user,
    code,
    args,
    clockOffset,
    realPath: process.env.PATH ?? process.env.Path ?? '',
  }
  const env = { HOME: home, USERPROFILE: home, USER: user, LOGNAME: user, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }
  const worker = new Worker(workerFile(), {
    workerData: task,
    env,
    execArgv: [],
    stdin: true,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 192 },
  })
  programs.add(worker)
  worker.once('exit', () => programs.delete(worker))
  worker.on('message', ({ start }: StartProgram) => startDetached(start, shell))
  return worker
}

function serveWorker(channel: ServerChannel, worker: Worker): void {
  let failure = ''
  let closed = false
  worker.on('error', (error) => {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
  })
  worker.on('exit', async (exitCode) => {
    await Promise.allSettled([finished(worker.stdout), finished(worker.stderr)])
    if (closed) return
    if (failure !== '') channel.stderr.write(`${failure}\n`)
    channel.exit(exitCode)
    channel.end()
  })
  channel.on('close', () => {
    closed = true
    void worker.terminate()
  })
  worker.stdin?.on('error', () => {})
  if (worker.stdin) channel.pipe(worker.stdin)
  worker.stdout.pipe(channel, { end: false })
  worker.stderr.pipe(channel.stderr, { end: false })
}
