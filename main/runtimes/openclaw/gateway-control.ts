import type { RunningAccount, Settled } from '../change-answer.ts'
import type { Read } from '../observed.ts'
import { clip, readable, run, unreadable } from '../reading.ts'
import { findGateway } from './read-gateway.ts'
import type { ServiceFile } from './read-service.ts'
import { type RunnableAgent, runOwn } from './running-agent.ts'
import { isSettings, type Settings } from './settings.ts'

const managerMs = 20_000
const ownMs = 30_000

const serviceEnv = () => ({
  ...process.env,
  XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`,
})

/** The commands by which the system's service manager does something to the gateway, in order. Pure. */
export function managerCommands(
  { kind, name, file }: ServiceFile,
  what: 'restart' | 'start' | 'stop',
  uid: number,
): readonly (readonly string[])[] {
  if (kind === 'systemd') return [['systemctl', ...(file.startsWith('/etc/') ? [] : ['--user']), what, name]]
  if (kind === 'launchd') {
    const target = `gui/${uid}/${name}`
    if (what === 'stop') return [['/bin/launchctl', 'bootout', target]]
    return [['/bin/launchctl', 'kickstart', ...(what === 'restart' ? ['-k'] : []), target]]
  }
  const [end, start] = [
    ['schtasks', '/End', '/TN', name],
    ['schtasks', '/Run', '/TN', name],
  ]
  return { restart: [end, start], start: [start], stop: [end] }[what]
}

/** Runs on a box. True: the manager did it. */
export async function byManager(service: ServiceFile, what: 'restart' | 'start' | 'stop'): Promise<boolean> {
  let last = false
  for (const [command = '', ...args] of managerCommands(service, what, process.getuid?.() ?? 501))
    last = (await run(command, args, { timeoutMs: managerMs, env: serviceEnv() })).exitCode === 0
  return last
}

/** Runs on a box. Makes the gateway start again: by what keeps it alive, else by the runtime itself. */
export async function restartGateway(agent: RunnableAgent): Promise<Settled['took']> {
  if (agent.service !== null && (await byManager(agent.service, 'restart'))) return 'service-manager'
  const { exitCode } = await runOwn(agent, ['gateway', 'restart', '--json'], ownMs)
  return exitCode === 0 ? 'runtime' : 'not'
}

/** Runs on a box. What the running gateway says of its channel accounts, asked by the runtime's own command line. */
export async function askChannels(agent: RunnableAgent, timeoutMs = ownMs): Promise<Read<RunningAccount[]>> {
  const source = 'openclaw channels status --json'
  const { exitCode, stdout, stderr } = await runOwn(agent, ['channels', 'status', '--json'], timeoutMs)
  if (exitCode === null) return unreadable(stderr.trim().split('\n').at(-1) || 'It did not answer in time.', source)
  const accounts = accountsIn(stdout)
  return accounts === null
    ? unreadable(`It ended with ${exitCode} and told nothing of the channels.`, source)
    : readable(accounts, source)
}

/** `{channelAccounts: {telegram: [{accountId, enabled, running, connected, lastError}]}}`, with those that are off; null: it is something else. Pure. */
export function accountsIn(stdout: string): RunningAccount[] | null {
  let answer: unknown
  try {
    answer = JSON.parse(stdout.slice(Math.max(0, stdout.indexOf('{'))))
  } catch {
    return null
  }
  if (!isSettings(answer) || !isSettings(answer.channelAccounts)) return null
  return Object.entries(answer.channelAccounts)
    .flatMap(([channel, accounts]) =>
      (Array.isArray(accounts) ? accounts.filter(isSettings) : []).map((account) => accountOf(channel, account)),
    )
    .slice(0, 200)
}

const truth = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

const accountOf = (channel: string, account: Settings): RunningAccount => ({
  channel: clip(channel, 60),
  account: clip(account.accountId ?? 'default', 100),
  enabled: truth(account.enabled),
  running: truth(account.running),
  connected: truth(account.connected),
  detail: clip(account.lastError ?? ''),
})

/** How long a process has to end after it was asked to, before it is ended. */
const politeMs = 2000

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {}
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Runs on a box. Ends the gateway process of this agent, the one that its own lock names; a stopped or deaf one too,
 * once `patienceMs` are over. True: none runs any more.
 */
export async function endGateway(agent: RunnableAgent, untilMs: number, patienceMs = politeMs): Promise<boolean> {
  const gateway = findGateway(agent.stateDir, agent.configPath)
  if (gateway === null) return true
  signal(gateway.pid, 'SIGTERM')
  const hardMs = Math.min(untilMs, performance.now() + patienceMs)
  const runs = () => findGateway(agent.stateDir, agent.configPath)?.pid === gateway.pid
  while (performance.now() < hardMs && runs()) await wait(50)
  if (runs()) signal(gateway.pid, 'SIGKILL')
  while (performance.now() < untilMs && runs()) await wait(50)
  return !runs()
}
