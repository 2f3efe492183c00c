import { existsSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ServerChannel } from 'ssh2'
import type { Clock } from '../base/clock.ts'
import { type Machine, readMachine } from './machine.ts'

/** What a worker is told: whose machine it plays and what `node -e` was given. */
export interface WorkerTask {
  readonly home: string
  readonly user: string
  readonly code: string
  /** Engine clock minus the system's, so that a test's clock reaches the made-up machine. */
  readonly clockOffsetMs: number
  /** Where this computer's own commands are, for git alone. */
  readonly realPath: string
}

interface Shell {
  readonly home: string
  readonly user: string
  readonly clock: Clock
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
  const worker = startWorker(started.code ?? '', shell)
  shell.programs.add(worker)
  worker.once('exit', () => shell.programs.delete(worker))
  serveWorker(channel, worker)
}

const knowsLauncher = ({ node }: Machine, launcher: string): boolean =>
  node !== null && [node.path, `"${node.path}"`, ...(node.path === '/usr/bin/node' ? ['node'] : [])].includes(launcher)

function startWorker(code: string, { home, user, clock }: Shell): Worker {
  const task: WorkerTask = {
    home,
    user,
    code,
    clockOffsetMs: Math.round(clock.nowMs() - Date.now()),
    realPath: process.env.PATH ?? process.env.Path ?? '',
  }
  const env = { HOME: home, USERPROFILE: home, USER: user, LOGNAME: user, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }
  return new Worker(workerFile(), {
    workerData: task,
    env,
    execArgv: [],
    stdin: true,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 192 },
  })
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
