import path from 'node:path'
import { systemClock } from '../main/base/clock.ts'
import { silentLog } from '../main/base/log.ts'
import { startDemoFleet } from '../main/demo/demo.ts'
import { networkError } from '../main/demo/embedded-box.ts'
import { demoFleet } from '../main/demo/fleet.ts'
import { createEngine } from '../main/engine/engine.ts'
import { noVault } from '../main/ssh/vault.ts'
import type { ImportRow } from '../shared/contract/index.ts'

/** So many machines answer and have facts; the others refuse and have a finding. */
const answering = 24

/** A data folder as an operator of `machines` boxes has it: clients, boxes, one sweep. */
export async function fillStore(dataDir: string, machines: number): Promise<void> {
  const fleet = await startDemoFleet({ dataDir, clock: systemClock, log: silentLog, history: false })
  const model = (index: number) => {
    const found = demoFleet[index % demoFleet.length]
    if (!found) throw new Error('the demo fleet is empty')
    return found
  }
  const engine = await createEngine({
    version: '0.0.0',
    dataDir,
    boxProgramsDir: path.resolve(import.meta.dirname, '../out/box'),
    clock: systemClock,
    log: silentLog,
    vault: noVault('the benchmark'),
    demo: false,
    readOnly: false,
    host: 'cli',
    homeDir: dataDir,
    dial: async (host, port, wait) => {
      const index = Number(/^box-(\d+)\.demo$/.exec(host)?.[1])
      if (!(index < answering)) throw networkError('ECONNREFUSED')
      return fleet.dial(model(index).box.host, port, wait)
    },
  })
  const { client } = engine
  await client.app.setSettings({ askRegistry: false, sweepAt: [] })
  // One transaction: a thousand single ones would wait for the disk a thousand times.
  const rows = Array.from({ length: machines }, (_, index): ImportRow => {
    const { box, client: owner } = model(index)
    return {
      line: index + 1,
      name: `box-${index}`,
      clientName: `${owner?.name ?? 'Client'} ${index}`,
      hopNames: [],
      problems: [],
      duplicateOf: null,
      box: {
        name: `box-${index}`,
        host: `box-${index}.demo`,
        port: 22,
        user: box.user,
        auth: { kind: 'key', path: path.join(dataDir, 'demo/id_ed25519') },
        ring: 'rest',
        expectedOn: { kind: 'always' },
        jumpOnly: false,
        keepAliveS: null,
      },
    }
  })
  await client.inventory.importRows({ rows })
  for (const { boxId, name } of await client.inventory.boxes()) {
    if (Number(name.slice(4)) >= answering) continue
    const { fingerprint } = await client.trust.offeredKey({ boxId })
    await client.trust.accept({ boxId, fingerprint })
  }
  const { sweepId } = await client.sweep.start({})
  for await (const progress of await client.sweep.watch({ sweepId })) if (progress.state !== 'running') break
  await engine.close()
  await fleet.close()
}
