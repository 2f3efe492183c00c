import { homedir, platform } from 'node:os'
import type { ObservedAgent, ObservedDoor, ProbeRequest, Read } from '../observed.ts'
import { clip, homeOf, readable, reading, Unreadable, unreadable } from '../reading.ts'
import type { PairingStore } from './door-settings.ts'
import { findDoors } from './doors.ts'
import { type FoundAgent, findAgents } from './find-agents.ts'
import { channelStates, hasPlugin } from './find-channels.ts'
import { findCode } from './find-code.ts'
import { findInstall } from './find-install.ts'
import { isFirstLog, logPlace } from './find-logs.ts'
import { maskAgent } from './mask-agent.ts'
import { readActivity } from './read-activity.ts'
import { describeConfig, loadConfig, type RawConfig } from './read-config.ts'
import { configuredPort, findGateway, type GatewayProcess, readReady, readRunningVersion } from './read-gateway.ts'
import { readInstall } from './read-install.ts'
import { readIntegrations } from './read-integrations.ts'
import { readOwnFiles } from './read-own-files.ts'
import { readOwnLog } from './read-own-log.ts'
import { readPatches } from './read-patches.ts'
import { readPermissions } from './read-permissions.ts'
import { askManager, findService, type Managed, nodeOf, type ServiceFile } from './read-service.ts'
import {
  readBoots,
  readConfigWrites,
  readLastBackup,
  readLoadedConfig,
  readPairing,
  stateDatabase,
} from './read-state.ts'
import { masked, mostStrangers, readStrangers } from './read-strangers.ts'
import { readUnit } from './read-unit.ts'
import { readUpdate } from './read-update.ts'
import { askValidity, notAsked } from './read-validity.ts'
import { type Settings, textAt } from './settings.ts'

type ServiceState = Extract<ObservedAgent['service'], { read: true }>['value']

/** Runs on a box. Every OpenClaw agent of this login. It writes nothing, and each part fails alone. */
export function observeOpenclaw(request: ProbeRequest): Promise<ObservedAgent[]> {
  const home = homeOf(process.env, homedir)
  const agents = findAgents(home, process.env, request.stateDirs)
  return Promise.all(agents.map((agent) => observeAgent(agent, home, request, isFirstLog(agent, agents))))
}

async function observeAgent(
  agent: FoundAgent,
  home: string,
  request: ProbeRequest,
  isFirst: boolean,
): Promise<ObservedAgent> {
  const { stateDir, configPath } = agent
  const raw = await reading(configPath, () => loadConfig(configPath))
  const settings = raw.read ? raw.value.parsed.settings : {}
  const serviceFile = findService(platform(), home, stateDir, agent.profile)
  const found = findInstall(home, process.env, serviceFile?.command ?? [], request.entries)
  const install = await reading(found === null ? 'usual places' : `${found.root} (${found.foundBy})`, () =>
    readInstall(found, textAt(settings, 'update', 'channel'), request.validate ? request.ownCommandMs : null),
  )
  const version = install.read ? install.value.version : ''
  const node = nodeOf(serviceFile)

  const gateway = findGateway(stateDir, configPath)
  const managed = serviceFile === null ? null : await askManager(serviceFile)
  const isRunning = gateway !== null || managed?.running === true
  const parses = raw.read && raw.value.parsed.problem === ''
  const port = gateway?.port ?? configuredPort(parses ? settings : lastGood(configPath))
  const mustValidate = request.validate && parses && found !== null
  const [ready, validity, patchedFiles] = await Promise.all([
    reading(`GET 127.0.0.1:${port}/readyz`, () => {
      if (!isRunning) throw new Unreadable('The gateway does not run.')
      return readReady(port)
    }),
    mustValidate ? askValidity({ agent, entry: found.entry, node, version }, request.ownCommandMs) : notAsked,
    request.validate && install.read
      ? reading('files of the install', () => readPatches(install.value))
      : unreadable('Looked at in a full sweep only.', 'files of the install'),
  ])
  const running: Read<string> = isRunning
    ? await reading(`port ${port}`, () => readRunningVersion(port, parses ? settings : lastGood(configPath)))
    : unreadable('The gateway does not run.', `port ${port}`)

  const pairing = readPairing(stateDir)
  const doors = parses
    ? await reading(configPath, () => findDoors(settings, running.read ? running.value : version, pairing))
    : unreadable('The config on disk cannot be parsed.', configPath)
  const known = doors.read ? doors.value : []
  const database = stateDatabase(stateDir)
  const secrets = new Set<string>()
  const observed: ObservedAgent = {
    runtime: 'openclaw',
    profile: clip(agent.profile, 100),
    stateDir: clip(stateDir, 4000),
    configPath: clip(configPath, 4000),
    install,
    config: raw.read ? { ...raw, value: describeConfig(raw.value, request.fingerprintKey, validity, secrets) } : raw,
    doors,
    pairing: boundedPairing(pairing),
    ...(request.allowed ? { strangers: await strangersOf(stateDir, known, request.allowed, request) } : {}),
    service: readable(serviceState(serviceFile, managed, gateway, port), serviceFile?.file ?? 'gateway lock file'),
    ready,
    runningVersion: running,
    applied: await appliedOf(agent, raw, gateway, isRunning),
    channels: await reading('readyz', () => {
      if (!doors.read) throw new Unreadable('The channels are not known: the config on disk cannot be parsed.')
      if (isRunning && !ready.read) throw new Unreadable(ready.why)
      return channelStates(known, ready.read ? ready.value : null, (channel) =>
        hasPlugin(found?.root ?? '', stateDir, settings, channel),
      )
    }),
    boots: await reading(database, () => readBoots(stateDir, gateway?.pid ?? null)),
    configWrites: await reading(database, () => readConfigWrites(stateDir)),
    activity: await reading(stateDir, () => readActivity(stateDir, known, request.testHandles)),
    update: await reading('update_runs and the folder of the install', () => readUpdate(stateDir, found?.root ?? '')),
    permissions: request.validate
      ? await reading('the agent’s log', () =>
          readPermissions(platform(), home, stateDir, known, textAt(settings, 'logging', 'file')),
        )
      : unreadable('Looked at in a full sweep only.', 'the agent’s log'),
    integrations: !request.validate
      ? unreadable('Looked at in a full sweep only.', stateDir)
      : parses
        ? await reading(stateDir, () => readIntegrations(stateDir, settings))
        : unreadable('The config on disk cannot be parsed.', configPath),
    ownLog: request.validate
      ? await readOwnLog(agent, parses ? settings : lastGood(configPath), { ...logPlace(home), isFirst })
      : unreadable('Looked at in a full sweep only.', 'the agent’s log'),
    lastBackup: await reading(database, () => readLastBackup(stateDir, home)),
    patchedFiles,
    unit: await reading(serviceFile?.file ?? 'usual places', () =>
      readUnit(serviceFile, request.fingerprintKey, secrets),
    ),
    ownFiles: request.validate
      ? await reading('workspace and skills', () => {
          if (!parses) throw new Unreadable('The config on disk cannot be parsed, so its workspace is not known.')
          return readOwnFiles(home, stateDir, settings)
        })
      : unreadable('Looked at in a full sweep only.', 'workspace and skills'),
    ownCode: request.validate ? findCode(home, stateDir, settings) : [],
  }
  return maskAgent(observed, secrets, request.fingerprintKey)
}

