import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PatchContent, PatchId, RolloutRun } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import { sha256Of } from '../runtimes/runtimes.ts'
import { changesOf } from '../testing/faulty-apply.ts'
import { gitIn } from '../testing/git-repos.ts'
import { installOpenclaw, makeGitInstall, startGateway } from '../testing/openclaw.ts'
import { type RealBox, startRealBox } from '../testing/real-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'

/**
 * Three real sshd boxes with real OpenClaw homes: a canary and one of the rest that run 2026.9.6, and a checkout that is 366
 * commits behind, whose build has no such module yet as the script of the patch imports.
 */
const cleanups: (() => unknown)[] = []
let engine: Engine
const boxes: Record<string, RealBox> = {}
let checkout = ''
const behindBy = 366
/** Of OpenClaw's own package: 2026.9.6 has it, 2026.6.11 does not. */
const moduleName = 'openclaw/plugin-sdk/archive'

const at = (name: string): RealBox => boxes[name] ?? ({} as RealBox)
const stateOf = (name: string) => path.join(at(name).home, '.openclaw')
const script = 'skills/orders/unpack.mjs'
const scriptOf = (name: string) => path.join(stateOf(name), 'workspace', script)
const configOf = (name: string) => readFileSync(path.join(stateOf(name), 'openclaw.json'), 'utf8')
const levelOf = (name: string) => JSON.parse(configOf(name)).logging.level

beforeAll(async () => {
  engine = await testEngine(tempDir(), { confirm: async () => true, soakOf: () => 0 })
  cleanups.push(() => engine.close())
  await engine.client.app.setSettings({
    boxDeadlineS: 240,
    sweepConcurrency: 2,
    askRegistry: false,
    lightSweepMinutes: 0,
  })
  const homes = tempDir()
  const [now, before] = await Promise.all([installOpenclaw('2026.9.6'), installOpenclaw('2026.6.11')])
  mkdirSync(path.join(homes, 'checkout'))
  const behind = await makeGitInstall(path.join(homes, 'checkout'), before, behindBy)
  checkout = behind.root
  const fleet = [
    { name: 'canary', ring: 'canary' as const, entry: now.entry },
    { name: 'rest', ring: 'rest' as const, entry: now.entry },
    { name: 'behind', ring: 'rest' as const, entry: behind.entry },
  ]
  for (const { name, ring, entry } of fleet) {
    const { client } = await engine.client.inventory.addClient({ name: `Client of ${name}` })
    const fields = { ring, clientId: client.clientId }
    const box = await startRealBox(engine, homes, { name, entry, settings: {}, fields })
    cleanups.push(() => box.stop())
    boxes[name] = box
    mkdirSync(path.join(stateOf(name), 'workspace'))
  }
  const live = ['canary', 'rest'].map(async (name) => {
    const gateway = await startGateway(at(name), at(name).home, at(name).port)
    cleanups.push(() => gateway.kill())
  })
  await Promise.all(live)
  const { sweepId } = await engine.client.sweep.start({})
  for await (const { state } of await engine.client.sweep.watch({ sweepId })) if (state !== 'running') break
  for (const { boxId } of Object.values(boxes))
    expect(await engine.client.apply.drill({ boxId })).toMatchObject({ proven: true })
}, 900_000)
afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean()
}, 120_000)

/** A script of a skill, and a setting; what the script imports is what the patch needs. */
async function patchOf(): Promise<PatchId> {
  const bytes = Buffer.from(`import { inspectTarArchive } from '${moduleName}'\nconsole.log(inspectTarArchive)\n`)
  const file = { path: script, sha256: sha256Of(bytes), bytes: bytes.length, mode: '0644', back: 'restore' } as const
  const content: PatchContent = {
    name: 'unpack-orders',
    why: { text: 'Orders come packed.', link: '' },
    author: 'kit',
    class: 'behavioural',
    parts: [
      { kind: 'files', files: [file] },
      {
        kind: 'overlay',
        layer: { kind: 'fleet', key: '' },
        set: { 'sections.logging.level': 'debug' },
        reset: [],
      },
    ],
    needs: [],
    verify: [],
    capability: null,
  }
  const { patch } = await engine.client.patch.save({
    patchId: null,
    baseRevision: 0,
    content,
    files: [{ path: script, base64: bytes.toString('base64') }],
    because: 'x',
  })
  const { patchId, revision } = patch
  await engine.client.patch.confirm({ patchId, baseRevision: revision })
  return patchId
}

