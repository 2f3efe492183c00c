import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { ApplyId, SettingChange } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { sha256OfFile } from '../runtimes/runtimes.ts'
import { type ApplyBox, applyConsole, applyLab, shortTimes } from '../testing/apply-lab.ts'
import { killAll, processesOf } from '../testing/box-processes.ts'
import {
  type OfferedPackage,
  type PackageRegistry,
  standInPackage,
  startPackageRegistry,
} from '../testing/package-registry.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { tempDir } from '../testing/temp-store.ts'

const lab = applyLab()
const registries: PackageRegistry[] = []
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  for (const registry of registries) await registry.stop()
})

type Console = ReturnType<typeof lab.openConsole>

const step = { from: '2026.9.5', to: '2026.9.6' }
const limit: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], set: 7 }]
/** The new version has little time to become ready. */
const impatient = { ...shortTimes, deadlineS: 60, update: { downloadMs: 60_000, deadlineS: 60, settleMs: 8000 } }

async function boxFor(offered: readonly OfferedPackage[], { hangs = false, env = {} as Record<string, string> } = {}) {
  const registry = await startPackageRegistry(offered, { hangs })
  registries.push(registry)
  return { registry, box: await lab.box({ npm_config_registry: registry.url, ...env }, step.from) }
}

async function begin(console: Console, box: ApplyBox, changes = limit, update = step, until?: AbortSignal) {
  const { applyId } = await console.startAgreed({
    applyId: newId<ApplyId>(),
    boxId: box.boxId,
    agentId: box.agentId,
    changes,
    baseSha256: sha256OfFile(box.configPath),
    update,
    ...(until === undefined ? {} : { until }),
  })
  return applyId
}

async function carry(console: Console, box: ApplyBox, changes = limit, update = step) {
  const job = await lab.endOf(console, await begin(console, box, changes, update))
  await console.idle(box.boxId)
  return job
}

/** What the box itself says: installed, running, whether the setting is in place, and what lies beside the install. */
async function stateOf(box: ApplyBox) {
  const installed = execFileSync(process.execPath, [box.entry, '--version'], { encoding: 'utf8' })
  const { gateway, channels } = JSON.parse(box.text()) as {
    gateway: { port: number }
    channels: { telegram: { historyLimit?: number } }
  }
  const answer = async (route: string) =>
    (await (await fetch(`http://127.0.0.1:${gateway.port}${route}`)).json()) as Record<string, unknown>
  const modules = path.dirname(path.dirname(box.entry))
  return {
    installed: installed.split(' ')[1],
    running: (await answer('/startupz')).version,
    ready: (await answer('/readyz')).ready,
    limit: channels.telegram.historyLimit ?? null,
    beside: readdirSync(modules).filter((name) => name !== 'openclaw'),
  }
}

const whole = { installed: step.from, running: step.from, ready: true, limit: null, beside: [] }
const made = { installed: step.to, running: step.to, ready: true, limit: 7, beside: [] }

const changesOf = (box: ApplyBox) => {
  const changes = path.join(box.home, '.wheelhouse', 'changes')
  return existsSync(changes) ? readdirSync(changes) : []
}

/** The box keeps nothing of a change that is over, neither a file nor a process but its gateway. */
const nothingLeft = (box: ApplyBox) =>
  vi.waitFor(() => expect([changesOf(box), processesOf(box, 'npm')]).toEqual([[], []]), { timeout: 30_000 })

