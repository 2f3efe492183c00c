import type { ChangeSide, RunningAccount, Settled } from '../change-answer.ts'
import type { ObservedDoor, Read } from '../observed.ts'
import { Unreadable, unreadable } from '../reading.ts'
import { findDoors } from './doors.ts'
import { askChannels, restartGateway } from './gateway-control.ts'
import { manifestAt } from './package-swap.ts'
import { describeConfig, loadConfig, type RawConfig } from './read-config.ts'
import { configuredPort, findGateway, readReady, readRunningVersion } from './read-gateway.ts'
import { readLoadedConfig, readPairing } from './read-state.ts'
import { notAsked } from './read-validity.ts'
import type { RunnableAgent } from './running-agent.ts'
import { type Settings, textAt } from './settings.ts'
import type { Started } from './start-gateway.ts'

/** How long a gateway has to take a changed config by itself (seen: 2 to 4 s), before it is restarted. */
const byItselfMs = 15_000
/** How long one that is gone has to be back by itself, as after a restart that it does or its service manager does. */
const goneMs = 5000
const lookEveryMs = 250

/** Runs on a box. A config as it may leave it. @throws Unreadable, or why it cannot be read. */
export function sideOf(
  agent: Pick<RunnableAgent, 'stateDir' | 'version'>,
  config: { raw: RawConfig } | { settings: Settings; sha256: string },
  fingerprintKey: string,
): ChangeSide {
  const raw: RawConfig =
    'raw' in config
      ? config.raw
      : {
          parsed: { settings: config.settings, problem: '', included: [] },
          sha256: config.sha256,
          sizeBytes: 0,
          modifiedAtMs: 0,
        }
  const { redacted } = describeConfig(raw, fingerprintKey, notAsked, new Set())
  if (redacted === '') throw new Unreadable('The config is too large to be judged.')
  const doors: ObservedDoor[] = findDoors(raw.parsed.settings, agent.version, readPairing(agent.stateDir))
  return {
    sha256: raw.sha256,
    redacted,
    doors,
  }
}

export interface SettleOptions {
  readonly fingerprintKey: string
  /** For all of it. */
  readonly waitMs: number
  /** Box's own clock: when the file was put in place. */
  readonly sinceMs: number
  /** Accounts that have to run, as `channel/account`. */
  readonly expect: readonly string[]
  /** It ran before the file was touched: it has to run, and is started where it does not. */
  readonly ran: boolean
  /** Its program was replaced, or ended for that: it is started from what lies in place, and has to say that version. */
  readonly replaced?: {
    readonly root: string
    readonly version: string
    readonly start: () => Promise<Started>
  }
}

interface Look {
  readonly sha256: string
  readonly running: boolean
  readonly applied: boolean | null
  readonly ready: { ready: boolean; failing: string[]; suppressed: string[]; uptimeMs: number | null } | null
  /** Of the process; null: it was not asked, or did not say. */
  readonly version: string | null
}

/**
 * Runs on a box. Waits until the gateway uses the file on disk, is ready and runs the channels that are expected; where
 * it does not take the file by itself, or is gone, it is restarted, once. Says what was true last when the time is over.
 */