const settled = async ({ rolloutId }: RolloutRun): Promise<RolloutRun> => {
  for await (const run of await engine.client.rollout.watch({ rolloutId }))
    if (run.state === 'ended' || run.state === 'paused') return run
  return engine.client.rollout.get({ rolloutId })
}

test('the machine whose build lacks a module is blocked by its name, and the rest goes only once a choice is recorded', async () => {
  expect(gitIn(checkout)('rev-list', '--count', 'HEAD..origin/main')).toBe(String(behindBy))
  const { facts } = await engine.client.pages.machine({ boxId: at('behind').boxId })
  expect(facts.find(({ key }) => key === 'version.gap')?.value).toBe(behindBy)
  const untouched = configOf('behind')
  const patchId = await patchOf()
  const { preview: looked, notReached } = await engine.client.rollout.look({ patchId })
  expect(notReached).toEqual([])
  const key = `needs/module ${moduleName} with inspectTarArchive`
  const [blocked] = looked.questions.filter(({ state }) => state === 'blocked')
  expect(blocked).toMatchObject({ key, agents: [{ name: 'behind', choice: null }] })
  expect(blocked?.words).toContain(`there is no module ${moduleName}`)
  expect(blocked?.evidence).toBe(`needed by ${script}, line 1`)
  expect(blocked?.exits).toEqual(['update-first', 'exclude', 'guarded'])
  expect(looked.hash).toBe('')

  // Everything else is answered first, so that this alone is what keeps it from beginning.
  let preview = looked
  for (const question of looked.questions.filter((each) => each.key !== key))
    ({ preview } = await engine.client.rollout.choose({
      patchId,
      key: question.key,
      exit: question.exits.includes('accept') ? 'accept' : 'exclude',
      because: 'a machine of a test',
    }))
  expect(preview.questions.filter(({ agents }) => agents.some(({ choice }) => choice === null))).toMatchObject([
    { key },
  ])
  const choose = () =>
    engine.client.rollout.choose({ patchId, key, exit: 'update-first', because: 'It is updated next week.' })
  const chosen = await choose()
  const { hash } = chosen.preview
  const options = { when: 'now' as const }
  const start = () => engine.client.rollout.start({ patchId, hash, options })
  await engine.client.inventory.undo({ undoId: chosen.undoId })
  await expect(start()).rejects.toMatchObject({
    data: { fault: { code: 'plan-stale', why: 'a choice is left, or nobody goes' } },
  })
  expect(await engine.client.rollout.list({ limit: 10 })).toEqual([])

  const { preview: decided } = await choose()
  expect(decided.targets.filter(({ goes }) => goes).map(({ name }) => name)).toEqual(['canary', 'rest'])
  const said = { kind: 'asked' as const, words: 'Dana: “The orders come packed.”', benefits: 'Dana' }
  for (const { clientId } of decided.guard?.clients ?? [])
    await engine.client.rollout.justify({ patchId, said: { ...said, clientId } })
  const begun = await engine.client.rollout.start({ patchId, hash: decided.hash, options })
  const ended = await settled(begun)
  expect(ended.question).toBeNull()
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.' })
  expect(Object.fromEntries(ended.lanes.map(({ name, outcome }) => [name, outcome]))).toEqual({
    canary: 'changed',
    rest: 'changed',
    behind: 'left-out',
  })
  for (const name of ['canary', 'rest']) {
    expect(levelOf(name)).toBe('debug')
    expect(existsSync(scriptOf(name))).toBe(true)
  }
  expect(configOf('behind')).toBe(untouched)
  expect(existsSync(scriptOf('behind'))).toBe(false)
  expect(changesOf(at('behind'))).toEqual([])
}, 600_000)