describe('an update', () => {
  test('is installed, runs and is ready, with the setting of the same change; and goes back to what was', async () => {
    const { box } = await boxFor([await standInPackage(step.from), await standInPackage(step.to)])
    const console = lab.openConsole()
    const job = await carry(console, box)
    expect(job).toMatchObject({ outcome: 'changed', update: step })
    expect(job.words).toBe('It runs 2026.9.6, ready after 1 s; before it was 2026.9.5.')
    expect(await stateOf(box)).toEqual(made)
    await nothingLeft(box)

    const back = { from: step.to, to: step.from }
    const undo: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], remove: true }]
    expect(await carry(console, box, undo, back)).toMatchObject({ outcome: 'changed' })
    expect(await stateOf(box)).toEqual(whole)
  }, 120_000)

  test.each<[string, () => Promise<Parameters<typeof boxFor>>, string]>([
    [
      'that the registry does not have',
      async () => [[await standInPackage('2026.9.4')]],
      'Its npm could not bring 2026.9.6',
    ],
    [
      'for which npm ends well and brings another',
      async () => [[await standInPackage(step.to, {}, step.from)]],
      'Its npm',
    ],
    [
      'that asks for another Node',
      async () => [[await standInPackage(step.to, { engines: { node: '>=99' } })]],
      '2026.9.6 needs Node >=99',
    ],
  ])(
    '%s changes nothing',
    async (_what, offers, words) => {
      const { box } = await boxFor(...(await offers()))
      const job = await carry(lab.openConsole(), box)
      expect(job).toMatchObject({ outcome: 'failed', words: expect.stringContaining(`Nothing was changed. ${words}`) })
      expect(await stateOf(box)).toEqual(whole)
      await nothingLeft(box)
    },
    60_000,
  )

  test.each<[string, string | null, string]>([
    ['there is none', null, 'There is no npm on this machine.'],
    ['it ends with 0 and does nothing', '#!/bin/sh\nexit 0\n', '2026.9.5 is still the only one there.'],
    ['it fails', '#!/bin/sh\necho "npm error code EBROKEN" >&2\nexit 1\n', 'could not bring 2026.9.6: code EBROKEN'],
  ])(
    'changes nothing where npm is not to be had: %s',
    async (_what, script, words) => {
      const own = path.join(tempDir(), 'tools')
      const { box } = await boxFor([], { env: { PATH: own } })
      mkdirSync(own, { recursive: true })
      execFileSync('ln', ['-sf', process.execPath, path.join(own, 'node')])
      execFileSync('ln', ['-sf', '/bin/sh', path.join(own, 'sh')])
      if (script !== null) {
        writeFileSync(path.join(box.home, 'bin', 'npm'), script)
        chmodSync(path.join(box.home, 'bin', 'npm'), 0o755)
      }
      const job = await carry(lab.openConsole(), box)
      expect(job).toMatchObject({ outcome: 'failed', words: expect.stringContaining(words) })
      expect(await stateOf(box)).toEqual(whole)
      await nothingLeft(box)
    },
    60_000,
  )

  test('whose gateway does not start goes back to the old version and the old config', async () => {
    const { box } = await boxFor([await standInPackage(step.to, { standIn: { refuses: true } })])
    const job = await carry(lab.openConsole({ times: impatient }), box)
    expect(job).toMatchObject({
      outcome: 'reverted',
      words: 'The agent does not run with 2026.9.6. 2026.9.5 and the old config are back.',
    })
    expect(await stateOf(box)).toEqual(whole)
    await nothingLeft(box)
  }, 60_000)

  test('whose gateway is still starting when its time is over leaves no process of it behind', async () => {
    const { box } = await boxFor([await standInPackage(step.to, { standIn: { hangs: true } })])
    const job = await carry(lab.openConsole({ times: impatient }), box)
    expect(job).toMatchObject({ outcome: 'reverted', words: expect.stringContaining('are back.') })
    expect(await stateOf(box)).toEqual(whole)
    expect(processesOf(box, 'gateway\0run')).toHaveLength(1)
    await nothingLeft(box)
  }, 60_000)

  test('that moved the state and then does not start stays, and says what going back would need', async () => {
    const { box } = await boxFor([await standInPackage(step.to, { standIn: { refuses: true, moves: 18 } })])
    const job = await carry(lab.openConsole({ times: impatient }), box)
    expect(job.outcome).toBe('inconclusive')
    expect(job.words).toContain('The new version had moved the agent’s state')
    expect(job.words).toContain('The agent does not run')
    expect(job.nextStep).toContain('Going back needs a backup from before')
    expect(execFileSync(process.execPath, [box.entry, '--version'], { encoding: 'utf8' })).toContain(step.to)
    const [beside = ''] = readdirSync(path.dirname(path.dirname(box.entry))).filter((name) => name.startsWith('.'))
    const old = path.join(path.dirname(path.dirname(box.entry)), beside, 'before', 'package.json')
    expect(readFileSync(old, 'utf8')).toContain(step.from)
  }, 60_000)

  test('to a version that does not read the state as it is changes nothing', async () => {
    const reads = { openclaw: { schemaVersions: { state: 17, agent: 1 } } }
    const { box } = await boxFor([
      await standInPackage(step.to, { standIn: { moves: 18 } }),
      await standInPackage('2026.9.4', reads),
    ])
    expect(await carry(lab.openConsole(), box)).toMatchObject({ outcome: 'changed' })
    const job = await carry(lab.openConsole(), box, [], { from: step.to, to: '2026.9.4' })
    expect(job).toMatchObject({ outcome: 'failed', words: expect.stringContaining('2026.9.4 reads up to 17') })
    expect(await stateOf(box)).toEqual(made)
  }, 60_000)

  test('given up in the midst of the download leaves nothing behind', async () => {
    const { box, registry } = await boxFor([await standInPackage(step.to)], { hangs: true })
    const console = lab.openConsole()
    const giveUp = new AbortController()
    const applyId = await begin(console, box, limit, step, giveUp.signal)
    await vi.waitFor(() => expect(registry.fetched()).toBeGreaterThan(0), { timeout: 30_000 })
    giveUp.abort()
    expect(await lab.endOf(console, applyId)).toMatchObject({
      outcome: 'failed',
      words: 'It was given up while what is new was downloaded. Nothing was changed.',
    })
    await console.idle(box.boxId)
    expect(await stateOf(box)).toEqual(whole)
    await nothingLeft(box)
  }, 60_000)

  test('that was previewed on another version is refused', async () => {
    const { box } = await boxFor([await standInPackage(step.to)])
    const job = await carry(lab.openConsole(), box, limit, { from: '2026.9.4', to: step.to })
    expect(job).toMatchObject({
      outcome: 'failed',
      words: expect.stringContaining('It has 2026.9.5 installed, not 2026.9.4.'),
    })
    expect(await stateOf(box)).toEqual(whole)
  }, 60_000)

  test('is taken back by the machine itself when the console is gone after it was put in place', async () => {
    const { box } = await boxFor([await standInPackage(step.to)])
    const times = { ...impatient, update: { ...impatient.update, deadlineS: 12 } }
    const lost = new FaultError({ code: 'connection-lost', boxName: 'it', detail: '' })
    const deaf = {
      change: async (...args: Parameters<typeof lab.onbox.change>) => {
        const program = await lab.onbox.change(...args)
        return { ...program, settle: () => Promise.reject(lost) }
      },
    }
    const job = await carry(lab.openConsole({ onbox: deaf, times }), box)
    expect(job).toMatchObject({ outcome: 'inconclusive', words: expect.stringContaining('by itself in') })
    await vi.waitFor(async () => expect(await stateOf(box)).toEqual(whole), { timeout: 60_000, interval: 500 })
    const [told] = await lab.openConsole().ask(box.boxId)
    expect(told).toMatchObject({ outcome: 'reverted', words: expect.stringContaining('the old config is back') })
    await nothingLeft(box)
  }, 120_000)

  test('is taken back by the machine itself when its program was killed between the two renames', async () => {
    const halting = `--require=${path.join(import.meta.dirname, '../testing/halt-at.cjs')}`
    const { box } = await boxFor([await standInPackage(step.to)], { env: { NODE_OPTIONS: halting } })
    const times = { ...impatient, update: { ...impatient.update, deadlineS: 12 } }
    writeFileSync(path.join(box.home, 'halt'), '/before')
    const console = lab.openConsole({ times })
    const applyId = await begin(console, box)
    await vi.waitFor(() => expect(existsSync(path.join(box.home, 'halted'))).toBe(true), {
      timeout: 60_000,
      interval: 20,
    })
    expect(existsSync(box.entry)).toBe(false)
    killAll(processesOf(box, '-e'))
    expect(await lab.endOf(console, applyId)).toMatchObject({ outcome: 'inconclusive' })
    await console.idle(box.boxId)
    await vi.waitFor(async () => expect(await stateOf(box)).toEqual(whole), { timeout: 60_000, interval: 500 })
  }, 120_000)

  test('leaves nothing behind when the console is killed in the midst of the download', async () => {
    const { box, registry } = await boxFor([await standInPackage(step.to)], { hangs: true })
    const { sshd, configPath } = box
    const script = spawnScript(`
      import path from 'node:path'
      import { newId } from '${moduleUrl('main/base/ids.ts')}'
      import { applyConsole, requestFor } from '${moduleUrl('main/testing/apply-lab.ts')}'
      const lab = applyConsole()
      const box = ${JSON.stringify({ sshd, configPath })}
      const known = await lab.know(box.sshd, path.dirname(box.configPath))
      const { hash, ...request } = requestFor({ ...box, ...known }, ${JSON.stringify(limit)})
      const applyId = newId()
      await lab.openConsole().startAgreed({ ...request, applyId, update: ${JSON.stringify(step)} })
      console.log('begun ' + JSON.stringify({ dataDir: lab.dataDir, applyId }) + '.')
    `)
    const [, said = ''] = /begun (\{.*?\})\./.exec(await script.says('}.')) ?? []
    await vi.waitFor(() => expect(registry.fetched()).toBeGreaterThan(0), { timeout: 30_000 })
    script.process.kill('SIGKILL')
    await script.ended
    await nothingLeft(box)
    expect(await stateOf(box)).toEqual(whole)
    const { dataDir, applyId } = JSON.parse(said) as { dataDir: string; applyId: ApplyId }
    const next = applyConsole(dataDir)
    expect(next.openConsole().get(applyId)).toMatchObject({
      state: 'interrupted',
      outcome: 'failed',
      words: 'The console ended while what is new was being downloaded. Nothing was changed.',
    })
    next.close()
  }, 120_000)
})
