import { statSync } from 'node:fs'
import path from 'node:path'
import pLimit from 'p-limit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RolloutRun } from '../../shared/contract/index.ts'
import { readLoadedConfig } from '../runtimes/openclaw/read-state.ts'
import { sha256OfFile } from '../runtimes/runtimes.ts'
import { changesOf } from '../testing/faulty-apply.ts'
import { liveBox } from '../testing/live-box.ts'
import { installOpenclaw, type OpenclawVersion } from '../testing/openclaw.ts'
import { type RunBox, runLab } from '../testing/run-lab.ts'

/**
 * Twelve real sshd boxes whose real gateways all run, six of 2026.9.6 and six of 2026.6.11, each with a home of its own. They
 * have no channel. What is expected of a box is read from its own files and asked of its own gateway.
 */
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 })

/** Each start takes a processor for ten seconds. */
const startsAtOnce = 2
const versions = ['2026.9.6', '2026.6.11'] as const
type Version = Extract<OpenclawVersion, (typeof versions)[number]>

interface Box extends RunBox {
  readonly version: Version
  readonly port: number
  /** Its config, before anything was sent. */
  readonly before: string
}

/** A heartbeat that never comes and writes to nobody; the latter is said of this one agent, as each version keeps that. */
const agentsOf = {
  '2026.9.6': {
    defaults: { heartbeat: { every: '0m' } },
    entries: { main: { heartbeat: { target: 'none' } } },
  },
  '2026.6.11': {
    defaults: { heartbeat: { every: '0m' } },
    list: [{ id: 'main', heartbeat: { target: 'none' } }],
  },
}
/** It may write, said for all agents, which this one then must not contradict: in the words of each version. */
const patched = { 'sections.heartbeat.mayWrite': true }
const changedAgentsOf = {
  '2026.9.6': {
    defaults: { heartbeat: { every: '0m', target: 'owner' } },
    entries: { main: { heartbeat: {} } },
  },
  '2026.6.11': {
    defaults: { heartbeat: { every: '0m', target: 'last' } },
    list: [{ id: 'main', heartbeat: {} }],
  },
}

let lab: ReturnType<typeof runLab>
const boxes: Box[] = []
beforeAll(async () => {
  // They share one computer, also with other tests: no machine is given up because of that.
  lab = runLab({ times: { deadlineS: 600, settleMs: 300_000, connectMs: 120_000, stepMs: 240_000 } })
  lab.house.settings.set({ boxDeadlineS: 300 })
  const limit = pLimit(startsAtOnce)
  const names = ['lab', 'canary', ...Array.from({ length: 10 }, (_, at) => `rest-${at}`)]
  await Promise.all(
    names.map((name, at) =>
      limit(async () => {
        const version = versions[at % versions.length] ?? versions[0]
        const { entry } = await installOpenclaw(version)
        let port = 0
        const box = await lab.add(name, at === 0 ? 'lab' : at === 1 ? 'canary' : 'rest', async (home) => {
          const made = await liveBox(home, entry, { settings: { agents: agentsOf[version] } })
          port = made.port
          return made
        })
        boxes.push({ ...box, version, port, before: box.text() })
      }),
    ),
  )
})
afterAll(() => lab[Symbol.asyncDispose]())

/** What a box is by its own files and its own gateway, which also wrote down the config that it took. */
async function saysOf({ home, configPath, port }: Box) {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(60_000) })
  const { ready, failing } = (await answer.json()) as { ready: boolean; failing: string[] }
  const taken = readLoadedConfig(path.dirname(configPath), configPath)?.sha256
  return { ready, failing, usesConfig: taken === sha256OfFile(configPath), left: changesOf({ home }) }
}
const whole = { ready: true, failing: [], usesConfig: true, left: [] }
/** One that has just started is not ready at once. */
const expectAllWhole = () =>
  vi.waitFor(async () => expect(await byName(saysOf)).toEqual(await byName(() => whole)), {
    timeout: 120_000,
    interval: 500,
  })

const byName = async <T>(ask: (box: Box) => T | Promise<T>): Promise<Record<string, T>> =>
  Object.fromEntries(await Promise.all(boxes.map(async (box) => [box.name, await ask(box)] as const)))
const outcomes = ({ lanes }: RolloutRun) => Object.fromEntries(lanes.map(({ name, outcome }) => [name, outcome]))

let run: RolloutRun

test('a patch reaches all twelve: the lab, the canary, then the rest in waves, each in the words of its version', async () => {
  await expectAllWhole()
  const patchId = await lab.patch(patched, { class: 'behavioural' })
  const { hash, waves } = await lab.agree(patchId)
  expect(await byName(({ text }) => text())).toEqual(await byName(({ before }) => before))
  run = await lab.settled(await lab.house.runs.start({ patchId, hash, options: { when: 'now' } }))
  expect(run).toMatchObject({ state: 'ended', words: 'Changed 12 of 12.', layers: 'saved' })
  expect(await byName(({ text }) => JSON.parse(text()))).toEqual(
    await byName(({ before, version }) => ({ ...JSON.parse(before), agents: changedAgentsOf[version] })),
  )
  await expectAllWhole()

  const members = waves.map(({ agentIds }) => boxes.filter(({ agentId }) => agentIds.includes(agentId)))
  expect(waves.map(({ kind }, at) => [kind, members[at]?.length])).toEqual([
    ['lab', 1],
    ['canary', 1],
    ['rest', 4],
    ['rest', 6],
  ])
  // No machine of a wave was written before the last one of the wave before it.
  const written = members.map((of) => of.map(({ configPath }) => statSync(configPath).mtimeMs))
  for (const [at, times] of written.slice(1).entries())
    expect(Math.min(...times)).toBeGreaterThan(Math.max(...(written[at] ?? [])))
})

test('taken back, all twelve have their bytes of before and run with them', async () => {
  const back = await lab.settled(await lab.house.runs.revert({ rolloutId: run.rolloutId }))
  expect(outcomes(back)).toEqual(await byName(() => 'reverted'))
  expect(await byName(({ text }) => text())).toEqual(await byName(({ before }) => before))
  await expectAllWhole()
})
