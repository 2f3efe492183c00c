import { homedir } from 'node:os'
import type { ObservedAgent, ProbeRequest } from '../observed.ts'
import { clip, homeOf, reading, unreadable } from '../reading.ts'
import { type FoundAgent, findAgents } from './find-agents.ts'
import { findInstall } from './find-install.ts'
import { describeConfig, loadConfig } from './read-config.ts'
import { readInstall } from './read-install.ts'
import { textAt } from './settings.ts'

/** Runs on a box. Every OpenClaw agent of this login. It writes nothing, and each part fails alone. */
export async function observeOpenclaw(
  request: ProbeRequest,
  _tookMs: Record<string, number>,
): Promise<ObservedAgent[]> {
  const home = homeOf(process.env, homedir)
  const agents = findAgents(home, process.env, request.stateDirs)
  return Promise.all(agents.map((agent) => observeAgent(agent, home, request)))
}

async function observeAgent(agent: FoundAgent, home: string, request: ProbeRequest): Promise<ObservedAgent> {
  const raw = await reading(agent.configPath, () => loadConfig(agent.configPath))
  const settings = raw.read ? raw.value.parsed.settings : {}
  const found = findInstall(home, process.env, [], request.entries)
  const install = await reading(found === null ? 'usual places' : found.root, () =>
    readInstall(found, textAt(settings, 'update', 'channel')),
  )
  const later = (source: string) => unreadable('Not read yet.', source)
  return {
    runtime: 'openclaw',
    profile: clip(agent.profile, 100),
    stateDir: clip(agent.stateDir, 4000),
    configPath: clip(agent.configPath, 4000),
    install,
    config: raw.read
      ? { ...raw, value: describeConfig(raw.value, request.fingerprintKey, { valid: null, problem: '' }) }
      : raw,
    doors: later('config'),
    service: later('service'),
    ready: later('readyz'),
    runningVersion: later('gateway'),
    applied: later('gateway'),
    channels: later('gateway'),
    boots: later('state'),
    configWrites: later('state'),
    activity: later('state'),
    lastBackup: later('state'),
    patchedFiles: later('install'),
  }
}