export async function settleConfig(agent: RunnableAgent, options: SettleOptions): Promise<Settled> {
  const startMs = performance.now()
  const leftMs = () => options.waitMs - (performance.now() - startMs)
  let took: Settled['took'] = 'by-itself'
  const { replaced } = options
  let restarted = replaced !== undefined
  const started = replaced !== undefined && options.ran ? await replaced.start() : null
  if (started !== null) took = started.took
  const isAsked = replaced !== undefined
  let look = await lookAt(agent, options.sinceMs, isAsked)
  const hasToRun = options.ran || look.running
  let seenRunningMs = startMs
  let channels: Read<RunningAccount[]> = unreadable('The gateway does not run.', 'openclaw channels status --json')
  while (hasToRun && leftMs() > 0) {
    const nowMs = performance.now()
    if (look.running) seenRunningMs = nowMs
    else if (started?.hasEnded()) break
    const mustRestart = look.running
      ? look.applied !== true && (nowMs - startMs > byItselfMs || !reloads(agent))
      : nowMs - seenRunningMs > goneMs
    if (!restarted && mustRestart) {
      restarted = true
      took = await restartGateway(agent)
    } else if (isTaken(look, restarted) && (replaced === undefined || look.version === replaced.version)) {
      if (options.expect.length === 0) {
        channels = unreadable('No channel has to run.', '')
        break
      }
      channels = await askChannels(agent, Math.max(1000, Math.min(30_000, leftMs())))
      if (!channels.read || runs(channels.value, options.expect)) break
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    look = await lookAt(agent, options.sinceMs, isAsked)
  }
  return {
    sha256: look.sha256,
    side: currentSide(agent, options.fingerprintKey),
    running: look.running,
    applied: look.running ? look.applied : null,
    ready: look.ready?.ready ?? null,
    failing: look.ready?.failing ?? [],
    suppressed: look.ready?.suppressed ?? [],
    channels,
    took,
    filesHold: true,
    foldersHold: true,
    update:
      replaced === undefined
        ? null
        : {
            installed: manifestAt(replaced.root)?.version ?? '',
            running: look.running ? look.version : null,
            readyAfterMs: look.ready?.ready ? look.ready.uptimeMs : null,
          },
    detail: '',
  }
}

const isTaken = ({ running, applied, ready }: Look, restarted: boolean): boolean =>
  running && applied !== false && ready?.ready === true && (restarted || applied === true)

/** Does the gateway look at its file while it runs? Unless it was told not to. */
function reloads(agent: RunnableAgent): boolean {
  try {
    return textAt(loadConfig(agent.configPath).parsed.settings, 'gateway', 'reload', 'mode') !== 'off'
  } catch {
    return true
  }
}

const runs = (accounts: readonly RunningAccount[], expect: readonly string[]): boolean =>
  expect.every((door) => {
    const found = accounts.find(({ channel, account }) => `${channel}/${account}` === door)
    return found !== undefined && found.running !== false && found.connected !== false
  })

async function lookAt(agent: RunnableAgent, sinceMs: number, asksVersion: boolean): Promise<Look> {
  const gateway = findGateway(agent.stateDir, agent.configPath)
  let sha256 = ''
  let settings: Settings = {}
  try {
    const raw = loadConfig(agent.configPath)
    sha256 = raw.sha256
    settings = raw.parsed.settings
  } catch {}
  if (gateway === null) return { sha256, running: false, applied: null, ready: null, version: null }
  const port = gateway.port ?? configuredPort(settings)
  // First: of a file that is taken while it is asked, its answer would be about the one before.
  const applied = appliedOf(agent, sha256, gateway.startedAtMs, sinceMs)
  const ready = await readReady(port).catch(() => null)
  const version = asksVersion ? await readRunningVersion(port, settings).catch(() => null) : null
  return { sha256, running: true, applied, ready, version }
}

/** A gateway that started after the file was put in place took it; else its own note says which it took. */
function appliedOf(agent: RunnableAgent, sha256: string, startedAtMs: number | null, sinceMs: number): boolean | null {
  if (startedAtMs !== null && startedAtMs > sinceMs) return true
  try {
    const loaded = readLoadedConfig(agent.stateDir, agent.configPath)
    if (loaded === null || (startedAtMs !== null && loaded.atMs < startedAtMs)) return null
    return loaded.sha256 === sha256
  } catch {
    return null
  }
}

function currentSide(agent: RunnableAgent, fingerprintKey: string): ChangeSide | null {
  try {
    const raw = loadConfig(agent.configPath)
    return raw.parsed.problem === '' ? sideOf(agent, { raw }, fingerprintKey) : null
  } catch {
    return null
  }
}

/** Runs on a box. Whether the config says that this version of the runtime wrote it last. */
export function isWrittenBy(configPath: string, version: string): boolean {
  try {
    return textAt(loadConfig(configPath).parsed.settings, 'meta', 'lastTouchedVersion') === version
  } catch {
    return false
  }
}
