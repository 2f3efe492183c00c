import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { configOf, gatewayPort } from './config.ts'
import { dice } from './dice.ts'
import { type Exchange, makeExchanges, thirdWorkingDayBack } from './exchanges.ts'
import { writeCheckout } from './git-checkout.ts'
import type { Gateway, Machine } from './machine.ts'
import { openState, openTranscripts, type StateRows, writeOlderState } from './rows.ts'
import { writeSessionFiles } from './session-files.ts'
import type { DemoBox } from './spec.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const gatewayPid = 612
const sessionId = '5f0c7c1e-3d1b-4b52-9a3e-0c8f4f1f2a77'

/** Fills one HOME with a machine and its agent as they stand at `nowMs`, before the troubles that begin later. */
export function writeHome(home: string, box: DemoBox, nowMs: number): void {
  mkdirSync(path.join(home, '.demo', 'root', 'tmp'), { recursive: true })
  const state = path.join(home, '.openclaw')
  for (const name of ['state', 'workspace', 'agents/main/agent', 'agents/main/sessions']) {
    mkdirSync(path.join(state, name), { recursive: true })
  }
  const bootedAtMs = nowMs - box.machine.upForDays * dayMs
  writeJson(home, '.demo/system.json', machineOf(box, bootedAtMs))
  writeJson(home, '.demo/gateway.json', gatewayOf(box, bootedAtMs + 90_000, nowMs))
  const configHash = writeConfig(home, configOf(box, home), nowMs - 26 * dayMs)
  writeInstall(home, box, nowMs)
  writeService(home, box)
  writeLock(home, bootedAtMs + 90_000)
  writePlugin(home, box)
  const exchanges = exchangesOf(box, nowMs)
  writeState(home, box, { exchanges, bootedAtMs, nowMs, configHash })
  if (box.agent.version === '2026.6.11')
    writeSessionFiles(path.join(state, 'agents/main/sessions'), exchanges, box.box.name)
  else writeTranscripts(path.join(state, 'agents/main/agent/openclaw-agent.sqlite'), box, exchanges)
}

function writeJson(home: string, name: string, value: unknown): void {
  writeFileSync(path.join(home, name), `${JSON.stringify(value, null, 2)}\n`)
}

function machineOf({ box, machine }: DemoBox, bootedAtMs: number): Machine {
  const linux = machine.platform === 'linux'
  return {
    reach: 'answers',
    hostKey: `host key of ${box.name}`,
    platform: machine.platform,
    hostName: linux ? box.name : `${box.name}.local`,
    osName: machine.osName,
    osRelease: machine.osRelease,
    arch: machine.arch,
    user: box.user,
    node: { version: machine.nodeVersion, path: linux ? '/usr/bin/node' : '/opt/homebrew/bin/node' },
    bootedAtMs,
    clockSkewMs: machine.clockSkewMs,
    disk: machine.disk,
    session: box.user,
    encrypted: true,
    sleeps: false,
    commands: {},
  }
}

function gatewayOf({ agent, trouble }: DemoBox, startedAtMs: number, nowMs: number): Gateway {
  const suppressed = trouble === 'suppressed-after-crashes' ? [agent.channel] : []
  return {
    running: true,
    port: gatewayPort,
    pid: gatewayPid,
    startedAtMs,
    version: agent.version,
    answers: {
      '/healthz': { ok: true, status: 'live' },
      '/startupz': { version: agent.version },
      '/readyz': { ready: true, failing: [], suppressed, uptimeMs: nowMs - startedAtMs },
    },
  }
}

/** Writes the config as its runtime would: one file, 0600, dated when it was last changed. @returns its SHA-256. */
export function writeConfig(home: string, config: Record<string, unknown>, atMs: number): string {
  const file = path.join(home, '.openclaw/openclaw.json')
  const text = `${JSON.stringify(config, null, 2)}\n`
  writeFileSync(file, text, { mode: 0o600 })
  date(file, atMs)
  return createHash('sha256').update(text).digest('hex')
}

const date = (file: string, atMs: number) => utimesSync(file, atMs / 1000, atMs / 1000)