const boundedPairing = ({ entries, unread }: PairingStore): NonNullable<ObservedAgent['pairing']> => ({
  entries: entries.slice(0, 1000).map(({ channel, account, handle }) => ({
    channel: clip(channel, 60),
    account: clip(account, 100),
    handle: clip(handle),
  })),
  unread: clip(unread),
})

/** Whom the doors let in now is told by them; everybody else who heard from the agent is a stranger. */
const strangersOf = (
  stateDir: string,
  doors: readonly ObservedDoor[],
  allowed: NonNullable<ProbeRequest['allowed']>,
  { fingerprintKey }: ProbeRequest,
): Promise<NonNullable<ObservedAgent['strangers']>> =>
  reading(stateDir, () => {
    const { people, cannotTell } = readStrangers(stateDir, doors, allowed)
    return {
      people: people.slice(0, mostStrangers).map((one) => masked(one, fingerprintKey)),
      cannotTell: clip(cannotTell),
    }
  })

function serviceState(
  file: ServiceFile | null,
  managed: Managed | null,
  gateway: GatewayProcess | null,
  port: number,
): ServiceState {
  const detail =
    file !== null
      ? (managed?.detail ?? `${file.name}: the service manager gave no answer`)
      : gateway !== null
        ? 'started by hand, not by a service'
        : 'no service is installed and no gateway runs'
  return {
    kind: file !== null ? file.kind : gateway !== null ? 'foreground' : 'none',
    running: gateway !== null || managed?.running === true,
    pid: gateway?.pid ?? managed?.pid ?? null,
    startedAtMs: gateway?.startedAtMs ?? null,
    port,
    detail: clip(detail),
  }
}

/** What the runtime kept of the last config it took: a gateway under a broken file still runs on it. */
function lastGood(configPath: string): Settings {
  try {
    return loadConfig(`${configPath}.last-good`).parsed.settings
  } catch {
    return {}
  }
}

/**
 * Does the gateway use what is on the disk? It writes down the hash of the file it took last. Includes have no hash of
 * their own: a change to one after that moment leaves the question open.
 */
function appliedOf(
  agent: FoundAgent,
  raw: Read<RawConfig>,
  gateway: GatewayProcess | null,
  isRunning: boolean,
): Promise<ObservedAgent['applied']> {
  return reading('config hash the gateway took', () => {
    if (!isRunning) throw new Unreadable('The gateway does not run.')
    if (!raw.read) throw new Unreadable(raw.why)
    const loaded = readLoadedConfig(agent.stateDir, agent.configPath)
    if (loaded === null) throw new Unreadable('This version does not write down which config it took.')
    if (gateway?.startedAtMs && loaded.atMs < gateway.startedAtMs)
      throw new Unreadable('Since its start the gateway has not written down which config it took.')
    if (loaded.sha256 !== raw.value.sha256) return false
    if (raw.value.parsed.included.length > 0 && raw.value.modifiedAtMs > loaded.atMs)
      throw new Unreadable('An included file changed after the gateway took the config.')
    return true
  })
}
