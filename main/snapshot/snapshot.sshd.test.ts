import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { SnapshotComparison, SnapshotId } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { gitIn, makeRemote } from '../testing/git-repos.ts'
import { type RunBox, runLab } from '../testing/run-lab.ts'
import { tempDir } from '../testing/temp-store.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

/** A lab machine that somebody changes by hand between two snapshots, and one of a client; both real sshd boxes. */
let console_: ReturnType<typeof runLab>
let labBox: RunBox
let rest: RunBox
let taken: SnapshotId
let compared: SnapshotComparison

const fleet = { kind: 'fleet' as const, key: '' }
const secret = 'a-secret-that-was-typed-in-the-lab-5eb63bbbe01eeed0'
const agents = 'Ask before you order anything.\n'
const script = '#!/usr/bin/env node\nimport { send } from "sheets"\nsend()\n'

const put = ({ home }: RunBox, name: string, text: string, mode = 0o644) => {
  const file = path.join(home, '.openclaw/workspace', name)
  mkdirSync(path.dirname(file), { recursive: true })
  rmSync(file, { force: true })
  writeFileSync(file, text, { mode })
}
const edit = (box: RunBox, change: (config: Record<string, Record<string, unknown>>) => void) => {
  const config = JSON.parse(box.text())
  change(config)
  writeFileSync(box.configPath, `${JSON.stringify(config, null, 2)}\n`)
}
const chosen = () => compared.lines.filter((line) => line.chosen).map(({ lineId }) => lineId)
const at = () => ({ snapshotId: compared.after.snapshotId, layer: compared.layer })

beforeAll(async () => {
  console_ = runLab()
  labBox = await console_.add('lab-mini', 'lab')
  rest = await console_.add('rest-mini', 'rest')
  console_.house.overlay.save({
    layer: fleet,
    baseRevision: 0,
    content: { sections: { logging: { level: 'info' } }, raw: { openclaw: {} }, excepts: [] },
    because: 'as it was',
  })
  for (const box of [labBox, rest]) {
    edit(box, (config) => {
      config.logging = { level: 'info' }
      config.messages = { prefix: 'old' }
    })
    put(box, 'AGENTS.md', 'Be kind.\n')
    put(box, 'skills/old/SKILL.md', 'Old.\n')
    await console_.lookAt(box.boxId)
  }
})
afterAll(() => console_[Symbol.asyncDispose]())

test('a snapshot is kept, with what was read and no secret of the machine', async () => {
  const { snapshots } = console_.house
  const { snapshot, sentence, undoId } = await snapshots.take({ agentId: labBox.agentId, note: 'before orders' })
  expect(snapshot).toMatchObject({
    boxName: 'lab-mini',
    how: 'taken',
    note: 'before orders',
    version: '2026.9.6',
    files: 2,
  })
  expect(sentence).toBe('A snapshot of lab-mini is kept. Change the machine, then compare.')
  expect(snapshots.list({ boxId: labBox.boxId })).toEqual([snapshot])
  expect(snapshots.list({ boxId: rest.boxId })).toEqual([])
  const stored = console_.house.store.db.prepare('select content_json as json from snapshot').get() as { json: string }
  expect(stored.json).not.toContain('a-secret-token')
  console_.house.inventory.undo({ undoId })
  expect(snapshots.list({})).toEqual([])
  taken = (await snapshots.take({ agentId: labBox.agentId, note: '' })).snapshot.snapshotId
})

test('nothing changed: no line', async () => {
  const same = await console_.house.snapshots.compare({ snapshotId: taken })
  expect([same.lines, same.leftOut]).toEqual([[], []])
})