function writeInstall(home: string, { agent }: DemoBox, nowMs: number): void {
  const needs = agent.version === '2026.6.11' ? '>=22.19.0' : '>=24.16.0 <25 || >=26.1.0'
  const manifest = `${JSON.stringify({ name: 'openclaw', version: agent.version, type: 'module', bin: { openclaw: 'openclaw.mjs' }, engines: { node: needs } }, null, 2)}\n`
  const files = { 'package.json': manifest, 'openclaw.mjs': '#!/usr/bin/env node\n' }
  const git = agent.install === 'git'
  const root = path.join(home, git ? 'openclaw' : '.npm-global/lib/node_modules/openclaw')
  mkdirSync(path.join(root, 'dist'), { recursive: true })
  const commit = git
    ? writeCheckout(root, {
        files,
        behind: 366,
        checkedOutAtMs: nowMs - 46 * dayMs,
        upstreamAtMs: nowMs - 23 * dayMs,
        fetchedAtMs: nowMs - 23 * dayMs,
      })
    : 'eb377ac59e6c9fd6c7705028034812becf00271b'
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(root, name), content)
    date(path.join(root, name), nowMs - 26 * dayMs)
  }
  writeFileSync(path.join(root, 'dist/build-info.json'), JSON.stringify({ version: agent.version, commit }))
}

/** What keeps the gateway alive: a LaunchAgent, or a user unit of systemd. */
function writeService(home: string, { agent, machine }: DemoBox): void {
  const entry = path.join(
    home,
    agent.install === 'git' ? 'openclaw' : '.npm-global/lib/node_modules/openclaw',
    'openclaw.mjs',
  )
  if (machine.platform === 'darwin') {
    const words = ['/opt/homebrew/bin/node', entry, 'gateway', '--port', String(gatewayPort)]
    mkdirSync(path.join(home, 'Library/LaunchAgents'), { recursive: true })
    writeFileSync(
      path.join(home, 'Library/LaunchAgents/ai.openclaw.gateway.plist'),
      `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>\n<key>Label</key><string>ai.openclaw.gateway</string>\n` +
        `<key>ProgramArguments</key>\n<array>\n${words.map((word) => `<string>${word}</string>`).join('\n')}\n</array>\n` +
        '<key>RunAtLoad</key><true/>\n<key>KeepAlive</key><true/>\n</dict></plist>\n',
    )
  } else {
    mkdirSync(path.join(home, '.config/systemd/user'), { recursive: true })
    writeFileSync(
      path.join(home, '.config/systemd/user/openclaw-gateway.service'),
      `[Unit]\nDescription=OpenClaw Gateway\n\n[Service]\nExecStart=/usr/bin/node ${entry} gateway --port ${gatewayPort}\nRestart=always\n\n[Install]\nWantedBy=default.target\n`,
    )
  }
}

function exchangesOf({ agent, box, client, trouble }: DemoBox, nowMs: number): Exchange[] {
  if (agent.channel === null) return []
  const timeZone = client?.timeZone ?? 'UTC'
  const brokenFromMs = trouble === 'model-refuses' ? thirdWorkingDayBack(nowMs, timeZone) : null
  return makeExchanges({ nowMs, timeZone, perDay: agent.perDay, days: 30, brokenFromMs }, dice(box.name))
}

/** Telegram comes with the package; other channels are plugins of their own (openclaw.md §0). */
function writePlugin(home: string, { agent }: DemoBox): void {
  if (agent.channel === null) return
  const root = agent.install === 'git' ? 'openclaw' : '.npm-global/lib/node_modules/openclaw'
  const folder =
    agent.channel === 'telegram' ? `${root}/dist/extensions/telegram` : '.openclaw/npm/projects/openclaw-imessage'
  mkdirSync(path.join(home, folder), { recursive: true })
  writeFileSync(path.join(home, folder, 'package.json'), JSON.stringify({ name: `@openclaw/${agent.channel}` }))
}

