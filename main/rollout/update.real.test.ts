import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PatchPart } from '../../shared/contract/index.ts'
import { installOpenclaw, openclaw, openclawJson } from '../testing/openclaw.ts'
import {
  type OfferedPackage,
  type PackageRegistry,
  standInPackage,
  startPackageRegistry,
} from '../testing/package-registry.ts'
import { realPackage, realPackageBox } from '../testing/real-package-box.ts'
import { type RunBox, runLab } from '../testing/run-lab.ts'

vi.setConfig({ testTimeout: 900_000, hookTimeout: 300_000 })

const times = {
  deadlineS: 240,
  settleMs: 120_000,
  stepMs: 120_000,
  update: { downloadMs: 480_000, deadlineS: 600, settleMs: 240_000 },
}
let lab: ReturnType<typeof runLab>
let registry: PackageRegistry | null = null
beforeEach(() => {
  lab = runLab({ times })
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
  await registry?.stop()
})

const update: PatchPart = { kind: 'update', from: 'package', to: '2026.9.6' }
const level: PatchPart = {
  kind: 'overlay',
  layer: { kind: 'fleet', key: '' },
  set: { 'sections.logging.level': 'debug' },
  reset: [],
}

/** A real 2026.9.5 whose registry offers one other version. */
async function machineFor(offered: OfferedPackage): Promise<RunBox> {
  const own = await installOpenclaw('2026.9.5')
  registry = await startPackageRegistry([offered])
  const { url } = registry
  const box = await lab.add('mini', 'lab', (home) => realPackageBox(home, own, { registry: url }))
  return box
}

/** What the box itself says, by its own command line and its own ports. */
async function saysOf(box: RunBox) {
  const { gateway, logging } = JSON.parse(box.text()) as { gateway: { port: number }; logging: { level?: string } }
  const answer = async (route: string) =>
    (await (await fetch(`http://127.0.0.1:${gateway.port}${route}`)).json()) as Record<string, unknown>
  const { stdout } = await openclaw(box, box.home, ['--version'])
  const { valid } = await openclawJson<{ valid: boolean }>(box, box.home, ['config', 'validate', '--json'])
  const { ready, failing } = await answer('/readyz')
  return {
    installed: stdout.split(' ')[1],
    running: (await answer('/startupz')).version,
    ready,
    failing,
    valid,
    level: logging.level ?? null,
  }
}

test('a patch brings a real 2026.9.5 to 2026.9.6, together with a setting', async () => {
  const box = await machineFor(await realPackage((await installOpenclaw('2026.9.6')).root))
  const before = { installed: '2026.9.5', running: '2026.9.5', ready: true, failing: [], valid: true, level: null }
  expect(await saysOf(box)).toEqual(before)
  const patchId = await lab.patch({}, { parts: [update, level] })
  const ended = await lab.settled(await lab.start(patchId))
  expect(ended.lanes.map(({ outcome, words }) => [outcome, words])).toEqual([
    ['changed', expect.stringMatching(/^It runs 2026\.9\.6, ready after \d+ s; before it was 2026\.9\.5\./)],
  ])
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 1 of 1.', layers: 'saved' })
  expect(await saysOf(box)).toEqual({ ...before, installed: '2026.9.6', running: '2026.9.6', level: 'debug' })
  // Before it there was a backup, made and read whole by the old version.
  const [backup] = lab.house.backups.recent(1)
  expect(backup).toMatchObject({ reason: 'change', agents: [{ agentId: box.agentId, state: 'made' }] })
  // What this console did is nobody else's change.
  await lab.lookAt(box.boxId)
  expect(lab.house.outside.ofBox(box.boxId, 10)).toEqual([])
})

test('a version whose gateway does not start leaves a real 2026.9.5 whole', async () => {
  const box = await machineFor(await standInPackage('2026.9.6', { standIn: { refuses: true } }))
  const before = await saysOf(box)
  expect(before).toMatchObject({ installed: '2026.9.5', running: '2026.9.5', ready: true })
  const patchId = await lab.patch({}, { parts: [update, level] })
  const stopped = await lab.settled(await lab.start(patchId))
  expect(stopped.lanes.map(({ outcome, words }) => [outcome, words])).toEqual([
    ['reverted', 'The agent does not run with 2026.9.6. 2026.9.5 and the old config are back.'],
  ])
  expect(stopped).toMatchObject({ state: 'paused', question: { kind: 'failed' }, layers: 'not-saved' })
  expect(await saysOf(box)).toEqual(before)
})
