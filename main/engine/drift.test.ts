import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BoxId, Fact, FactKey, Finding } from '../../shared/contract/index.ts'
import { cloneAt, gitIn, looked, makeRemote, type TestRemote } from '../testing/git-repos.ts'
import { treeState } from '../testing/openclaw.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine } from './engine.ts'

/** Real checkouts on real sshd boxes: what each says is asked of git itself. */
const day = 86_400_000
const nowMs = Math.floor(Date.now() / 1000) * 1000
const manifest = (version: string) => ({
  'package.json': `${JSON.stringify({ name: 'openclaw', version, engines: { node: '>=24.16.0' } })}\n`,
  'openclaw.mjs': '',
})

const folder = tempDir()
let remote: TestRemote
let old: string
let engine: Engine
const cleanups: (() => unknown)[] = []

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  remote = makeRemote(folder, nowMs - 60 * day, manifest('2026.8.2'))
  old = remote.advance(3, nowMs - 24 * day)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(async () => {
  engine = await testEngine(tempDir(), { homeDir: folder })
  await engine.client.app.setSettings({ askRegistry: false, askRemotes: false, lightSweepMinutes: 0 })
  cleanups.push(() => engine.close())
})
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

interface DriftBox {
  readonly home: string
  readonly boxId: BoxId
}

