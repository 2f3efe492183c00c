import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import type { Ran } from '../reading.ts'

const mostChars = 1_000_000

export interface RunningGroup {
  /** Of its first process; undefined: it could not be started. */
  readonly pid: number | undefined
  readonly ended: Promise<Ran & { readonly timedOut: boolean }>
  /** Ends it and everything it started, at once. */
  kill(): void
}

/** Runs on a box. A command in a process group of its own, which ends as a whole: at `timeoutMs`, or by `kill`. */
export function runGroup(
  command: string,
  args: readonly string[],
  options: { timeoutMs: number; cwd: string; env: NodeJS.ProcessEnv },
): RunningGroup {
  let resolve: (ran: Ran & { timedOut: boolean }) => void = () => {}
  const ended = new Promise<Ran & { timedOut: boolean }>((settle) => {
    resolve = settle
  })
  let timedOut = false
  let stdout = ''
  let stderr = ''
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const kill = () => killGroup(child)
  const timer = setTimeout(() => {
    timedOut = true
    kill()
  }, options.timeoutMs)
  child.stdout.on('data', (chunk) => {
    stdout = (stdout + chunk).slice(-mostChars)
  })
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-mostChars)
  })
  const end = (exitCode: number | null) => {
    clearTimeout(timer)
    resolve({ exitCode, stdout, stderr, timedOut })
  }
  child.once('error', (error) => {
    stderr += error.message
    end(null)
  })
  child.once('close', (code) => end(code))
  return { pid: child.pid, ended, kill }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true })
    else process.kill(-pid, 'SIGKILL')
  } catch {}
}
