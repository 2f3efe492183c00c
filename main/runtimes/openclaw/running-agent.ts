import { existsSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import path from 'node:path'
import { homeOf, isForeign, run } from '../reading.ts'
import { type FoundAgent, findAgents } from './find-agents.ts'
import { findInstall } from './find-install.ts'
import { readInstall } from './read-install.ts'
import { findService, nodeOf, type ServiceFile } from './read-service.ts'

/** One agent of this box, with what is needed to let it do something. */
export interface RunnableAgent extends FoundAgent {
  readonly service: ServiceFile | null
  /** Empty: no install was found. */
  readonly entry: string
  readonly node: string
  readonly version: string
  /** Null: none was found. */
  readonly install: {
    readonly root: string
    readonly kind: 'git' | 'package' | 'unknown'
    readonly packageManager: string
  } | null
}

/** Runs on a box. The agent of a state folder; null: there is none. */
export async function findRunnable(stateDir: string): Promise<RunnableAgent | null> {
  const home = homeOf(process.env, homedir)
  const agent = findAgents(home, process.env, [stateDir]).find((found) => found.stateDir === path.resolve(stateDir))
  if (agent === undefined) return null
  const service = findService(platform(), home, agent.stateDir, agent.profile)
  const install = findInstall(home, process.env, service?.command ?? [], [])
  const read = install === null ? null : await readInstall(install, '', null)
  return {
    ...agent,
    service,
    entry: install?.entry ?? '',
    node: nodeOf(service),
    version: read?.version ?? '',
    install: read === null ? null : { root: read.root, kind: read.kind, packageManager: read.packageManager },
  }
}

/** Runs on a box. Where commands for this agent find programs: first what lies beside the Node that it runs on. */
export const searchPathOf = ({ node }: RunnableAgent): string =>
  `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`

/** Runs on a box. What a command finds that is run for one agent: the runtime's own command line then means this one. */
export const commandEnvironment = (stateDir: string, configPath: string, searchPath: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(searchPath === '' ? {} : { PATH: searchPath }),
  OPENCLAW_STATE_DIR: stateDir,
  OPENCLAW_CONFIG_PATH: configPath,
  OPENCLAW_NO_AUTO_UPDATE: '1',
  NO_COLOR: '1',
})

/** Runs on a box. The runtime's own command line, for this agent. `exitCode` null: it did not start or took too long. */
export function runOwn(agent: RunnableAgent, args: readonly string[], timeoutMs: number) {
  const refused = (stderr: string) => Promise.resolve({ exitCode: null, stdout: '', stderr })
  if (agent.entry === '' || !existsSync(agent.entry)) return refused('No OpenClaw was found.')
  // What a user may write must not run with the rights of root.
  if (process.getuid?.() === 0 && isForeign(agent.entry)) return refused('The install belongs to another user.')
  return run(agent.node, [agent.entry, ...args], {
    timeoutMs: Math.ceil(timeoutMs),
    cwd: agent.stateDir,
    env: {
      ...process.env,
      PATH: `${path.dirname(agent.node)}${path.delimiter}${process.env.PATH ?? ''}`,
      OPENCLAW_STATE_DIR: agent.stateDir,
      OPENCLAW_CONFIG_PATH: agent.configPath,
      OPENCLAW_LOG_LEVEL: 'silent',
      OPENCLAW_NO_AUTO_UPDATE: '1',
      NO_COLOR: '1',
    },
  })
}
