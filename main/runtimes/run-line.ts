import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { clip, why } from './reading.ts'

/** How a line of a shell ended. */
export interface LineRan {
  /** Null: a signal ended it, or it could not be started. */
  readonly exitCode: number | null
  /** Its time was over, so that it was ended. */
  readonly isLate: boolean
  /** The end of what it wrote, stdout and stderr as they came; raw. */
  readonly output: string
}

export interface LineOptions {
  readonly deadlineMs: number
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Holds the number of its process for as long as it runs, so that another program can end it. */
  readonly pidFile: string
  /** Without a place for that number it is not run at all. */
  readonly needsPidFile: boolean
}

const mostChars = 8000
/** What it left running in the background may hold its output open; nobody waits longer for that. */
const drainMs = 500

/** The shell of this machine with one line. `$1`: where its number goes; the shell itself writes it, so none is lost. */
function shellOf(line: string, { pidFile, needsPidFile }: LineOptions): { command: string; args: string[] } {
  if (process.platform === 'win32')
    return { command: process.env.ComSpec || 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`] }
  const first = needsPidFile ? 'echo $$ >"$1" &&' : 'echo $$ 2>/dev/null >"$1";'
  return { command: '/bin/sh', args: ['-c', `${first} exec /bin/sh -c "$2"`, 'wheelhouse', pidFile, line] }
}

let kill: (() => void) | null = null

/** Runs on a box. Ends the line that runs now, and everything it started. */
export const endLine = (): void => kill?.()

/**
 * Runs on a box. One line of the machine's own shell, without input, in a process group of its own, which is ended as a whole
 * at its deadline and by `endLine`. What it leaves in the background is left there. It never throws.
 */
export function runLine(line: string, options: LineOptions): Promise<LineRan> {
  const { deadlineMs, cwd, env, pidFile } = options
  return new Promise((resolve) => {
    let output = ''
    let isLate = false
    const end = (exitCode: number | null) => {
      clearTimeout(timer)
      kill = null
      try {
        rmSync(pidFile, { force: true })
      } catch {}
      resolve({ exitCode, isLate, output })
    }
    const { command, args } = shellOf(line, options)
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: process.platform === 'win32',
    })
    kill = () => killGroup(child.pid)
    const timer = setTimeout(() => {
      isLate = true
      killGroup(child.pid)
    }, deadlineMs)
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output = (output + chunk).slice(-mostChars)
      })
    child.once('error', (error) => {
      output += why(error)
      end(null)
    })
    child.once('exit', (code) => {
      const drained = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, drainMs)
      child.once('close', () => {
        clearTimeout(drained)
        end(code)
      })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true })
    else process.kill(-pid, 'SIGKILL')
  } catch {}
}

/** Two looks at when a process began differ by less. */
const sameStartMs = 5000

/**
 * Runs on a box. Ends what a program that was killed left running, as its file of numbers says. Numbers come round again: one
 * whose process began at another time than the file was written is somebody else's.
 */
export function endLeftLine(pidFile: string): void {
  if (process.platform === 'win32') return
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').trim())
    if (!Number.isInteger(pid) || pid < 2) return
    const wroteMs = statSync(pidFile).mtimeMs
    if (Math.abs(startOf(pid) - wroteMs) < sameStartMs) killGroup(pid)
  } catch {
    // There is none, or it ended.
  }
}

/** @throws Error when it does not run, or nobody tells. */
function startOf(pid: number): number {
  if (process.platform === 'linux') return linuxStartOf(pid)
  const said = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 5000,
    env: { ...process.env, LC_ALL: 'C' },
  })
  return Date.parse(said.trim())
}

/** Of proc(5): `starttime`, field 22 of `stat`, in hundredths of a second since the start that `btime` names. */
function linuxStartOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  const bootS = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1])
  const startMs = bootS * 1000 + Number(fields[19]) * 10
  if (!Number.isFinite(startMs)) throw new Error('its start is not told')
  return startMs
}

/** The last words of what a line wrote, as one line. Pure. */
export const lastWordsOf = (output: string): string =>
  clip(
    output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(-3)
      .join(' / ')
      .slice(-400),
    400,
  )