test('what was changed by hand is told value by value and file by file, secrets by name alone', async () => {
  edit(labBox, (config) => {
    config.logging = { level: 'debug' }
    config.messages = { prefix: 'new' }
    config.mcp = { servers: { sheets: { url: 'https://sheets.example.org/mcp', token: secret } } }
    config.gateway = { ...config.gateway, controlUi: { allowInsecureAuth: true } }
    config.channels = { telegram: { ...(config.channels?.telegram as object), allowFrom: ['111222333', '999888777'] } }
  })
  put(labBox, 'AGENTS.md', agents)
  put(labBox, 'skills/orders/run.mjs', script, 0o755)
  put(labBox, 'skills/orders/key.txt', `token: ${secret}\n`)
  rmSync(path.join(labBox.home, '.openclaw/workspace/skills/old'), { recursive: true })
  compared = await console_.house.snapshots.compare({ snapshotId: taken })
  expect(compared.before.snapshotId).toBe(taken)
  expect(compared.after).toMatchObject({ how: 'compared', boxName: 'lab-mini' })
  expect(compared.layer).toEqual(fleet)
  expect(compared.layers.map(({ label }) => label)).toEqual(['Fleet', 'Linux', 'lab-mini'])
  const lines = compared.lines.map(({ name, before, after, declares, chosen: isIn }) => [
    name,
    before,
    after,
    declares,
    isIn,
  ])
  expect(lines).toEqual([
    ['gateway.controlUi.allowInsecureAuth', null, 'true', '', false],
    ['logging.level', 'info', 'debug', 'sections.logging.level', true],
    ['messages.prefix', 'old', 'new', '', true],
    ['mcp.servers.sheets.url', null, 'https://sheets.example.org/mcp', '', true],
    [
      'AGENTS.md',
      expect.stringContaining('SHA-256'),
      expect.stringContaining(`${agents.length} bytes, 0644`),
      '',
      true,
    ],
    ['skills/old/SKILL.md', expect.stringContaining('SHA-256'), null, '', true],
    ['skills/orders/run.mjs', null, expect.stringContaining('0755'), '', true],
  ])
  // The fixed rules refuse it on others, with their sentence.
  expect(compared.lines[0]?.note).toMatch(/^Fleet: .*The gateway cannot be reached from the network without a login/)
  expect(compared.leftOut.map(({ name }) => name)).toEqual([
    'channels.telegram.allowFrom',
    'mcp.servers.sheets.token',
    'skills/orders/key.txt',
  ])
  expect(compared.leftOut[0]?.why).toContain('Who is answered is never taken over from a machine.')
  expect(JSON.stringify(compared)).not.toContain(secret)
  const of = (lineId: string) => ({ snapshotId: compared.after.snapshotId, lineId })
  expect(console_.house.snapshots.fileText(of('file skills/orders/run.mjs')).lines.join('\n')).toBe(script)
  for (const none of ['file skills/orders/key.txt', 'file skills/old/SKILL.md', 'setting messages.prefix'])
    expect(() => console_.house.snapshots.fileText(of(none))).toThrow(FaultError)
  expect(console_.house.snapshots.comparison({ snapshotId: compared.after.snapshotId })).toEqual(compared)
})

test('the preview says what it needs and refuses what the rules refuse; only what was shown is saved', async () => {
  const { snapshots } = console_.house
  const preview = await snapshots.preview({ ...at(), lineIds: chosen() })
  expect(preview).toMatchObject({ class: 'behavioural', problems: [] })
  expect(preview.needs).toContainEqual({
    need: { kind: 'module', name: 'sheets', exports: ['send'] },
    from: 'skills/orders/run.mjs, line 2',
  })
  expect(preview.partWords[1]).toContain('2 files written, 1 file removed')
  const all = await snapshots.preview({ ...at(), lineIds: compared.lines.map(({ lineId }) => lineId) })
  expect(all.problems.map(({ words }) => words).join()).toContain('without a login')
  const save = (lineIds: string[], hash: string) =>
    snapshots.save({
      ...at(),
      lineIds,
      hash,
      name: 'orders',
      why: { text: 'Orders go to a sheet.', link: '' },
      author: 'kit',
    })
  await expect(save(chosen().slice(1), preview.hash)).rejects.toMatchObject({ fault: { code: 'plan-stale' } })
  const every = compared.lines.map(({ lineId }) => lineId)
  await expect(save(every, all.hash)).rejects.toMatchObject({ fault: { code: 'invalid-input' } })
  await expect(snapshots.preview({ ...at(), lineIds: ['file ../x'] })).rejects.toMatchObject({
    fault: { code: 'not-found' },
  })

  const { patch } = await save(chosen(), preview.hash)
  expect(patch.content).toMatchObject({ name: 'orders', class: 'behavioural', author: 'kit' })
  expect(patch.content.parts[0]).toEqual({
    kind: 'overlay',
    layer: fleet,
    set: {
      'sections.logging.level': 'debug',
      'raw.openclaw.messages.prefix': 'new',
      'raw.openclaw.mcp.servers.sheets.url': 'https://sheets.example.org/mcp',
    },
    reset: [],
  })
  const exported = console_.house.patches.exportFiles({ patchId: patch.patchId })
  expect(exported.map(({ path: file }) => file)).toContain('files/skills/orders/run.mjs')
  expect(exported.map(({ base64 }) => Buffer.from(base64, 'base64').toString()).join('')).not.toContain(secret)
})

test('on another machine that patch comes to the same change', async () => {
  const { rollouts, patches } = console_.house
  const patchId = patches.list()[0]?.patchId
  if (patchId === undefined) throw new Error('it was not saved')
  await patches.confirm({ patchId, baseRevision: 1 })
  const { patch, targets } = await rollouts.preview({ patchId })
  const changes = (name: string) =>
    targets
      .find((target) => target.name === name)
      ?.plan.changes.map(({ path: where, before, after }) => [where, before, after])
  const settings = [
    ['logging.level', 'info', 'debug'],
    ['mcp.servers.sheets.url', null, 'https://sheets.example.org/mcp'],
    ['messages.prefix', 'old', 'new'],
  ]
  expect(changes('rest-mini')).toEqual(expect.arrayContaining(settings))
  expect(patch.partWords[1]).toBe(
    '2 files written, 1 file removed in the workspace: AGENTS.md, skills/old/SKILL.md, skills/orders/run.mjs.',
  )
  // The lab has it already.
  expect(changes('lab-mini')).not.toEqual(expect.arrayContaining([settings[0]]))
})

