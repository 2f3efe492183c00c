import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PatchContent } from '../../shared/contract/index.ts'
import { writeNewFolder } from '../cli/folder-files.ts'
import { exit, shapes } from '../cli/shapes.ts'
import { sha256Of, sha256OfFile } from '../runtimes/runtimes.ts'
import { planFile, playIn } from '../testing/ansible.ts'
import { faultInTheEnd } from '../testing/overlay-lab.ts'
import { type RunBox, runLab } from '../testing/run-lab.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'

vi.setConfig({ testTimeout: 1_500_000, hookTimeout: 240_000 })

let lab: ReturnType<typeof runLab>
let folder: string
beforeEach(() => {
  lab = runLab()
  folder = path.join(tempDir(), 'out of the way')
})
afterEach(() => lab[Symbol.asyncDispose]())

const debug = { 'sections.logging.level': 'debug' }
const never = { 'raw.openclaw.standIn.never': true }
const hashes = () => Object.fromEntries(lab.boxes.map((box) => [box.name, sha256OfFile(box.configPath)]))
/** What a change left on a box: markers, and copies beside the config. */
const leftOn = ({ home, configPath }: RunBox): string[] =>
  [path.join(home, '.wheelhouse/changes'), path.dirname(configPath)].flatMap((each) =>
    existsSync(each) ? readdirSync(each).filter((name) => /^[a-z0-9]{16}$|wheelhouse/.test(name)) : [],
  )

async function boxesOf(...names: string[]): Promise<RunBox[]> {
  for (const name of names)
    await lab.add(name, name.startsWith('lab') ? 'lab' : name.startsWith('canary') ? 'canary' : 'rest')
  return lab.boxes
}

async function exported(set: Record<string, unknown>, change: Partial<PatchContent> = {}) {
  const patchId = await lab.patch(set, change)
  await lab.agree(patchId)
  const made = await lab.house.handOver.ansible({ patchId })
  await writeNewFolder(folder, made.files)
  return made
}

