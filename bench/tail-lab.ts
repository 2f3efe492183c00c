import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Engine } from '../main/engine/engine.ts'
import { startSshdFleet } from '../main/testing/sshd-box.ts'
import type { BoxId } from '../shared/contract/index.ts'

/** One process writes all logs, so that none of it is counted as ours; a message changes its pace. */
const writer = `
const fs = require('fs')
const [perSecond, ...files] = process.argv.slice(1)
const handles = files.map((file) => fs.openSync(file, 'a'))
let pace = Number(perSecond)
let due = 0
let at = performance.now()
let written = 0
process.on('message', (next) => { pace = next })
process.on('disconnect', () => process.exit())
setInterval(() => {
  const now = performance.now()
  due += ((now - at) / 1000) * pace
  at = now
  for (const handle of handles) {
    let text = ''
    for (let number = written; number < Math.floor(due); number++) {
      const time = new Date().toISOString()
      const words = 'embedded run agent step ' + number + ': provider answered in ' + (number % 900) + 'ms, 3 tools, cache hit'
      text += JSON.stringify({ 0: JSON.stringify({ subsystem: 'agent/embedded' }), 1: words, _meta: { runtime: 'node', hostname: 'unknown', date: time, logLevelId: 3, logLevelName: 'INFO' }, time, runId: 'run-' + (number >> 6), message: words }) + '\\n'
    }
    fs.writeSync(handle, text)
  }
  written = Math.floor(due)
}, 20)`

/** Real sshd boxes, each with the log of a runtime; `await using` it. */
export interface TailLab {
  readonly dir: string
  /** Adds the boxes to the inventory and trusts them. */
  enter(engine: Engine): Promise<BoxId[]>
  /** Lines a second that each box writes from now on. */
  write(perSecond: number): void
  close(): Promise<void>
}

const givingWay = 15

export async function startTailLab(machines: number): Promise<TailLab> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-tails-'))
  const bin = path.join(dir, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, path.join(bin, 'node'))
  const fleet = await startSshdFleet(machines, { env: () => ({ PATH: `${bin}:/usr/bin:/bin` }) })
  // The boxes are other computers in truth: what runs on them gives way to what is measured.
  for (const pid of fleet.pids) os.setPriority(pid, givingWay)
  const files = fleet.boxes.map(({ home }) => {
    const log = path.join(home, 'openclaw.log')
    mkdirSync(path.join(home, '.openclaw'), { recursive: true })
    writeFileSync(path.join(home, '.openclaw/openclaw.json'), JSON.stringify({ logging: { file: log } }))
    return log
  })
  let child: ChildProcess | null = null
  return {
    dir,
    async enter({ client }) {
      const boxIds: BoxId[] = []
      for (const [at, { host, port }] of fleet.boxes.entries()) {
        const { user, keyPath } = fleet
        const auth = { kind: 'key' as const, path: keyPath }
        const { boxId } = (await client.inventory.addBox({ name: `box-${at}`, host, port, user, auth })).box
        const { fingerprint } = await client.trust.offeredKey({ boxId })
        await client.trust.accept({ boxId, fingerprint })
        boxIds.push(boxId)
      }
      return boxIds
    },
    write(perSecond) {
      const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as ['ignore', 'ignore', 'inherit', 'ipc']
      if (child) child.send(perSecond)
      else {
        child = spawn(process.execPath, ['-e', writer, String(perSecond), ...files], { stdio })
        if (child.pid !== undefined) os.setPriority(child.pid, givingWay)
      }
    },
    async close() {
      child?.kill()
      await fleet.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
