import { spawn } from 'node:child_process'
import type { Clock } from '../base/clock.ts'

/** How a git of this computer ended; it never throws. `exitCode` null: not started, killed by its deadline, or cancelled. */
export interface GitRan {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly missing: boolean
}

export interface GitOptions {
  readonly clock: Clock
  readonly cwd: string
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  readonly env?: NodeJS.ProcessEnv
}

const mostBytes = 4_000_000

/** Where git works is told by its folder alone. */
const dropped = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_NAMESPACE', 'GIT_PREFIX']

/** Nobody is asked for a password, no lock is taken, nothing is fetched behind our back. */
function quietEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
    GIT_NO_LAZY_FETCH: '1',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
    ...more,
  }
  for (const name of dropped) delete env[name]
  return env
}

/** Runs git of this computer with arguments of ours, without a shell and without input; with its helpers it ends at the deadline. */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitRan> {
  return new Promise((resolve) => {
    const child = spawn(
      'git',
      ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-pager', ...args],
      {
        cwd: options.cwd,
        env: quietEnv(options.env),
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        // A group of its own: what git starts to reach a remote ends with it.
        detached: process.platform !== 'win32',
      },
    )
    let stdout = ''
    let stderr = ''
    let killed = false
    const kill = () => {
      killed = true
      endGroup(child.pid)
      child.kill('SIGKILL')
    }
    const stop = options.clock.after(options.deadlineMs, kill, true)
    options.signal?.addEventListener('abort', kill, { once: true })
    if (options.signal?.aborted) kill()
    const finish = (exitCode: number | null, missing = false) => {
      stop()
      options.signal?.removeEventListener('abort', kill)
      resolve({ exitCode: killed ? null : exitCode, stdout, stderr, missing })
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.length > mostBytes) kill()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4096)
    })
    child.once('error', () => finish(null, true))
    child.once('close', (exitCode) => finish(exitCode))
  })
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
