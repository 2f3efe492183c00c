import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { satisfies, validRange } from 'semver'
import type { VersionStep } from '../change-answer.ts'
import { clip, isForeign, run, Unreadable } from '../reading.ts'
import { entryOf } from './find-install.ts'
import { manifestAt, type PackageSwap, placesOf, refuseOther, stateForms, whyNotRead } from './package-swap.ts'
import type { RunnableAgent } from './running-agent.ts'
import { isSqliteEra } from './versions.ts'

const versionPattern = /^\d{4}\.\d{1,2}\.\d{1,3}(-[A-Za-z0-9.]{1,40})?$/
const askVersionMs = 30_000

/** The npm that belongs to the Node of this agent, else the first of the usual places; null: none is there. */
export function findNpm(node: string, root: string, env: NodeJS.ProcessEnv): string | null {
  const folders = [
    path.dirname(node),
    path.resolve(root, '../../../bin'),
    ...(env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    '/opt/homebrew/bin',
    '/usr/local/bin',
  ]
  const found = folders.map((folder) => path.join(folder, 'npm')).find((file) => existsSync(file))
  return found === undefined ? null : realpathSync(found)
}

/** What ran went well, or why not as a sentence. */
export interface Download {
  readonly pid: number | undefined
  /** @throws never: a sentence, empty when npm says that it is there. */
  readonly ended: Promise<string>
  /** Ends npm and what it started. */
  kill(): void
}

/**
 * Runs on a box. Lets the box's own npm put another version beside the one that is installed, from the registry that this
 * box is set to. Nothing that runs is touched; scripts of packages are not run.
 *
 * @throws Unreadable why not, before anything was written.
 */
export function startDownload(
  agent: RunnableAgent,
  id: string,
  step: VersionStep,
  deadlineMs: number,
): Download & Pick<PackageSwap, 'folder'> {
  refuseOther(agent, step, process.platform)
  const { root } = agent.install
  if (!versionPattern.test(step.to)) throw new Unreadable('That is no version of OpenClaw.')
  if (isSqliteEra(step.to) !== isSqliteEra(step.from))
    throw new Unreadable(
      `Between ${step.from} and ${step.to} its state takes another form for good. Update it on the machine, with a backup.`,
    )
  const npm = findNpm(agent.node, root, process.env)
  if (npm === null) throw new Unreadable('There is no npm on this machine.')
  if (process.getuid?.() === 0 && [npm, root].some(isForeign))
    throw new Unreadable(
      'Its npm or the install belongs to another user, and this login is root: nothing of it was run.',
    )
  const { folder } = placesOf(root, id)
  try {
    accessSync(path.dirname(root), constants.W_OK)
  } catch {
    throw new Unreadable(`This login may not write to ${path.dirname(root)}, where it is installed.`)
  }
  mkdirSync(folder, { mode: 0o755 })
  const args = ['install', '--global', '--prefix', folder, `openclaw@${step.to}`]
  const quiet = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--no-progress',
    '--loglevel=error',
  ]
  const isScript = /\.[cm]?js$/.test(npm)
  const child = spawn(isScript ? agent.node : npm, [...(isScript ? [npm] : []), ...args, ...quiet], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PATH: `${path.dirname(agent.node)}${path.delimiter}${process.env.PATH ?? ''}`,
      NO_COLOR: '1',
    },
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words = `${words}${chunk}`.slice(0, 20_000)
  })
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {}
  }
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    kill()
  }, deadlineMs)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`Its npm could not be started: ${clip(error.message, 200)}`))
    child.once('close', (exitCode) => {
      if (isLate) resolve(`${step.to} was not downloaded within ${Math.round(deadlineMs / 60_000)} min.`)
      else
        resolve(
          exitCode === 0 ? '' : `Its npm could not bring ${step.to}: ${sayingOf(words) || `it ended with ${exitCode}`}`,
        )
    })
  }).finally(() => clearTimeout(late))
  return { pid: child.pid, ended, kill, folder }
}

/** What npm says went wrong, without its own lead. */
const sayingOf = (words: string): string =>
  clip(
    words
      .split('\n')
      .flatMap((line) => /^npm (?:error|ERR!) (.*)$/.exec(line.trim())?.[1] ?? [])
      .filter((line) => !/^(A complete log|notsup|errno|syscall|path)\b/.test(line) && line.trim() !== '')
      .slice(0, 3)
      .join('; '),
    250,
  )

/**
 * Runs on a box. Whether what npm brought is that version, whole, runs on this Node and reads the state as it is. What npm
 * ended with says nothing of it.
 *
 * @throws Unreadable why not.
 */
export async function checkDownloaded(agent: RunnableAgent, id: string, step: VersionStep): Promise<PackageSwap> {
  refuseOther(agent, step, process.platform)
  const places = placesOf(agent.install.root, id)
  const found = manifestAt(places.next)
  if (found === null || found.name !== 'openclaw')
    throw new Unreadable(`Its npm ended well, but brought no OpenClaw: ${step.from} is still the only one there.`)
  if (found.version !== step.to) throw new Unreadable(`Its npm brought ${found.version}, not ${step.to}.`)
  const said = await run(agent.node, ['--version'], { timeoutMs: askVersionMs })
  const node = said.stdout.trim()
  if (validRange(found.node) !== null && !satisfies(node, found.node, { includePrerelease: true }))
    throw new Unreadable(
      `${step.to} needs Node ${found.node}, and the agent runs on ${node || 'one that does not start'}.`,
    )
  const forms = stateForms(agent.stateDir)
  const unread = whyNotRead(forms, found)
  if (unread !== '') throw new Unreadable(unread)
  const { exitCode, stdout, stderr } = await run(agent.node, [entryOf(places.next), '--version'], {
    timeoutMs: askVersionMs,
  })
  if (exitCode !== 0 || !stdout.includes(step.to))
    throw new Unreadable(
      `The new version does not start: ${clip(stderr.trim().split('\n').at(-1) || stdout.trim() || `it ended with ${exitCode}`, 200)}`,
    )
  return { ...places, ...step, forms, reads: manifestAt(places.root)?.reads ?? {} }
}