async function cli(...words: string[]) {
  const child = spawn(process.execPath, [path.resolve('out/test/cli.js'), '--data', lab.dataDir, '--json', ...words], {
    env: { ...process.env, SSH_AUTH_SOCK: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out }
}

test('the play makes of 12 machines what a run makes of them, wave by wave, and once more changes nothing', async () => {
  const names = ['rest-0', 'rest-1', 'canary', 'rest-2', 'lab', ...[3, 4, 5, 6, 7, 8, 9].map((at) => `rest-${at}`)]
  const boxes = await boxesOf(...names)
  const before = new Map(boxes.map((box) => [box, box.text()]))
  const patchId = await lab.patch(debug)
  const left = await cli('export', 'ansible', folder, '--patch', 'one-line')
  expect([left.code, existsSync(folder)]).toEqual([exit.failed, false])
  await lab.agree(patchId)
  const shown = await cli('rollout', 'preview', '--patch', 'one-line')
  const { code, out } = await cli('export', 'ansible', folder, '--patch', 'one-line')
  expect(code).toBe(exit.ok)
  const made = shapes['export ansible'].parse(JSON.parse(out))
  expect(made).toMatchObject({ hash: shapes['rollout preview'].parse(JSON.parse(shown.out)).hash, leftOut: [] })
  // Names of groups are no names of machines.
  expect(made.hosts.slice(0, 2).map(({ alias }) => alias)).toEqual(['lab-2', 'canary-2'])
  expect(made.hosts.map(({ group }) => group)).toEqual([
    ...['lab', 'canary'],
    ...Array(4).fill('wave_1'),
    ...Array(6).fill('wave_2'),
  ])
  expect(hashes()).toEqual(Object.fromEntries(boxes.map((box) => [box.name, sha256Of(Buffer.from(before.get(box)!))])))

  const trial = await playIn(folder, '--check')
  expect(trial.code, trial.out).toBe(0)
  expect(Object.values(trial.hosts).map(({ changed }) => changed)).toEqual(Array(12).fill(1))
  expect(boxes.map((box) => box.text())).toEqual([...before.values()])

  const first = await playIn(folder, '-e', 'wheelhouse_soak_s=1')
  expect(first.code, first.out).toBe(0)
  expect(Object.values(first.hosts)).toEqual(Array(12).fill(expect.objectContaining({ changed: 1, failed: 0 })))
  const played = hashes()
  expect(boxes.map((box) => JSON.parse(box.text()).logging?.level)).toEqual(Array(12).fill('debug'))
  expect(boxes.flatMap(leftOn)).toEqual([])

  const again = await playIn(folder)
  expect(again.code, again.out).toBe(0)
  expect(Object.values(again.hosts)).toEqual(Array(12).fill(expect.objectContaining({ changed: 0, failed: 0 })))
  expect(hashes()).toEqual(played)

  for (const [box, text] of before) writeFileSync(box.configPath, text, { mode: 0o600 })
  for (const { boxId } of boxes) await lab.lookAt(boxId)
  expect(await lab.settled(await lab.start(patchId))).toMatchObject({ words: 'Changed 12 of 12.' })
  expect(hashes()).toEqual(played)
})

describe('a play that does not just go well', () => {
  test('a canary that does not get ready goes back, and the others are not touched', async () => {
    const boxes = await boxesOf('canary', 'rest-1', 'rest-2')
    const before = boxes.map((box) => box.text())
    await exported(never, { class: 'behavioural' })
    const { code, out, hosts } = await playIn(folder)
    expect(code, out).not.toBe(0)
    expect(Object.keys(hosts)).toEqual(['canary-2'])
    expect(hosts['canary-2']).toMatchObject({ failed: 1 })
    expect(out).toContain('The agent is not ready: standIn.')
    expect(out).toContain('The old config is back.')
    expect(boxes.map((box) => box.text())).toEqual(before)
    expect(boxes.flatMap(leftOn)).toEqual([])
  })

  test('a machine whose config changed since refuses, and stops the next wave; its wave ends whole', async () => {
    const [canary, moved, other, last] = await boxesOf('canary', 'rest-1', 'rest-2', 'rest-3')
    await exported(debug)
    const changed = JSON.stringify({ ...JSON.parse(moved!.text()), logging: { level: 'warn' } })
    writeFileSync(moved!.configPath, changed)
    const { code, out, hosts } = await playIn(folder, '-e', 'wheelhouse_soak_s=0')
    expect(code, out).not.toBe(0)
    expect(out).toContain('The config on the machine changed since the plan was made.')
    expect(hosts).toMatchObject({ 'rest-1': { failed: 1 }, 'rest-2': { changed: 1 } })
    expect(hosts['rest-3']).toBeUndefined()
    expect(moved!.text()).toBe(changed)
    expect([canary, other, last].map((box) => JSON.parse(box!.text()).logging?.level)).toEqual([
      'debug',
      'debug',
      undefined,
    ])
  })

  test('what is not confirmed goes back by itself; another host key is not spoken to', async () => {
    const [box, strange] = await boxesOf('canary', 'rest-1')
    const before = box!.text()
    await exported(debug)
    const plan = JSON.parse(readFileSync(planFile(folder, 'canary-2'), 'utf8'))
    writeFileSync(planFile(folder, 'canary-2'), JSON.stringify({ ...plan, times: { ...plan.times, deadlineS: 30 } }))
    const playbook = path.join(folder, 'playbook.yml')
    const text = readFileSync(playbook, 'utf8')
    writeFileSync(playbook, text.replace('confirm {{', 'nothing {{'))
    const { code, out, hosts } = await playIn(folder)
    expect(code, out).not.toBe(0)
    expect(hosts['canary-2']).toMatchObject({ failed: 1, changed: 1 })
    await vi.waitFor(() => expect(box!.text()).toBe(before), { timeout: 200_000, interval: 200 })

    writeFileSync(playbook, text)
    await strange!.sshd.rotateHostKey()
    const other = await playIn(folder, '--limit', 'rest-1')
    expect(other.hosts['rest-1'], other.out).toMatchObject({ unreachable: 1 })
    expect(other.out).toContain('Host key verification failed')
  })
})

test('through two jump hosts with their own keys; a plan with a secret, or without a way back, is left out', async () => {
  const [box, unproven] = await boxesOf('rest-1', 'rest-2')
  const hops: SshdBox[] = [await startSshdBox(), await startSshdBox()]
  try {
    const { inventory, ssh, store } = lab.house
    const hopIds = []
    for (const [at, { host, port, user, keyPath }] of hops.entries()) {
      const auth = { kind: 'key' as const, path: keyPath }
      const { boxId } = inventory.addBox({ name: `jump ${at}`, host, port, user, auth, jumpOnly: true }).box
      ssh.accept(boxId, await ssh.offeredKey(boxId, { deadlineMs: 30_000 }), 'a test')
      hopIds.push(boxId)
    }
    inventory.editBox({ boxId: box!.boxId, fields: { hops: hopIds } })
    store.write(() => store.db.prepare('update way_back set proven = 0 where box_id = ?').run(unproven!.boxId))
    const patchId = await lab.patch(debug)
    await lab.agree(patchId)
    const made = await lab.house.handOver.ansible({ patchId })
    expect(made.leftOut).toEqual([{ name: 'rest-2', why: expect.stringContaining('goes back by itself') }])
    await writeNewFolder(folder, made.files)
    const { code, out } = await playIn(folder, '-e', 'wheelhouse_soak_s=0')
    expect(code, out).toBe(0)
    expect(JSON.parse(box!.text()).logging.level).toBe('debug')

    const everything = made.files.map(({ base64 }) => Buffer.from(base64, 'base64').toString()).join('\n')
    expect(everything).not.toContain('a-secret-token-of-this-gateway')
    expect(everything).not.toContain(inventory.fingerprintKey(box!.boxId))
    for (const name of readdirSync(folder, { recursive: true }) as string[])
      expect(statSync(path.join(folder, name)).mode & 0o077, name).toBe(0)
    expect(await faultInTheEnd(() => writeNewFolder(folder, made.files))).toMatchObject({ code: 'invalid-input' })

    const bytes = Buffer.from('Log in with password=hunter-twenty-two\n')
    const file = {
      path: 'skills/orders/SKILL.md',
      sha256: sha256Of(bytes),
      bytes: bytes.length,
      mode: '0644' as const,
      back: 'restore' as const,
    }
    const carrying = await lab.patch(
      {},
      { name: 'telling', class: 'behavioural', parts: [{ kind: 'files', files: [file] }] },
      [{ path: file.path, base64: bytes.toString('base64') }],
    )
    await lab.agree(carrying)
    expect(await faultInTheEnd(() => lab.house.handOver.ansible({ patchId: carrying }))).toMatchObject({
      detail: expect.stringContaining('skills/orders/SKILL.md holds a secret'),
    })
  } finally {
    for (const hop of hops) await hop.stop()
  }
})
