import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { BoxId, Cause, Triage } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import { crashGateway } from '../testing/crash-gateway.ts'
import { type FakeProvider, fakeSettings, startFakeProvider } from '../testing/fake-provider.ts'
import {
  installOpenclaw,
  makeOpenclawHome,
  type OpenclawInstall,
  openclaw,
  type RunningGateway,
  startGateway,
} from '../testing/openclaw.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'

/** Beside tests of the other version: each has its own `expect`. */
const inTurn = { concurrent: false, timeout: 400_000 }

/** Real agents of both eras, at once, made quiet in different ways: each must be told by its own name, and alone. */
describe.concurrent.each(['2026.9.6', '2026.6.11'] as const)('an agent of %s that went quiet', (version) => {
  const folder = tempDir()
  const home = path.join(folder, 'home')
  let install: OpenclawInstall
  let provider: FakeProvider
  let sshd: SshdBox
  let engine: Engine
  let boxId: BoxId
  let gateway: RunningGateway | null = null
  let port = 0

  beforeAll(async () => {
    install = await installOpenclaw(version)
    provider = await startFakeProvider()
    const bin = path.join(home, 'bin')
    mkdirSync(bin, { recursive: true })
    symlinkSync(process.execPath, path.join(bin, 'node'))
    symlinkSync(install.entry, path.join(bin, 'openclaw'))
    port = await makeOpenclawHome(home, fakeSettings(provider.url, ['111']))
    sshd = await startSshdBox({ home, env: { PATH: `${bin}:/usr/bin:/bin` } })
    engine = await testEngine(path.join(folder, 'data'))
    await engine.client.app.setSettings({ boxDeadlineS: 120, askRegistry: false, lightSweepMinutes: 0 })
    const { box } = await engine.client.inventory.addBox({
      name: 'quiet',
      host: sshd.host,
      port: sshd.port,
      user: sshd.user,
      auth: { kind: 'key', path: sshd.keyPath },
    })
    boxId = box.boxId
    const { fingerprint } = await engine.client.trust.offeredKey({ boxId })
    await engine.client.trust.accept({ boxId, fingerprint })
    gateway = await startGateway(install, home, port)
  }, 900_000)
  afterAll(async () => {
    await engine.close()
    await gateway?.kill()
    await sshd.stop()
    await provider.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 120_000)

  /** Asks the machine as the page's R does; what an operator asked for is believed at once. */
  async function ask(): Promise<{ causes: Cause[]; triage: Triage }> {
    const { sweepId } = await engine.client.sweep.start({ boxIds: [boxId] })
    for await (const { state } of await engine.client.sweep.watch({ sweepId })) if (state !== 'running') break
    const { findings } = await engine.client.pages.machine({ boxId })
    return {
      causes: findings.filter(({ open }) => open).map(({ cause }) => cause),
      triage: await engine.client.triage.ofBox({ boxId }),
    }
  }
  const probe = ({ probes }: Triage, key: string) => probes.find((each) => each.key === key)

  test('a 401 of the model is a refused key, not messages that were left', inTurn, async ({ expect }) => {
    provider.model = 'refuses'
    provider.message(111, 'are you there?')
    await expect.poll(async () => (await ask()).causes, { timeout: 180_000, interval: 2000 }).toContain('model-refused')
    const { causes, triage } = await ask()
    expect(causes).not.toContain('failing')
    expect(causes).not.toContain('unanswered')
    expect(triage).toMatchObject({ state: 'read', leadKey: 'model' })
    expect(triage.lead).toContain('the key is not accepted')
    expect(probe(triage, 'model')).toMatchObject({ answer: 'no', value: expect.stringContaining('401') })
    expect(probe(triage, 'network')).toMatchObject({ answer: 'yes' })
    expect(JSON.stringify(triage)).not.toContain('are you there')
  })

  test(
    'a file cut off under the running gateway is told before the next start fails, and is not blamed',
    inTurn,
    async ({ expect }) => {
      const file = path.join(home, '.openclaw/openclaw.json')
      const good = readFileSync(file, 'utf8')
      try {
        writeFileSync(file, good.slice(0, good.length / 2))
        const { causes, triage } = await ask()
        expect(causes).toContain('config-invalid')
        expect(probe(triage, 'config-valid')).toMatchObject({ answer: 'no', weight: 'suspect' })
        expect(probe(triage, 'service')?.answer).toBe('yes')
        expect(triage.leadKey).not.toBe('config-valid')
        const { stdout } = await openclaw(install, home, ['config', 'validate', '--json'])
        expect(JSON.parse(stdout)).toMatchObject({ valid: false })
      } finally {
        writeFileSync(file, good)
      }
    },
  )

  // The older version writes its starts down nowhere and holds no channel back.
  if (version === '2026.9.6')
    test(
      'channels held back after crashes are the cause, and the crashes are told with them',
      inTurn,
      async ({ expect }) => {
        // The first crash is that of the one which runs.
        await gateway?.kill()
        await crashGateway(install, home, 2)
        gateway = await startGateway(install, home, port)
        const heldBack = async () =>
          ((await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as { suppressed?: string[] }).suppressed
        await expect.poll(heldBack, { timeout: 60_000, interval: 500 }).toEqual(['telegram'])
        const { causes, triage } = await ask()
        expect(causes).toContain('channel-suppressed')
        expect(causes).not.toContain('crash-loop')
        expect(probe(triage, 'listens')).toMatchObject({ answer: 'no', nextStep: expect.stringContaining('Telegram') })
        expect(probe(triage, 'crashes')?.answer).toBe('no')
      },
    )

  test('an agent that was stopped does not run, and nothing else is blamed for it', inTurn, async ({ expect }) => {
    await gateway?.stop()
    gateway = null
    const { causes, triage } = await ask()
    expect(causes).toContain('gateway-down')
    expect(causes).not.toContain('channel-down')
    expect(probe(triage, 'service')?.answer).toBe('no')
  })
})
