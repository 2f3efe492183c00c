import { mkdirSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createFindings } from '../findings/findings.ts'
import { createInventory } from '../inventory/inventory.ts'
import { createLedger } from '../ledger/ledger.ts'
import { defaultSettings, openStore } from '../store/store.ts'
import { countsNothing, noGit } from '../testing/no-git.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { tempDir } from '../testing/temp-store.ts'
import { createFacts } from './facts.ts'

/** A console of its own that sweeps six boxes, of which three answer and three never do. */
const script = (dataDir: string) => `
  import { createChanges } from '${moduleUrl('main/base/changes.ts')}'
  import { systemClock as clock } from '${moduleUrl('main/base/clock.ts')}'
  import { silentLog as log } from '${moduleUrl('main/base/log.ts')}'
  import { createFacts } from '${moduleUrl('main/facts/facts.ts')}'
  import { createFindings } from '${moduleUrl('main/findings/findings.ts')}'
  import { createInventory } from '${moduleUrl('main/inventory/inventory.ts')}'
  import { createLedger } from '${moduleUrl('main/ledger/ledger.ts')}'
  import { openStore, defaultSettings } from '${moduleUrl('main/store/store.ts')}'
  import { countsNothing, noGit } from '${moduleUrl('main/testing/no-git.ts')}'
  import { sampleObserved } from '${moduleUrl('main/testing/observed-sample.ts')}'
  const store = openStore({ dataDir: ${JSON.stringify(dataDir)}, clock, log, writable: true })
  const changes = createChanges()
  const ledger = createLedger({ store, clock, log })
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: '/' })
  for (let n = 1; n <= 6; n++) inventory.addBox({ name: 'box-' + n, host: 'h' + n })
  const findings = createFindings({ store, ledger, inventory, clock, changes, workflowsOf: () => [] })
  const onbox = { probe: async (boxId) => Number(inventory.box(boxId).name.slice(4)) <= 3 ? sampleObserved(clock.nowMs()) : new Promise(() => {}), count: countsNothing }
  const facts = createFacts({ store, ledger, inventory, findings, onbox, git: noGit, clock, changes, log,
    settings: () => ({ ...defaultSettings, askRegistry: false }), testHandles: () => [], judgeMore: () => [] })
  const sweepId = facts.sweeps.start({ reason: 'operator' })
  for await (const progress of facts.sweeps.watch(sweepId)) if (progress.done === 3) console.log('three are in')
`

test('an engine killed in the middle of a sweep: what landed is there, the sweep is interrupted and not resumed', async () => {
  const dataDir = tempDir()
  mkdirSync(dataDir, { recursive: true })
  const child = spawnScript(script(dataDir))
  await child.says('three are in')
  child.process.kill('SIGKILL')
  expect((await child.ended).signal).toBe('SIGKILL')

  const store = openStore({ dataDir, clock: systemClock, log: silentLog, writable: true })
  try {
    const changes = createChanges()
    const ledger = createLedger({ store, clock: systemClock, log: silentLog })
    const inventory = createInventory({ store, ledger, changes, clock: systemClock, homeDir: dataDir })
    const findings = createFindings({ store, ledger, inventory, clock: systemClock, changes, workflowsOf: () => [] })
    const asked: string[] = []
    const facts = createFacts({
      store,
      ledger,
      inventory,
      findings,
      onbox: {
        probe: async (boxId) => {
          asked.push(boxId)
          throw new Error('nobody asked for a sweep')
        },
        count: countsNothing,
      },
      git: noGit,
      clock: systemClock,
      changes,
      log: silentLog,
      settings: () => ({ ...defaultSettings, askRegistry: false }),
      testHandles: () => [],
      judgeMore: () => [],
    })
    const current = facts.sweeps.current()
    expect(current).toMatchObject({ state: 'interrupted', total: 6, done: 3, swept: 3 })
    expect(current?.endedAtMs).not.toBeNull()
    const landed = inventory.boxes().map((box) => [box.name, facts.ofBox(box.boxId).length > 30])
    expect(Object.fromEntries(landed)).toEqual({
      'box-1': true,
      'box-2': true,
      'box-3': true,
      'box-4': false,
      'box-5': false,
      'box-6': false,
    })
    expect(ledger.verify().intact).toBe(true)
    await facts.sweeps.idle()
    expect(asked).toEqual([])
  } finally {
    store.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
