import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DateTime } from 'luxon'
import { configOf, gatewayPort } from './config.ts'
import { type Exchange, makeExchanges } from './exchanges.ts'
import { installFolder, writeInstall } from './install.ts'
import { type Life, lifeOf } from './life.ts'
import { type Gateway, type Machine, writeMachine } from './machine.ts'
import { writeMeddling } from './meddling.ts'
import type { Morning } from './morning.ts'
import { writeOwnSkills } from './own-skills.ts'
import { openState, openTranscripts, writeOlderState } from './rows.ts'
import { writeSessionFiles } from './session-files.ts'
import type { DemoBox } from './spec.ts'
import { writeConfig } from './write-config.ts'
import { writeLog } from './write-log.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const gatewayPid = 612
const sessionId = '5f0c7c1e-3d1b-4b52-9a3e-0c8f4f1f2a77'

/** Fills one HOME with a machine and its agent as they stand at `atMs` of the made-up days. What is there already is written over. */
export function writeHome(home: string, box: DemoBox, atMs: number, morning: Morning): void {
  mkdirSync(path.join(home, '.demo', 'root', 'tmp'), { recursive: true })
  const state = path.join(home, '.openclaw')
  for (const name of ['state', 'agents']) rmSync(path.join(state, name), { recursive: true, force: true })
  for (const name of ['state', 'workspace', 'agents/main/agent', 'agents/main/sessions']) {
    mkdirSync(path.join(state, name), { recursive: true })
  }
  const life = lifeOf(box, atMs, morning)
  const installedMs = morning.nowMs - 26 * dayMs
  writeMachine(home, machineOf(box, life))
  writeJson(home, '.demo/gateway.json', gatewayOf(box, life, atMs))
  const configHash = writeConfig(home, configOf(box, home), installedMs)
  writeInstall(home, box, atMs, morning)
  writeOwnSkills(home, box, atMs, morning)
  writeService(home, box)
  writeLock(home, life.startedMs)
  writePlugin(home, box)
  const exchanges = exchangesOf(box, atMs, life)
  writeState(home, box, { ...life, exchanges, atMs, configHash })
  if (box.agent.version === '2026.6.11')
    writeSessionFiles(path.join(state, 'agents/main/sessions'), exchanges, box.box.name)
  else writeTranscripts(path.join(state, 'agents/main/agent/openclaw-agent.sqlite'), box, exchanges)
  writeLog(home, box, atMs, morning, {
    exchanges: everExchanged(box, atMs, morning, life, exchanges),
    bootedMs: life.bootedMs,
    sessionId,
  })
  writeMeddling(home, box, atMs, morning)
}

/** What was exchanged until now, as it stood at each moment: the first morning's messages do not move afterwards. */
function everExchanged(
  box: DemoBox,
  atMs: number,
  { nowMs }: Morning,
  life: Life,
  now: readonly Exchange[],
): readonly Exchange[] {
  const first = exchangesOf(box, nowMs, life)
  return [...first.filter((each) => each.atMs <= atMs), ...now.filter((each) => each.atMs > nowMs)]
}

function writeJson(home: string, name: string, value: unknown): void {
  writeFileSync(path.join(home, name), `${JSON.stringify(value, null, 2)}\n`)
}

function machineOf({ box, machine, trouble }: DemoBox, life: Life): Machine {
  const linux = machine.platform === 'linux'
  return {
    reach: life.reach,
    hostKey: life.hostKey,
    platform: machine.platform,
    hostName: linux ? box.name : `${box.name}.local`,
    osName: machine.osName,
    osRelease: machine.osRelease,
    arch: machine.arch,
    user: box.user,
    node: { version: machine.nodeVersion, path: linux ? '/usr/bin/node' : '/opt/homebrew/bin/node' },
    bootedAtMs: life.bootedMs,
    clockSkewMs: 0,
    disk: machine.disk,
    session: life.loggedIn ? box.user : null,
    encrypted: true,
    sleeps: false,
    users: [
      { name: box.user, uid: linux ? 1000 : 501, isAdmin: true },
      ...(trouble === 'changed-by-kevin' ? [{ name: 'kevin', uid: 502, isAdmin: false }] : []),
    ],
    logins: [
      ...life.visits,
      ...(life.loggedIn ? [{ user: box.user, from: '', atMs: life.bootedMs + 60_000, untilMs: null }] : []),
    ],
    running: linux ? ['systemd', 'sshd', 'node'] : ['launchd', 'WindowServer', 'Finder', 'node'],
    commands: {},
  }
}

