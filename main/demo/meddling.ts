import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterKevin, afterPriya, configOf } from './config.ts'
import { ed25519 } from './keys.ts'
import { readMachine, writeMachine } from './machine.ts'
import type { Morning } from './morning.ts'
import { openState } from './rows.ts'
import type { DemoBox } from './spec.ts'
import { date, writeConfig } from './write-config.ts'

const keysFile = '.ssh/authorized_keys'

/** What people did to a machine themselves, as far as it had happened at `atMs`. */
export function writeMeddling(home: string, box: DemoBox, atMs: number, morning: Morning): void {
  writeLoginKeys(home, morning.setUpMs)
  if (box.trouble === 'changed-by-kevin' && atMs >= morning.kevinMs) letKevinIn(home, box, morning.kevinMs)
  if (box.trouble === 'answers-everyone' && atMs >= morning.openedMs) letPriyaOpen(home, box, morning.openedMs)
  if (box.trouble === 'broken-config' && atMs >= morning.configCutMs) cutConfig(home, morning.configCutMs)
}

const keyLine = (seed: string, comment: string) => `ssh-ed25519 ${ed25519(seed).publicBlob} ${comment}\n`

function writeLoginKeys(home: string, atMs: number): void {
  mkdirSync(path.join(home, '.ssh'), { recursive: true, mode: 0o700 })
  writeFileSync(path.join(home, keysFile), keyLine('the operator of the demo', 'operator@wheelhouse'), { mode: 0o600 })
  date(path.join(home, keysFile), atMs)
}

/** A write that ended in the middle because somebody pulled the plug. */
function cutConfig(home: string, atMs: number): void {
  const file = path.join(home, '.openclaw/openclaw.json')
  const text = readFileSync(file, 'utf8')
  // The runtime keeps what it took last.
  writeFileSync(`${file}.last-good`, text, { mode: 0o600 })
  writeFileSync(file, text.slice(0, Math.floor(text.length / 2)))
  date(file, atMs)
}

function letKevinIn(home: string, box: DemoBox, atMs: number): void {
  changeConfig(home, box, {
    after: afterKevin(configOf(box, home)),
    atMs,
    id: 'kevin',
    cwd: '/Users/kevin',
    argv: ['/opt/homebrew/bin/node', '/Users/kevin/bin/openclaw', 'config', 'patch', '--stdin'],
    changedPaths: ['agents.defaults.model.primary', 'agents.defaults.heartbeat.every'],
  })
  const machine = readMachine(home)
  const login = { user: 'kevin', from: '192.168.1.23', atMs: atMs - 300_000, untilMs: atMs + 900_000 }
  writeMachine(home, { ...machine, logins: [login, ...machine.logins] })
  appendFileSync(path.join(home, keysFile), keyLine('the key of kevin', 'kevin@kevins-laptop'))
  date(path.join(home, keysFile), atMs + 240_000)
}

function letPriyaOpen(home: string, box: DemoBox, atMs: number): void {
  changeConfig(home, box, {
    after: afterPriya(configOf(box, home)),
    atMs,
    id: 'priya',
    cwd: `/Users/${box.box.user}`,
    argv: [
      '/opt/homebrew/bin/node',
      '/opt/homebrew/bin/openclaw',
      'config',
      'set',
      'channels.imessage.allowFrom',
      '["*"]',
    ],
    changedPaths: ['channels.imessage.allowFrom'],
  })
}

interface Change {
  readonly after: Record<string, unknown>
  readonly atMs: number
  readonly id: string
  readonly cwd: string
  readonly argv: readonly string[]
  readonly changedPaths: readonly string[]
}

/** Somebody edits the config of a running agent, which takes it over; OpenClaw's own audit writes down who did. */
function changeConfig(home: string, box: DemoBox, change: Change): void {
  const configPath = path.join(home, '.openclaw/openclaw.json')
  const before = createHash('sha256')
    .update(`${JSON.stringify(configOf(box, home), null, 2)}\n`)
    .digest('hex')
  const after = writeConfig(home, change.after, change.atMs)
  const state = openState(path.join(home, '.openclaw/state/openclaw.sqlite'))
  state.loadedConfig({ configPath, hash: after, atMs: change.atMs })
  state.configWrite({
    id: change.id,
    atMs: change.atMs,
    payload: {
      ts: new Date(change.atMs).toISOString(),
      source: 'config-io',
      event: 'config.write',
      configPath,
      pid: 9021,
      cwd: change.cwd,
      argv: change.argv,
      previousHash: before,
      nextHash: after,
      changedPathCount: change.changedPaths.length,
      changedPaths: change.changedPaths,
    },
  })
  state.close()
}
