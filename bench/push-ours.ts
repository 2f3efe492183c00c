/**
 * Our side of the push in a process of its own: store, inventory, trust, `ssh`, `onbox` and `apply`, as the engine puts
 * them together. Every change has its rows, its marker and timer on the box, and is confirmed. Asked over IPC by `push.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { createApply, usualTimes } from '../main/apply/apply.ts'
import { createChanges } from '../main/base/changes.ts'
import { systemClock } from '../main/base/clock.ts'
import { newId } from '../main/base/ids.ts'
import { silentLog } from '../main/base/log.ts'
import { keepHeapSmall } from '../main/engine/small-heap.ts'
import { createInventory } from '../main/inventory/inventory.ts'
import { createLedger } from '../main/ledger/ledger.ts'
import { createOnbox } from '../main/onbox/onbox.ts'
import { sha256OfFile } from '../main/runtimes/runtimes.ts'
import { createSsh } from '../main/ssh/ssh.ts'
import { noVault } from '../main/ssh/vault.ts'
import { openStore } from '../main/store/store.ts'
import type { ApplyId, ApplyJob } from '../shared/contract/index.ts'

export interface PushSetup {
  readonly boxes: readonly { readonly host: string; readonly port: number; readonly stateDir: string }[]
  readonly user: string
  readonly keyPath: string
  readonly hostKey: string
  readonly fingerprint: string
  readonly boxProgramsDir: string
  readonly atOnce: number
}
export type PushAsked = { setup: PushSetup } | { level: string } | { end: true }
export interface PushAnswer {
  readonly ms: number
  /** Changes that did not end as changed. */
  readonly failures: number
  readonly firstFailure: string
}

function compose(setup: PushSetup) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'wheelhouse-bench-'))
  const clock = systemClock
  const log = silentLog
  const changes = createChanges()
  const store = openStore({ dataDir, clock, log, writable: true })
  const ledger = createLedger({ store, clock, log })
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: dataDir })
  const ssh = createSsh({ store, ledger, inventory, clock, log, changes, vault: noVault('bench'), homeDir: dataDir })
  const onbox = createOnbox({ ssh, inventory, clock, log, boxProgramsDir: setup.boxProgramsDir })
  const apply = createApply({
    store,
    ledger,
    inventory,
    onbox,
    ssh,
    clock,
    changes,
    log,
    confirm: async () => true,
    lastRead: () => 'It was never read.',
    // A look at the machine afterwards is another question, which the other side does not ask.
    lookAt: () => {},
    times: usualTimes,
  })
  const proven = store.db.prepare(
    "insert into way_back (box_id, proven, tried_at_ms, words) values (?, 1, 0, 'The benchmark says so.')",
  )
  const agents = setup.boxes.map(({ host, port, stateDir }, index) => {
    const { boxId } = inventory.addBox({
      name: `box-${index}`,
      host,
      port,
      user: setup.user,
      auth: { kind: 'key', path: setup.keyPath },
    }).box
    ssh.accept(
      boxId,
      { boxId, algorithm: 'ssh-ed25519', key: setup.hostKey, fingerprint: setup.fingerprint },
      'the benchmark',
    )
    inventory.setLauncher(boxId, 'node')
    store.write(() => proven.run(boxId))
    return { boxId, agentId: inventory.seenAgent(boxId, { profile: 'default', stateDir }), stateDir }
  })

  async function push({ boxId, agentId, stateDir }: (typeof agents)[number], level: string): Promise<ApplyJob> {
    const applyId = newId<ApplyId>()
    const baseSha256 = sha256OfFile(path.join(stateDir, 'openclaw.json'))
    await apply.startAgreed({
      applyId,
      boxId,
      agentId,
      changes: [{ path: ['logging', 'level'], set: level }],
      baseSha256,
    })
    let last = apply.get(applyId)
    for await (const job of apply.watch(applyId)) last = job
    await apply.idle(boxId)
    return last
  }

  return {
    async run(level: string): Promise<PushAnswer> {
      const limit = pLimit(setup.atOnce)
      const from = performance.now()
      let failures = 0
      let firstFailure = ''
      await Promise.all(
        agents.map((agent) =>
          limit(async () => {
            const job = await push(agent, level).catch((error: unknown) => error)
            if ((job as Partial<ApplyJob>).outcome === 'changed') return
            failures++
            firstFailure ||=
              (job as Partial<ApplyJob>).words ?? JSON.stringify((job as { fault?: unknown }).fault ?? String(job))
          }),
        ),
      )
      const ms = performance.now() - from
      // The next push begins without connections, as the other side's does.
      ssh.drop()
      return { ms, failures, firstFailure }
    },
    async end() {
      await apply.close()
      onbox.close()
      ssh.close()
      store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

keepHeapSmall()
let ours: ReturnType<typeof compose> | null = null
process.on('message', async (asked: PushAsked) => {
  if ('setup' in asked) {
    ours = compose(asked.setup)
    process.send?.({ ready: true })
  } else if ('end' in asked) {
    await ours?.end()
    process.exit(0)
  } else process.send?.(await ours?.run(asked.level))
})