function gatewayOf({ agent }: DemoBox, { running, startedMs, suppressed }: Life, atMs: number): Gateway {
  return {
    running,
    port: gatewayPort,
    pid: gatewayPid,
    startedAtMs: startedMs,
    version: agent.version,
    answers: {
      '/healthz': { ok: true, status: 'live' },
      '/startupz': { version: agent.version },
      '/readyz': {
        ready: true,
        failing: [],
        suppressed: suppressed ? [agent.channel] : [],
        uptimeMs: atMs - startedMs,
      },
    },
  }
}

/** What keeps the gateway alive: a LaunchAgent, or a user unit of systemd. */
function writeService(home: string, box: DemoBox): void {
  const entry = path.join(home, installFolder(box), 'openclaw.mjs')
  if (box.machine.platform === 'darwin') {
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

function exchangesOf({ agent, box, client }: DemoBox, atMs: number, { broken }: Life): Exchange[] {
  if (agent.channel === null) return []
  return makeExchanges({
    nowMs: atMs,
    timeZone: client?.timeZone ?? 'UTC',
    perDay: agent.perDay,
    broken,
    seed: box.name,
  })
}

/** Telegram comes with the package; other channels are plugins of their own (openclaw.md §0). */
function writePlugin(home: string, box: DemoBox): void {
  const { agent } = box
  if (agent.channel === null) return
  const folder =
    agent.channel === 'telegram'
      ? `${installFolder(box)}/dist/extensions/telegram`
      : '.openclaw/npm/projects/openclaw-imessage'
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

interface Lived extends Life {
  readonly exchanges: readonly Exchange[]
  readonly atMs: number
  readonly configHash: string
}

function writeState(home: string, box: DemoBox, { exchanges, atMs, configHash, ...life }: Lived): void {
  const file = path.join(home, '.openclaw/state/openclaw.sqlite')
  const nightly = { id: 'nightly', atMs: nightBefore(life.running ? atMs : life.bootedMs), ok: true }
  if (box.agent.version === '2026.6.11') {
    writeOlderState(file, nightly)
    return
  }
  const state = openState(file)
  const { channel } = box.agent
  const sender = box.client?.handles[0]?.value ?? ''
  for (const { atMs, replyAtMs, outcome } of exchanges) {
    if (channel === null) continue
    const id = `${box.box.name}-${atMs}`
    const taken = outcome !== 'unanswered'
    state.inbound({ id, channel, lane: `${channel}:${sender}`, atMs, doneAtMs: taken ? replyAtMs : null, error: null })
    if (taken)
      state.run({ id, sessionId, channel, startedAtMs: atMs + 400, endedAtMs: replyAtMs, failed: outcome === 'failed' })
  }
  for (const [number, boot] of life.boots.entries())
    state.boot({
      id: `boot-${number}`,
      pid: gatewayPid,
      ...boot,
      outcome: boot.endedAtMs === null ? null : 'clean_stop',
    })
  state.loadedConfig({
    configPath: path.join(home, '.openclaw/openclaw.json'),
    hash: configHash,
    atMs: life.startedMs,
  })
  state.backup(nightly)
  state.close()
}

/** Backups are made at two in the morning. */
function nightBefore(atMs: number): number {
  const two = DateTime.fromMillis(atMs).set({ hour: 2, minute: 0, second: 0, millisecond: 0 })
  return (two.toMillis() < atMs - hourMs ? two : two.minus({ days: 1 })).toMillis()
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
    if (outcome === 'unanswered') continue
    for (const used of toolUse(agent.programs, number, replyAtMs))
      rows.event({ sessionId, atMs: replyAtMs, event: used })
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

/** One exchange in three looks something up; on the box, a call and its result stand before the answer. */
function toolUse(programs: readonly string[] | undefined, number: number, atMs: number): unknown[] {
  const command = programs?.[Math.floor(number / 3) % programs.length]
  if (command === undefined || number % 3 !== 0) return []
  const id = `call-${number}`
  const call = { type: 'toolCall', id, name: 'exec', arguments: { command } }
  const result = { toolCallId: id, toolName: 'exec', isError: false, details: { status: 'completed', exitCode: 0 } }
  return [
    line(`t${number}`, atMs - 2000, {
      role: 'assistant',
      content: [call],
      stopReason: 'toolUse',
      timestamp: atMs - 2000,
    }),
    line(`r${number}`, atMs - 1000, {
      role: 'toolResult',
      ...result,
      content: [{ type: 'text', text: '(made up)' }],
      timestamp: atMs - 1000,
    }),
  ]
}

const refused = { content: [], stopReason: 'error', errorMessage: '401 invalid api key' }
const line = (id: string, atMs: number, message: unknown) => ({
  type: 'message',
  id,
  parentId: null,
  timestamp: new Date(atMs).toISOString(),
  message,
})
