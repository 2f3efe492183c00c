import { rmSync } from 'node:fs'
import path from 'node:path'
import { type Clock, systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { type DemoFleet, startDemoFleet } from '../demo/demo.ts'
import { demoFleet } from '../demo/fleet.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { noVault } from '../ssh/vault.ts'
import { tempDir } from './temp-store.ts'

/** What each demo box is in trouble with on its morning. */
export const demoTroubles: Readonly<Record<string, readonly string[]>> = {
  'harbor-mini': ['model-refused'],
  'lakeside-mini': ['answers-everyone', 'changed-outside'],
  'nolan-mini': ['offline'],
  'peak-mini': ['behind', 'code-behind', 'code-edited'],
  'bright-mini': ['changed-outside'],
  'cove-mini': ['nobody-logged-in'],
  'delta-mini': ['changed-outside', 'config-invalid'],
  'elm-mini': ['key-changed'],
  'alder-mini': ['changed-outside', 'wedged'],
  'grant-box': ['behind'],
  'fox-mini': [],
  'lab-mini': [],
}

/** The demo on a clock that stood at a given moment when it was opened, with its past made and not yet swept since. */
export interface DemoLab {
  readonly engine: Engine
  readonly clock: Clock
  fleet(): DemoFleet
  sweep(): Promise<void>
  /** Open causes by box name, sorted. */
  causes(): Promise<Record<string, string[]>>
  /** The boxes whose open causes are not those of the demo's morning, a line each with what says so. */
  unlikeItsMorning(): Promise<string[]>
  /** Ends the boxes and starts them again on the same data. */
  restartBoxes(): Promise<void>
  close(): Promise<void>
}

export async function openDemo(nowMs: number): Promise<DemoLab> {
  const dataDir = tempDir()
  const aheadMs = nowMs - systemClock.nowMs()
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs }
  const start = () => startDemoFleet({ dataDir, clock, log: silentLog })
  let fleet = await start()
  const engine = await createEngine({
    version: '0.0.0',
    dataDir,
    boxProgramsDir: path.resolve('out/box'),
    clock: fleet.clock,
    log: silentLog,
    vault: noVault('a test'),
    demo: true,
    readOnly: false,
    host: 'cli',
    dial: (...asked) => fleet.dial(...asked),
    homeDir: dataDir,
  })
  // Twelve machines, the console and the other tests share this computer: a slow answer is no silence here.
  await engine.client.app.setSettings({ boxDeadlineS: 180 })
  await fleet.seed(engine)
  const open = async () => {
    const { items } = await engine.client.pages.review()
    return items.flatMap(({ finding, others }) => [finding, ...others])
  }
  const sweep = async () => {
    const { sweepId } = await engine.client.sweep.start({})
    for await (const progress of await engine.client.sweep.watch({ sweepId })) if (progress.state !== 'running') return
  }
  const found = async () => {
    const byBox = Map.groupBy(await open(), ({ boxName }) => boxName)
    return demoFleet.map(({ box }) => ({ name: box.name, findings: byBox.get(box.name) ?? [] }))
  }
  const causesOf = (findings: Awaited<ReturnType<typeof open>>) => findings.map(({ cause }) => cause).sort()
  return {
    engine,
    clock,
    fleet: () => fleet,
    sweep,
    causes: async () => Object.fromEntries((await found()).map(({ name, findings }) => [name, causesOf(findings)])),
    unlikeItsMorning: async () =>
      (await found()).flatMap(({ name, findings }) =>
        causesOf(findings).join() === demoTroubles[name]!.join()
          ? []
          : [`${name}: ${findings.map(({ cause, detail }) => `${cause} (${detail})`).join(', ') || 'nothing'}`],
      ),
    async restartBoxes() {
      await fleet.close()
      fleet = await start()
      await fleet.seed(engine)
    },
    async close() {
      await engine.close()
      await fleet.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
