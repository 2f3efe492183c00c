import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterKevin, configOf } from './config.ts'
import { writeConfig } from './home.ts'
import { type Machine, readMachine } from './machine.ts'
import { openState } from './rows.ts'
import type { DemoBox } from './spec.ts'

/** Lets the trouble of a box begin that was well while it was enrolled. Only files of its HOME change. */
export function beginTrouble(home: string, box: DemoBox, nowMs: number): void {
  if (box.trouble === 'offline') editMachine(home, { reach: 'unreachable' })
  if (box.trouble === 'changed-host-key') editMachine(home, { hostKey: `another host key of ${box.box.name}` })
  if (box.trouble === 'node-gone') editMachine(home, { node: null })
  if (box.trouble === 'broken-config') cutConfig(home)
  if (box.trouble === 'changed-by-kevin') letKevinIn(home, box, nowMs)
}

function editMachine(home: string, changes: Partial<Machine>): void {
  writeFileSync(
    path.join(home, '.demo/system.json'),
    `${JSON.stringify({ ...readMachine(home), ...changes }, null, 2)}\n`,
  )
}

/** A write that ended in the middle because the disk was full. */
function cutConfig(home: string): void {
  const file = path.join(home, '.openclaw/openclaw.json')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.slice(0, Math.floor(text.length / 2)))
}

/** Kevin edits the config of a running agent; OpenClaw's own audit writes down who did. */
function letKevinIn(home: string, box: DemoBox, nowMs: number): void {
  const before = createHash('sha256')
    .update(`${JSON.stringify(configOf(box, home), null, 2)}\n`)
    .digest('hex')
  const after = writeConfig(home, afterKevin(configOf(box, home)), nowMs)
  const state = openState(path.join(home, '.openclaw/state/openclaw.sqlite'))
  state.loadedConfig({ configPath: path.join(home, '.openclaw/openclaw.json'), hash: after, atMs: nowMs })
  state.configWrite({
    id: 'kevin',
    atMs: nowMs,
    payload: {
      ts: new Date(nowMs).toISOString(),
      source: 'config-io',
      event: 'config.write',
      configPath: path.join(home, '.openclaw/openclaw.json'),
      pid: 9021,
      cwd: '/Users/kevin',
      argv: ['/opt/homebrew/bin/node', '/Users/kevin/bin/openclaw', 'config', 'patch', '--stdin'],
      previousHash: before,
      nextHash: after,
      changedPathCount: 2,
      changedPaths: ['agents.defaults.model.primary', 'channels.imessage.allowFrom'],
    },
  })
  state.close()
}
