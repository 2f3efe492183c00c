/**
 * Our side of the benchmark in a process of its own, so that its memory is its own: store, inventory, trust, the real
 * `ssh` and `onbox`. Asked over IPC by `sweep.ts`.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { createChanges } from '../main/base/changes.ts'
import { systemClock } from '../main/base/clock.ts'
import { silentLog } from '../main/base/log.ts'
import { keepHeapSmall } from '../main/engine/small-heap.ts'
import { createInventory } from '../main/inventory/inventory.ts'
import { createLedger } from '../main/ledger/ledger.ts'
import { commandFor } from '../main/onbox/bootstrap.ts'
import { createOnbox } from '../main/onbox/onbox.ts'
import { createSsh } from '../main/ssh/ssh.ts'
import { noVault } from '../main/ssh/vault.ts'
import { openStore } from '../main/store/store.ts'
import type { BoxId } from '../shared/contract/index.ts'
import type { Timed } from './peers.ts'
import { oneLineInput, probeRequest } from './remote.ts'

export interface OursSetup {
  readonly boxes: readonly { readonly host: string; readonly port: number }[]
  readonly user: string
  readonly keyPath: string
  readonly hostKey: string
  readonly fingerprint: string
  readonly boxProgramsDir: string
  readonly atOnce: number
  /** Connections and programs that stay; null: as many as the product keeps. */
  readonly mostWarm: number | null
}
export type OursTask = 'one-line-cold' | 'probe-cold' | 'probe-warm' | 'cool-down'
export type OursAsked = { setup: OursSetup } | { task: OursTask; patienceMs: number } | { end: true }
export interface OursAnswer extends Timed {
  /** When the last box that answered had answered. */
  readonly lastGoodMs: number
  readonly peakRssBytes: number
  readonly firstFailure: string
}

/** `VmHWM` of proc(5). `ru_maxrss` would not do: it starts with what the parent had at the fork. */
function peakRss(): number {
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

function compose(setup: OursSetup) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'wheelhouse-bench-'))
  const clock = systemClock
  const log = silentLog
  const changes = createChanges()
  const store = openStore({ dataDir, clock, log, writable: true })
  const ledger = createLedger({ store, clock, log })
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: dataDir })
  const most = setup.mostWarm ?? undefined
  const ssh = createSsh({
    store,
    ledger,
    inventory,
    clock,
    log,
    changes,
    vault: noVault('bench'),
    homeDir: dataDir,
    maxWarm: most,
  })
  const onbox = createOnbox({ ssh, inventory, clock, log, boxProgramsDir: setup.boxProgramsDir, mostWarm: most })
  const boxIds = setup.boxes.map(({ host, port }, index) => {
    const { box } = inventory.addBox({
      name: `box-${index}`,
      host,
      port,
      user: setup.user,
      auth: { kind: 'key', path: setup.keyPath },
    })
    ssh.accept(
      box.boxId,
      { boxId: box.boxId, algorithm: 'ssh-ed25519', key: setup.hostKey, fingerprint: setup.fingerprint },
      'the benchmark',
    )
    inventory.setLauncher(box.boxId, 'node')
    return box.boxId
  })
  const coolDown = () => {
    onbox.close()
    ssh.close()
  }

  async function oneLine(boxId: BoxId, deadlineMs: number): Promise<void> {
    const connection = await ssh.open(boxId, { deadlineMs })
    try {
      const channel = await connection.start(commandFor('node'), { deadlineMs })
      await channel.write(oneLineInput)
      let text = ''
      for await (const chunk of channel.output) text += chunk.toString()
      if (!text.includes('"node"')) throw new Error(`no answer: ${channel.errorTail()}`)
    } finally {
      connection.release()
    }
  }

  async function sweep(ask: (boxId: BoxId) => Promise<unknown>): Promise<OursAnswer> {
    const limit = pLimit(setup.atOnce)
    const from = performance.now()
    let failures = 0
    let lastGoodMs = 0
    let firstFailure = ''
    await Promise.all(
      boxIds.map((boxId) =>
        limit(async () => {
          try {
            await ask(boxId)
            lastGoodMs = performance.now() - from
          } catch (error) {
            failures++
            firstFailure ||=
              error instanceof Error
                ? JSON.stringify((error as { fault?: unknown }).fault ?? error.message)
                : String(error)
          }
        }),
      ),
    )
    const ms = performance.now() - from
    return { ms, failures, lastGoodMs, firstFailure, peakRssBytes: peakRss() }
  }

  return {
    async run(task: OursTask, deadlineMs: number): Promise<OursAnswer> {
      if (task !== 'probe-warm') coolDown()
      if (task === 'one-line-cold') return sweep((boxId) => oneLine(boxId, deadlineMs))
      if (task === 'cool-down') return sweep(async () => {})
      return sweep((boxId) => onbox.probe(boxId, probeRequest, { deadlineMs }))
    },
    end() {
      coolDown()
      store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

keepHeapSmall()
let ours: ReturnType<typeof compose> | null = null
process.on('message', async (asked: OursAsked) => {
  if ('setup' in asked) {
    ours = compose(asked.setup)
    process.send?.({ ready: true })
  } else if ('end' in asked) {
    ours?.end()
    process.exit(0)
  } else {
    process.send?.(await ours?.run(asked.task, asked.patienceMs))
  }
})