test('20 are kept a machine, the one that is compared with among them; one is removed and comes back with its files', async () => {
  const { snapshots, inventory, store } = console_.house
  const insert = store.db.prepare(
    `insert into snapshot select :id, box_id, agent_id, :at, actor, note, content_json, null from snapshot where snapshot_id = :from`,
  )
  store.write(() => {
    for (let count = 0; count < 19; count++) insert.run({ id: `old-${count}`, at: count, from: taken })
  })
  const oldest = 'old-0' as SnapshotId
  await snapshots.compare({ snapshotId: oldest })
  const left = snapshots.list({ boxId: labBox.boxId }).map(({ snapshotId }) => snapshotId)
  expect(left).toHaveLength(21)
  expect(left).toContain(oldest)
  expect(left).not.toContain('old-1')
  const files = () => (store.db.prepare('select count(*) as many from snapshot_file').get() as { many: number }).many
  const before = files()
  expect(before).toBeGreaterThan(0)
  const { undoId } = snapshots.remove({ snapshotId: compared.after.snapshotId })
  expect(files()).toBeLessThan(before)
  inventory.undo({ undoId })
  expect([files(), snapshots.comparison({ snapshotId: compared.after.snapshotId }).lines]).toEqual([
    before,
    compared.lines,
  ])
})

test('the runtime and a tracked folder come by their version and commit, a folder only when it was pushed', async () => {
  const { snapshots, inventory } = console_.house
  const remote = makeRemote(tempDir(), Date.now() - 3_600_000)
  const checkout = path.join(labBox.home, 'code')
  gitIn(labBox.home)('clone', '-q', remote.path, checkout)
  inventory.saveFolder({
    boxId: labBox.boxId,
    agentId: null,
    name: 'code',
    path: '~/code',
    remote: '',
    branch: '',
  })
  const { snapshot } = await snapshots.take({ agentId: labBox.agentId, note: '' })
  const tip = remote.advance(1, Date.now() - 60_000)
  gitIn(checkout)('pull', '-q')
  const manifest = path.join(labBox.home, 'lib/node_modules/openclaw/package.json')
  writeFileSync(manifest, JSON.stringify({ name: 'openclaw', version: '2026.9.7' }))
  const { after, layer, lines } = await snapshots.compare({ snapshotId: snapshot.snapshotId })
  expect(lines.map(({ kind, name, after: now }) => [kind, name, now])).toEqual([
    ['update', 'runtime', '2026.9.7'],
    ['folder', 'code', tip],
  ])
  const lineIds = lines.map(({ lineId }) => lineId)
  const { partWords } = await snapshots.preview({ snapshotId: after.snapshotId, layer, lineIds })
  expect(partWords).toEqual(['The runtime becomes 2026.9.7.', `Tracked folder code becomes ${tip}.`])

  gitIn(checkout)('commit', '-q', '--allow-empty', '-m', 'Mine')
  const { leftOut } = await snapshots.compare({ snapshotId: snapshot.snapshotId })
  expect(leftOut).toEqual([{ name: 'code', why: expect.stringContaining('push first') }])
})

test('where a narrower layer of the machine says otherwise, that is said', async () => {
  const { snapshots, overlay } = console_.house
  overlay.save({
    layer: { kind: 'box', key: labBox.boxId },
    baseRevision: 0,
    content: { sections: {}, raw: { openclaw: { 'messages.prefix': 'of the lab' } }, excepts: [] },
    because: 'the lab is another',
  })
  const lineIds = ['setting messages.prefix']
  expect((await snapshots.preview({ ...at(), lineIds })).remarks).toEqual([
    { lineId: lineIds[0], words: 'lab-mini itself would come to “of the lab” there: its layer lab-mini says so.' },
  ])
  const narrower = await snapshots.preview({ ...at(), layer: { kind: 'box', key: labBox.boxId }, lineIds })
  expect(narrower.remarks).toEqual([])
})

test('a machine that is away, and an agent that is gone, are said; nothing is kept', async () => {
  const { snapshots } = console_.house
  const before = snapshots.list({}).length
  rmSync(path.join(labBox.home, '.openclaw'), { recursive: true, force: true })
  await expect(snapshots.take({ agentId: labBox.agentId, note: '' })).rejects.toMatchObject({
    fault: { code: 'not-found', what: expect.stringContaining('on lab-mini any more') },
  })
  console_.away.add(labBox.sshd.port)
  console_.house.ssh.drop()
  await expect(snapshots.compare({ snapshotId: taken })).rejects.toMatchObject({ fault: { code: 'refused' } })
  expect(snapshots.list({})).toHaveLength(before)
})
