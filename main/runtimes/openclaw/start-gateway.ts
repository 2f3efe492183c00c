import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import type { Settled } from '../change-answer.ts'
import { run } from '../reading.ts'
import { byManager, endGateway } from './gateway-control.ts'
import { loadConfig } from './read-config.ts'
import { configuredPort, findGateway } from './read-gateway.ts'
import type { RunnableAgent } from './running-agent.ts'

/** How a gateway that nothing keeps alive was started. It holds secrets of the environment: it stays on the box, 0600. */
export interface HowItRan {
  readonly node: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
}

/** How long one that ended has to be back by itself, by a keeper that this console does not know. */
const byItselfMs = 5000
/** What runs under it has so long to end by itself: a kill would count as an unclean end. */
const politeMs = 20_000
const endMs = 25_000

/** Runs on a box. Null: it does not run, or this system does not show how. */
export function howItRuns(agent: RunnableAgent): HowItRan | null {
  const gateway = findGateway(agent.stateDir, agent.configPath)
  if (gateway === null) return null
  const at = `/proc/${gateway.pid}`
  try {
    const pairs = readFileSync(`${at}/environ`, 'utf8')
      .split('\0')
      .filter((pair) => pair.includes('='))
    const words = readFileSync(`${at}/cmdline`, 'utf8').split('\0')
    // A runtime that names its process itself no longer shows them.
    const from = words.findIndex((word) => path.isAbsolute(word) && /(openclaw|clawdbot|entry|index)\.\w+$/.test(word))
    const shown = from < 0 ? [] : words.slice(from + 1).filter((word) => word !== '')
    const isPlain = gateway.port === null || gateway.port === portOf(agent)
    return {
      node: readlinkSync(`${at}/exe`),
      cwd: readlinkSync(`${at}/cwd`),
      env: Object.fromEntries(
        pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      ),
      args: shown.length > 0 ? shown : ['gateway', 'run', ...(isPlain ? [] : ['--port', String(gateway.port)])],
    }
  } catch {
    return null
  }
}

function portOf(agent: RunnableAgent): number | null {
  try {
    return configuredPort(loadConfig(agent.configPath).parsed.settings)
  } catch {
    return null
  }
}

/** Runs on a box. Ends a gateway that nothing keeps alive, so that its program can be replaced. True: none runs any more. */
export const restGateway = (agent: RunnableAgent): Promise<boolean> =>
  endGateway(agent, performance.now() + endMs, politeMs)

/** Who started it, and whether what was started has ended since. */
export interface Started {
  readonly took: Settled['took']
  readonly hasEnded: () => boolean
}

/** A process that was started, told from another that gets its number later; `since` is empty where nothing tells it. */
export interface StartedProcess {
  readonly pid: number
  readonly since: string
}

const by = (took: Settled['took']): Started => ({ took, hasEnded: () => false })

/**
 * Runs on a box. Makes the gateway run from what lies in place now: by what keeps it alive, else as it was started before.
 * `note` is told of a process of its own before anything else happens: no lock names one that is still starting.
 */
export async function startGateway(
  agent: RunnableAgent,
  how: HowItRan | null,
  note: (started: StartedProcess) => void = () => {},
): Promise<Started> {
  if (agent.service !== null && (await byManager(agent.service, 'restart'))) return by('service-manager')
  // Files were replaced under one that still runs.
  await restGateway(agent)
  const runs = () => findGateway(agent.stateDir, agent.configPath) !== null
  for (const sinceMs = performance.now(); performance.now() - sinceMs < byItselfMs; ) {
    if (runs()) return by('by-itself')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  if (agent.entry === '' || !existsSync(agent.entry)) return by('not')
  return spawned(agent, how, note)
}

function spawned(
  agent: RunnableAgent,
  how: HowItRan | null,
  note: (started: StartedProcess) => void,
): Promise<Started> {
  const env = how?.env ?? {
    ...process.env,
    OPENCLAW_STATE_DIR: agent.stateDir,
    OPENCLAW_CONFIG_PATH: agent.configPath,
  }
  const cwd = how !== null && existsSync(how.cwd) ? how.cwd : agent.stateDir
  const node = how !== null && existsSync(how.node) ? how.node : agent.node
  return new Promise((resolve) => {
    const child = spawn(node, [agent.entry, ...(how?.args ?? ['gateway', 'run'])], {
      cwd,
      env,
      detached: true,
      stdio: 'ignore',
    })
    child.once('error', () => resolve(by('not')))
    child.once('spawn', async () => {
      const { pid } = child
      try {
        if (pid !== undefined) note({ pid, since: await sinceOf(pid) })
      } catch {
        // Without room for the note it runs all the same.
      }
      resolve({ took: 'runtime', hasEnded: () => child.exitCode !== null || child.signalCode !== null })
    })
    child.unref()
  })
}

/** When a process began, in the words of the system; empty: it has ended, or nothing tells it. */
async function sinceOf(pid: number): Promise<string> {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[0] === 'Z' ? '' : (fields[19] ?? '')
  } catch {
    const { exitCode, stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeoutMs: 5000 })
    return exitCode === 0 ? stdout.trim() : ''
  }
}

/** Runs on a box. Ends a process that was started and everything in its group, also one that is not ready to say who it is. */
export async function endStarted({ pid, since }: StartedProcess): Promise<void> {
  const signalled = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name)
    } catch {
      // It ended by itself.
    }
  }
  const isThere = async () => since !== '' && (await sinceOf(pid)) === since
  if (!(await isThere())) return
  signalled('SIGTERM')
  for (const sinceMs = performance.now(); performance.now() - sinceMs < politeMs && (await isThere()); )
    await new Promise((resolve) => setTimeout(resolve, 100))
  if (await isThere()) signalled('SIGKILL')
}
