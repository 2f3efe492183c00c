import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Engine } from '../engine/engine.ts'
import { type FakeProvider, fakeSettings, startFakeProvider, usualBot } from '../testing/fake-provider.ts'
import { installOpenclaw, type RunningGateway, startGateway } from '../testing/openclaw.ts'
import { type RealBox, startRealBox } from '../testing/real-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'

const long = { timeout: 500_000, interval: 200 }
const inTurn = { concurrent: false, timeout: 1_100_000 }

/**
 * A channel of real OpenClaw behind real sshd, stopped while a stranger writes every second. Both versions at once: most
 * of it is waiting.
 */
describe.concurrent.each(['2026.9.6', '2026.6.11'] as const)('stopping a channel of OpenClaw %s', (version) => {
  const cleanups: (() => unknown)[] = []
  let engine: Engine
  let box: RealBox
  let provider: FakeProvider
  let gateway: RunningGateway
  let written = 0

  beforeAll(async () => {
    engine = await testEngine(tempDir(), { confirm: async () => true })
    cleanups.push(() => engine.close())
    await engine.client.app.setSettings({ boxDeadlineS: 120, askRegistry: false })
    provider = await startFakeProvider()
    cleanups.push(() => provider.stop())
    const { entry } = await installOpenclaw(version)
    const settings = { ...fakeSettings(provider.url, ['*']), session: { dmScope: 'per-channel-peer' } }
    box = await startRealBox(engine, tempDir(), { name: 'box', entry, settings })
    cleanups.push(() => box.stop())
    gateway = await startGateway(box, box.home, box.port)
    cleanups.push(() => gateway.kill())
    const { sweepId } = await engine.client.sweep.start({})
    for await (const { state } of await engine.client.sweep.watch({ sweepId })) if (state !== 'running') break
    await vi.waitFor(() => expect(provider.polls(usualBot)).toBeGreaterThan(0), long)
    const stranger = setInterval(() => provider.message(900_001, `are you there? ${++written}`), 1000)
    cleanups.push(() => clearInterval(stranger))
  }, 900_000)
  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  const answers = () => vi.waitFor(() => expect(provider.sent.length).toBeGreaterThan(0), long)
  /** What was sent and polled by the time `more` further messages were written. */
  const later = async (more: number) => {
    const until = written + more
    await vi.waitFor(() => expect(written).toBeGreaterThanOrEqual(until), { ...long, timeout: 120_000 })
    return { sent: provider.sent.length, polls: provider.polls(usualBot) }
  }
  const now = () => later(0)
  /** Until it is past the start of its channels. @returns what it wrote since. */
  const startAgain = async (): Promise<() => string> => {
    const from = gateway.output().length
    gateway = await startGateway(box, box.home, box.port)
    const output = () => gateway.output().slice(from)
    await vi.waitFor(() => expect(output()).toContain('[heartbeat] started'), long)
    return output
  }

  test('a stranger is answered, then nobody is, nor after the agent was started again', inTurn, async () => {
    await answers()
    const [stop] = await engine.client.channel.stop({ boxId: box.boxId, channel: 'telegram' })
    const atStop = await now()
    expect(stop).toMatchObject({ stopped: true, staysOff: true, fault: null })
    expect(await later(quietMessages)).toEqual(atStop)

    await gateway.stop()
    const output = await startAgain()
    expect(await later(quietMessages)).toEqual(atStop)
    // The messages of all that time were never fetched; the next test fetches with the same agent.
    expect(provider.hasTaken(usualBot)).toBe(false)
    expect(output()).not.toContain('starting provider')
    expect(configOf(box).channels.telegram.enabled).toBe(false)
  })

  test('one whose agent hangs is ended with its agent, or said not to be stopped', inTurn, async () => {
    const config = configOf(box)
    config.channels.telegram.enabled = true
    const switchOn = () => writeFileSync(pathOf(box), JSON.stringify(config))
    const before = provider.polls(usualBot)
    switchOn()
    // A change can escape the gateway's watch for minutes, so it is written again now and then.
    const again = setInterval(switchOn, 10_000)
    try {
      await vi.waitFor(() => expect(provider.polls(usualBot)).toBeGreaterThan(before), long)
    } finally {
      clearInterval(again)
    }
    process.kill(gateway.pid, 'SIGSTOP')
    const [stop] = await engine.client.channel.stop({ boxId: box.boxId, channel: 'telegram' })
    const atStop = await now()
    expect(stop?.tookMs).toBeLessThan(30_000)
    if (!stop?.stopped) return expect(stop?.words).toContain('NOT STOPPED')
    expect(stop).toMatchObject({ staysOff: true, agentEnded: true })
    await vi.waitFor(() => expect(isAlive(gateway.pid)).toBe(false), long)
    await startAgain()
    expect(await later(quietMessages)).toEqual(atStop)
  })
})

/** One a second; `WHEELHOUSE_QUIET_S` makes the wait as long as one likes. */
const quietMessages = Number(process.env.WHEELHOUSE_QUIET_S ?? 12)

const pathOf = ({ home }: RealBox) => path.join(home, '.openclaw', 'openclaw.json')
const configOf = (box: RealBox) =>
  JSON.parse(readFileSync(pathOf(box), 'utf8')) as { channels: { telegram: { enabled: boolean } } }

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
