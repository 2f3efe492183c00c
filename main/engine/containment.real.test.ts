import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AgentId, ApplyJob, Cause } from '../../shared/contract/index.ts'
import { type FakeProvider, fakeSettings, startFakeProvider } from '../testing/fake-provider.ts'
import { installOpenclaw, type RunningGateway, startGateway } from '../testing/openclaw.ts'
import { type RealBox, startRealBox } from '../testing/real-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine } from './engine.ts'

const [dana, stranger, another] = [111222, 999888, 999777]
const patient = { timeout: 120_000, interval: 500 }

/** Messages go through a real gateway; whom it answered is read from its own store behind a real sshd. */
describe.each(['2026.9.6', '2026.6.11'] as const)(
  'a client’s bot with OpenClaw %s that answers everyone',
  (version) => {
    const folders = [tempDir(), tempDir()]
    let engine: Engine
    let provider: FakeProvider
    let box: RealBox
    let gateway: RunningGateway
    let agentId: AgentId

    const answersTo = (person: number) => provider.sent.filter(({ chat }) => chat === String(person)).length
    const sweep = async (): Promise<void> => {
      const { sweepId } = await engine.client.sweep.start({ boxIds: [box.boxId] })
      for await (const { state } of await engine.client.sweep.watch({ sweepId })) if (state !== 'running') return
    }
    const redsAfterSweep = async (): Promise<Cause[]> => {
      await sweep()
      const findings = await engine.client.findings.ofBox({ boxId: box.boxId })
      return findings.flatMap(({ open, severity, cause }) => (open && severity === 'red' ? [cause] : []))
    }
    const wildcard = async () => {
      const [check] = await engine.client.rules.check({ boxId: box.boxId })
      return check?.verdicts.find(({ ruleId }) => ruleId === 'no-wildcard')?.state
    }

    beforeAll(async () => {
      const [dataDir = '', homes = ''] = folders
      const install = await installOpenclaw(version)
      engine = await testEngine(dataDir)
      provider = await startFakeProvider()
      await engine.client.app.setSettings({ boxDeadlineS: 120, askRegistry: false })
      const handles = [{ kind: 'telegram' as const, value: String(dana), label: 'Dana', trust: 'proved' as const }]
      const { client } = await engine.client.inventory.addClient({ name: 'Bright Roofing', handles })
      // The older version answers one message a conversation and start, so each person has their own.
      const settings = { ...fakeSettings(provider.url, ['*']), session: { dmScope: 'per-channel-peer' } }
      const fields = { clientId: client.clientId }
      box = await startRealBox(engine, homes, { name: 'bright', entry: install.entry, settings, fields })
      gateway = await startGateway(install, box.home, box.port)
      expect(await engine.client.apply.drill({ boxId: box.boxId })).toMatchObject({ proven: true })
    }, 900_000)

    afterAll(async () => {
      await engine?.close()
      await gateway?.kill()
      await box?.stop()
      await provider?.stop()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    }, 120_000)

    test('is found by whom it answered, and one key lets in the client alone', async () => {
      provider.message(stranger, 'Are you open today?')
      await expect.poll(() => answersTo(stranger), patient).toBeGreaterThan(0)

      await expect
        .poll(redsAfterSweep, patient)
        .toEqual(expect.arrayContaining(['strangers-answered', 'answers-everyone']))
      expect(await wildcard()).toBe('broken')
      agentId = (await engine.client.inventory.agents({ boxId: box.boxId }))[0]!.agentId

      const fix = await engine.client.apply.previewFix({ agentId })
      expect(fix).toMatchObject({ why: '', notes: [], answers: [`Telegram answers ${dana}; no groups.`] })
      expect(fix.fixed).toEqual(expect.arrayContaining(['own-people', 'no-wildcard']))
      const started = await engine.client.apply.fix({ agentId, hash: fix.hash })
      let job: ApplyJob = started
      for await (const next of await engine.client.apply.watch({ applyId: started.applyId })) job = next
      expect(job).toMatchObject({ outcome: 'changed', words: 'The agent uses the new config.' })

      provider.message(another, 'Are you open today?')
      provider.message(dana, 'Are we open today?')
      await expect.poll(() => answersTo(dana), patient).toBeGreaterThan(0)
      // Telegram hands messages over in their order: hers came after the stranger's.
      expect(answersTo(another)).toBe(0)

      await expect.poll(redsAfterSweep, patient).not.toContain('answers-everyone')
      expect(await wildcard()).toBe('holds')
      // Who was answered has still to be called.
      expect(await redsAfterSweep()).toContain('strangers-answered')
      expect(await engine.client.apply.previewFix({ agentId })).toMatchObject({ hash: '', fixed: [] })
    }, 600_000)
  },
)