/** A box whose login has an agent; its checkout is whatever the test puts there. */
async function addBox(name: string, fields: { ring?: 'lab' } = {}): Promise<DriftBox> {
  const sshd: SshdBox = await startSshdBox({ env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` } })
  cleanups.push(() => sshd.stop())
  mkdirSync(path.join(sshd.home, '.openclaw'))
  writeFileSync(path.join(sshd.home, '.openclaw/openclaw.json'), '{}')
  const { host, port, user } = sshd
  const auth = { kind: 'key', path: sshd.keyPath } as const
  const { box } = await engine.client.inventory.addBox({ name, host, port, user, auth, ...fields })
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId: box.boxId })
  await engine.client.trust.accept({ boxId: box.boxId, fingerprint })
  return { home: sshd.home, boxId: box.boxId }
}

async function sweep(): Promise<void> {
  const { sweepId } = await engine.client.sweep.start({})
  for await (const _ of await engine.client.sweep.watch({ sweepId }));
}

const factOf = async (box: DriftBox, key: FactKey): Promise<Pick<Fact, 'verdict' | 'text' | 'value'>> => {
  const { facts } = await engine.client.pages.machine({ boxId: box.boxId })
  const { verdict, text, value } = facts.find((fact) => fact.key === key) ?? {
    verdict: 'unknown',
    text: '',
    value: null,
  }
  return { verdict, text, value }
}
const findingsOf = async (box: DriftBox): Promise<Record<string, string>> => {
  const { findings } = await engine.client.pages.machine({ boxId: box.boxId })
  const open = findings.filter((finding: Finding) => finding.open)
  return Object.fromEntries(open.map(({ cause, sentence }) => [cause, sentence]))
}

/** A checkout at the old commit whose last look, 23 days ago, was before the 366 commits came. */
function staleCheckout(home: string): string {
  const root = cloneAt(remote.path, path.join(home, 'openclaw'), nowMs - 23 * day)
  const git = gitIn(root)
  git('reset', '-q', '--hard', old)
  git('update-ref', 'refs/remotes/origin/main', old)
  for (const name of ['FETCH_HEAD', 'logs/refs/remotes/origin/main'])
    rmSync(path.join(root, '.git', name), { force: true })
  looked(root, nowMs - 23 * day, { fetch: false })
  expect(git('rev-list', '--count', 'HEAD..origin/main')).toBe('0')
  return root
}

test('a git install 366 behind whose last look is older than they are: nobody, the remote, then the lab machine knows', async () => {
  const peak = await addBox('peak')
  const root = staleCheckout(peak.home)
  const before = treeState(peak.home)

  await sweep()
  expect(await factOf(peak, 'version.gap')).toEqual({
    verdict: 'unknown',
    text: 'none known, last looked 23 days ago',
    value: 0,
  })
  expect(await findingsOf(peak)).toMatchObject({
    'behind-unknown': 'may be behind: it last looked for updates 23 days ago',
  })

  remote.advance(366, nowMs - 3_600_000)
  await engine.client.app.setSettings({ askRemotes: true })
  await sweep()
  expect(await factOf(peak, 'version.gap')).toEqual({
    verdict: 'warn',
    text: 'behind, count unknown, last looked 23 days ago',
    value: null,
  })
  expect(await findingsOf(peak)).toMatchObject({
    'behind-unknown': 'is behind, nobody knows how far: it last looked for updates 23 days ago',
  })

  const lab = await addBox('lab', { ring: 'lab' })
  cloneAt(remote.path, path.join(lab.home, 'openclaw'), nowMs)
  await sweep()
  const counted = gitIn(path.join(lab.home, 'openclaw'))('rev-list', '--count', `${old}..HEAD`)
  expect(await factOf(peak, 'version.gap')).toMatchObject({ verdict: 'bad', value: Number(counted) })
  expect(counted).toBe('366')
  expect(await factOf(peak, 'version.lab')).toMatchObject({ verdict: 'bad', text: '366 commits behind lab' })
  expect(await findingsOf(peak)).toMatchObject({ behind: 'is 366 commits and 23 days behind your lab machine' })
  expect(await factOf(lab, 'version.gap')).toMatchObject({ verdict: 'ok', text: 'none' })
  const { rows } = await engine.client.pages.fleet()
  expect(rows.find(({ boxName }) => boxName === 'peak')).toMatchObject({
    behind: 366,
    daysBehind: 23,
    behindText: '366 commits behind lab',
  })
  expect(treeState(peak.home)).toEqual(before)
  expect(gitIn(root)('rev-parse', 'refs/remotes/origin/main')).toBe(old)
}, 120_000)

test('a checkout on this computer counts, is shown in the settings, and is not written', async () => {
  const peak = await addBox('peak')
  staleCheckout(peak.home)
  const reference = cloneAt(remote.path, path.join(folder, 'reference'), nowMs)
  const before = treeState(reference)
  const state = await engine.client.drift.checkReference({ path: '~/reference' })
  expect(state).toMatchObject({ found: true, branch: 'main', commit: remote.tip() })
  await engine.client.app.setSettings({ referenceCheckouts: ['~/reference', '~/gone'] })
  await sweep()
  expect(await engine.client.drift.references()).toMatchObject([
    { path: '~/reference', found: true },
    { path: '~/gone', found: false, sentence: 'There is no such folder on this computer.' },
  ])
  const counted = Number(gitIn(reference)('rev-list', '--count', `${old}..origin/main`))
  expect(await factOf(peak, 'version.gap')).toMatchObject({ verdict: 'bad', value: counted })
  expect(treeState(reference)).toEqual(before)
  rmSync(reference, { recursive: true })
}, 120_000)

test('a shallow clone, a detached head, no remote and a hostile one are told for what they are', async () => {
  const [shallow, detached, lonely, hostile] = await Promise.all(
    ['shallow', 'detached', 'lonely', 'hostile'].map((name) => addBox(name)),
  )
  if (!shallow || !detached || !lonely || !hostile) throw new Error('no boxes')
  gitIn(folder)('clone', '-q', '--depth', '1', `file://${remote.path}`, path.join(shallow.home, 'openclaw'))
  gitIn(cloneAt(remote.path, path.join(detached.home, 'openclaw'), nowMs))('checkout', '-q', '--detach', old)
  gitIn(cloneAt(remote.path, path.join(lonely.home, 'openclaw'), nowMs))('remote', 'remove', 'origin')
  const mark = path.join(folder, 'was-here')
  const root = cloneAt(remote.path, path.join(hostile.home, 'openclaw'), nowMs - 23 * day)
  gitIn(root)('config', 'remote.origin.url', `ext::sh -c "touch% ${mark}"`)
  gitIn(root)('config', 'remote.origin.uploadpack', `touch ${mark}`)
  await engine.client.app.setSettings({ askRemotes: true })
  await sweep()

  expect(await factOf(shallow, 'version.gap')).toMatchObject({ verdict: 'ok', text: 'none' })
  expect(await factOf(detached, 'version.commit')).toMatchObject({ text: old.slice(0, 8) })
  const ahead = Number(gitIn(path.join(detached.home, 'openclaw'))('rev-list', '--count', 'HEAD..origin/main'))
  expect(await factOf(detached, 'version.gap')).toMatchObject({ value: ahead })
  expect(await factOf(lonely, 'version.gap')).toMatchObject({ verdict: 'unknown', value: null })
  expect((await factOf(hostile, 'version.gap')).verdict).toBe('unknown')
  expect(existsSync(mark)).toBe(false)
}, 120_000)

test('a remote that hangs holds no sweep up', async () => {
  const peak = await addBox('peak')
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  const root = staleCheckout(peak.home)
  const { port } = server.address() as AddressInfo
  gitIn(root)('config', 'remote.origin.url', `ssh://kit@127.0.0.1:${port}/openclaw.git`)
  await engine.client.app.setSettings({ askRemotes: true })
  await sweep()
  expect(await factOf(peak, 'version.gap')).toMatchObject({ verdict: 'unknown', value: 0 })
}, 60_000)

test('own code is found, tracked, and told by what git there says; nothing is written', async () => {
  const peak = await addBox('peak')
  staleCheckout(peak.home)
  const place = path.join(peak.home, '.openclaw/workspace/skills')
  const skills = makeRemote(path.join(folder, 'kit'), nowMs - 40 * day, { 'SKILL.md': 'one\n', 'b.md': 'two\n' })
  const root = cloneAt(skills.path, place, nowMs - 3 * day)
  const reference = cloneAt(skills.path, path.join(folder, 'skills'), nowMs)
  await engine.client.app.setSettings({ referenceCheckouts: ['~/skills'] })
  await sweep()
  const [found] = await engine.client.drift.suggestions({ boxId: peak.boxId })
  expect(found).toMatchObject({ name: 'skills', path: place, branch: 'main', remote: skills.path })

  const { folder: tracked } = await engine.client.inventory.saveFolder({
    boxId: peak.boxId,
    agentId: found?.agentId ?? null,
    name: 'skills',
    path: '~/.openclaw/workspace/skills',
    remote: '',
    branch: 'main',
  })
  skills.advance(12, nowMs - 2 * day)
  looked(reference, nowMs)
  writeFileSync(path.join(root, 'c.md'), 'three\n')
  gitIn(root)('add', 'c.md')
  gitIn(root)('commit', '-q', '-m', 'Only here')
  writeFileSync(path.join(root, 'SKILL.md'), 'edited\n')
  writeFileSync(path.join(root, 'new.md'), 'new\n')
  const before = treeState(peak.home)
  await sweep()
  expect(await factOf(peak, 'code.behind')).toMatchObject({ verdict: 'bad', value: 12 })
  expect(await factOf(peak, 'code.edited')).toMatchObject({ text: '1 edited file and 1 new file: SKILL.md, new.md' })
  expect(await factOf(peak, 'code.unpushed')).toMatchObject({ verdict: 'warn', text: '1 commit' })
  expect(await findingsOf(peak)).toMatchObject({
    'code-behind': 'is 12 commits behind in its own code “skills”',
    'code-edited':
      'has 1 edited file and 1 new file nobody committed in its own code “skills” and 1 commit that exists only there in its own code “skills”',
  })
  expect(await engine.client.drift.suggestions({ boxId: peak.boxId })).toEqual([])
  expect(treeState(peak.home)).toEqual(before)

  await engine.client.inventory.removeFolder({ folderId: tracked.folderId })
  await sweep()
  expect(Object.keys(await findingsOf(peak)).filter((cause) => cause.startsWith('code-'))).toEqual([])
  expect((await factOf(peak, 'code.behind')).text).toBe('')
}, 120_000)

test('a folder that is none is named with the reason', async () => {
  const peak = await addBox('peak')
  staleCheckout(peak.home)
  symlinkSync('/nowhere', path.join(peak.home, 'link'))
  for (const [name, place] of [
    ['gone', '~/nowhere'],
    ['plain', '~/.openclaw'],
    ['foreign', '/usr'],
  ] as const)
    await engine.client.inventory.saveFolder({
      boxId: peak.boxId,
      agentId: null,
      name,
      path: place,
      remote: '',
      branch: '',
    })
  await sweep()
  const { 'code-unreadable': sentence } = await findingsOf(peak)
  expect(sentence).toContain('keeps its own code “foreign”, “gone”, “plain” where nobody can read it: ')
}, 60_000)