/** By this file the gateway says that it is there (openclaw.md does not name it; seen on 2026.9.6). */
function writeLock(home: string, startedAtMs: number): void {
  const folder = path.join(home, '.openclaw/tmp/openclaw')
  mkdirSync(folder, { recursive: true })
  const lock = {
    pid: gatewayPid,
    createdAt: new Date(startedAtMs).toISOString(),
    configPath: path.join(home, '.openclaw/openclaw.json'),
    stateDir: path.join(home, '.openclaw'),
    port: gatewayPort,
  }
  writeFileSync(path.join(folder, 'gateway.main.lock'), JSON.stringify(lock))
}

interface Life {
  readonly exchanges: readonly Exchange[]
  readonly bootedAtMs: number
  readonly nowMs: number
  readonly configHash: string
}

function writeState(home: string, box: DemoBox, { exchanges, bootedAtMs, nowMs, configHash }: Life): void {
  const file = path.join(home, '.openclaw/state/openclaw.sqlite')
  const nightly = { id: 'nightly', atMs: nowMs - 7 * hourMs, ok: true }
  if (box.agent.version === '2026.6.11') {
    writeOlderState(file, nightly)
    return
  }
  const state = openState(file)
  const { channel } = box.agent
  const sender = box.client?.handles[0]?.value ?? ''
  exchanges.forEach(({ atMs, replyAtMs, outcome }, number) => {
    if (channel === null) return
    const id = `${box.box.name}-${number}`
    state.inbound({ id, channel, lane: `${channel}:${sender}`, atMs, doneAtMs: replyAtMs, error: null })
    state.run({ id, sessionId, channel, startedAtMs: atMs + 400, endedAtMs: replyAtMs, failed: outcome === 'failed' })
  })
  writeBoots(state, box, bootedAtMs)
  state.loadedConfig({
    configPath: path.join(home, '.openclaw/openclaw.json'),
    hash: configHash,
    atMs: bootedAtMs + 90_000,
  })
  state.backup(nightly)
  state.close()
}

/** A clean life: one start after the machine's own. After a power cut: three starts that nobody ended, seconds apart. */
function writeBoots(state: StateRows, { trouble }: DemoBox, bootedAtMs: number): void {
  const started = bootedAtMs + 90_000
  const boot = (id: string, startedAtMs: number, endedAtMs: number | null) =>
    state.boot({ id, pid: gatewayPid, startedAtMs, endedAtMs, outcome: endedAtMs === null ? null : 'clean_stop' })
  boot('before', bootedAtMs - 30 * dayMs, bootedAtMs - 60_000)
  if (trouble === 'suppressed-after-crashes') {
    for (const second of [10, 35, 60]) boot(`crash-${second}`, bootedAtMs + second * 1000, null)
  }
  boot('now', started, null)
}

function writeTranscripts(file: string, { client, agent }: DemoBox, exchanges: readonly Exchange[]): void {
  const rows = openTranscripts(file)
  const sender = client?.handles[0]?.value ?? ''
  rows.event({ sessionId, atMs: exchanges[0]?.atMs ?? 0, event: { type: 'session', version: 4, id: sessionId } })
  for (const [number, { atMs, replyAtMs, outcome }] of exchanges.entries()) {
    const transport = { channel: agent.channel, conversationRef: 'conv_demo', messageId: String(number) }
    const meta = {
      senderIsOwner: false,
      senderId: sender,
      senderIdentity: { type: 'observation', id: sender, senderKind: 'human' },
      transport,
    }
    rows.event({
      sessionId,
      atMs,
      event: line(`u${number}`, atMs, { role: 'user', content: '(made up)', timestamp: atMs, __openclaw: meta }),
    })
    const answer =
      outcome === 'answered' ? { content: [{ type: 'text', text: '(made up)' }], stopReason: 'stop' } : refused
    rows.event({
      sessionId,
      atMs: replyAtMs,
      event: line(`a${number}`, replyAtMs, { role: 'assistant', ...answer, timestamp: replyAtMs }),
    })
  }
  rows.close()
}

const refused = { content: [], stopReason: 'error', errorMessage: '401 invalid api key' }
const line = (id: string, atMs: number, message: unknown) => ({
  type: 'message',
  id,
  parentId: null,
  timestamp: new Date(atMs).toISOString(),
  message,
})
