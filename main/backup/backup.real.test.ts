import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../engine/engine.ts'
import { backupEnd, sweepAll } from '../testing/backup-lab.ts'
import { installOpenclaw, openclawJson, type RunningGateway, startGateway } from '../testing/openclaw.ts'
import { type RealBox, startRealBox } from '../testing/real-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'

/** The backup of a real OpenClaw whose gateway runs, made over real sshd; its own command line says what that is worth. */
describe.each(['2026.9.6', '2026.6.11'] as const)('a backup by OpenClaw %s', (version) => {
  const cleanups: (() => unknown)[] = []
  let engine: Engine
  let box: RealBox
  let gateway: RunningGateway

  beforeAll(async () => {
    engine = await testEngine(tempDir())
    cleanups.push(() => engine.close())
    await engine.client.app.setSettings({ boxDeadlineS: 120, askRegistry: false })
    const { entry } = await installOpenclaw(version)
    box = await startRealBox(engine, tempDir(), { name: 'box', entry, settings: {} })
    cleanups.push(() => box.stop())
    gateway = await startGateway(box, box.home, box.port)
    cleanups.push(() => gateway.kill())
    await sweepAll(engine)
  }, 900_000)
  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  test('stands, is called whole by that OpenClaw, is the newest known, and the gateway goes on', async () => {
    const { runId } = await engine.client.backups.start({ boxIds: [box.boxId] })
    const [agent] = (await backupEnd(engine, runId)).agents
    expect([agent?.state, agent?.words]).toEqual(['made', 'The backup stands, and the runtime found it whole.'])
    const made = agent?.made
    if (!made) throw new Error('none')
    expect([made.runtimeVersion, statSync(made.archive).size]).toEqual([version, made.sizeBytes])
    const verified = await openclawJson<{ ok: boolean; entryCount: number }>(box, box.home, [
      'backup',
      'verify',
      made.archive,
      '--json',
    ])
    expect(verified).toMatchObject({ ok: true, entryCount: made.entries })
    expect(made.entries).toBeGreaterThan(3)
    const { facts } = await engine.client.pages.machine({ boxId: box.boxId })
    expect(facts.find(({ key }) => key === 'backup.last')).toMatchObject({ verdict: 'ok' })
    expect(facts.find(({ key }) => key === 'agent.ready')).toMatchObject({ verdict: 'ok' })
    const { verdicts } = (await engine.client.rules.check({ boxId: box.boxId }))[0] ?? { verdicts: [] }
    expect(verdicts.find(({ ruleId }) => ruleId === 'backup-fresh')).toMatchObject({ state: 'holds' })
  }, 300_000)
})
