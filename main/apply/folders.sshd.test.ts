import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import type { ApplyId, ApplyJob, CarriedFolder, SettingChange } from '../../shared/contract/index.ts'
import { newId } from '../base/ids.ts'
import { type ApplyBox, applyConsole, applyLab, endOf } from '../testing/apply-lab.ts'
import {
  atStep,
  changesOf,
  type FaultyBox,
  haltAt,
  restartBox,
  startFaultyBox,
  untilHalted,
} from '../testing/faulty-apply.ts'
import { gitIn } from '../testing/git-repos.ts'
import { expectNothingLeft } from '../testing/whole-box.ts'
import type { Apply } from './apply.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 })

const lab = applyLab()
afterAll(() => lab[Symbol.asyncDispose]())
const apply = lab.openConsole()
let box: ApplyBox
beforeEach(async () => {
  box ??= await lab.box()
})

const setLimit: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], set: 7 }]
const never: SettingChange[] = [{ path: ['standIn', 'never'], set: true }]

const shortTimes = {
  deadlineS: 60,
  settleMs: 1500,
  connectMs: 30_000,
  stepMs: 30_000,
  update: { downloadMs: 1, deadlineS: 1, settleMs: 1 },
}

/** A remote with a second version of one folder, `v2`, and a clone of it on the box that knows the first alone. */
function folderOn(home: string, name: string) {
  const [work, remote, clone] = ['work', 'remote.git', name].map((each) => path.join(home, 'code', name, each)) as [
    string,
    string,
    string,
  ]
  for (const folder of [work, remote]) mkdirSync(folder, { recursive: true })
  const git = gitIn(work)
  const write = (files: Record<string, string | null>, message: string) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(work, file)), { recursive: true })
      if (text === null) rmSync(path.join(work, file))
      else writeFileSync(path.join(work, file), text)
    }
    git('add', '-A')
    git('commit', '-q', '-m', message)
    return git('rev-parse', 'HEAD')
  }
  git('init', '-q', '-b', 'main')
  gitIn(remote)('init', '-q', '--bare', '-b', 'main')
  git('remote', 'add', 'origin', remote)
  const first = write({ 'run.mjs': 'one\n', 'gone.mjs': 'gone\n' }, 'First')
  git('push', '-q', 'origin', 'main')
  gitIn(path.dirname(clone))('clone', '-q', remote, clone)
  const second = write({ 'run.mjs': 'two\n', 'gone.mjs': null, 'lib/more.mjs': 'more\n' }, 'Second')
  git('tag', 'v2')
  git('push', '-q', 'origin', 'main', 'v2')
  const here = gitIn(clone)
  /** Its commit, branch, files, and what differs from the commit. */
  const state = () => [
    here('rev-parse', 'HEAD'),
    here('branch', '--show-current'),
    ['run.mjs', 'gone.mjs', 'lib/more.mjs']
      .map((file) => (existsSync(path.join(clone, file)) ? readFileSync(path.join(clone, file), 'utf8').trim() : ''))
      .join(),
    here('status', '--porcelain'),
  ]
  const order: CarriedFolder = { name, path: clone, to: 'refs/tags/v2', at: null, branch: '' }
  return {
    clone,
    here,
    first,
    second,
    state,
    order,
    old: [first, 'main', 'one,gone,', ''],
    next: [second, '', 'two,,more', ''],
  }
}

async function made(
  console: Apply,
  { boxId, agentId, configPath }: Pick<ApplyBox, 'boxId' | 'agentId' | 'configPath'>,
  folders: CarriedFolder[],
  changes: SettingChange[] = [],
): Promise<ApplyJob> {
  const { baseSha256 } = lab.requestFor({ boxId, agentId, configPath }, changes)
  const applyId = newId<ApplyId>()
  await console.startAgreed({ applyId, boxId, agentId, changes, baseSha256, folders })
  const job = await endOf(console, applyId)
  await console.idle(boxId)
  return job
}

test('a folder is fetched and brought to a tag or a commit without its hooks, and is known to be there then', async () => {
  const folder = folderOn(box.home, 'orders')
  writeFileSync(path.join(folder.clone, '.git', 'hooks', 'post-checkout'), '#!/bin/sh\ntouch hooked\n', { mode: 0o755 })
  const job = await made(apply, box, [folder.order], setLimit)
  expect(job).toMatchObject({
    outcome: 'changed',
    folders: [{ was: { commit: folder.first, branch: 'main' }, became: folder.second }],
  })
  expect(job.words).toContain(
    `Folder orders is at v2 (${folder.second.slice(0, 8)}); before it was at ${folder.first.slice(0, 8)} on main.`,
  )
  expect(folder.state()).toEqual(folder.next)
  expect(changesOf(box)).toEqual([])
  expect(await made(apply, box, [{ ...folder.order, to: folder.second }])).toMatchObject({ outcome: 'unchanged' })

  // Back to the branch that it had, unless somebody moved it since.
  const back = { ...folder.order, to: folder.first, at: folder.second, branch: 'main' }
  expect(await made(apply, box, [{ ...back, at: folder.first.replace(/./g, 'a') }])).toMatchObject({
    outcome: 'failed',
    words: expect.stringContaining('somebody brought it to'),
  })
  expect(await made(apply, box, [back])).toMatchObject({ outcome: 'changed' })
  expect(folder.state()).toEqual(folder.old)
})

test('local patches, a folder that is none, and a commit that is nowhere change nothing', async () => {
  const folder = folderOn(box.home, 'skills')
  const before = box.text()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) writeFileSync(path.join(folder.clone, name), 'by hand')
  const dirty = await made(apply, box, [folder.order], setLimit)
  expect(dirty).toMatchObject({ outcome: 'failed', step: 'download' })
  expect(dirty.words).toContain('Folder skills: local patches are in the way: a, b, c, d, e and 1 more.')
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) rmSync(path.join(folder.clone, name))

  const nowhere = await made(apply, box, [{ ...folder.order, to: 'c'.repeat(40) }], setLimit)
  expect(nowhere.words).toMatch(/Folder skills: cccccccc could not be fetched from origin/)
  const none = await made(apply, box, [{ ...folder.order, path: '~/code' }], setLimit)
  expect(none.words).toMatch(/Folder skills: .*\/code is no git checkout\./)
  const absent = await made(apply, box, [{ ...folder.order, path: '~/nothing' }], setLimit)
  expect(absent.words).toMatch(/Folder skills: there is no .*\/nothing\./)
  expect([nowhere.outcome, none.outcome, absent.outcome, box.text()]).toEqual(['failed', 'failed', 'failed', before])
  expect(folder.state()).toEqual(folder.old)
})

test('a change that may not stay brings its folder back; one that somebody edited since is left and said', async () => {
  const folder = folderOn(box.home, 'tools')
  const before = box.text()
  const short = lab.openConsole({ times: shortTimes })
  const back = await made(short, box, [folder.order], never)
  expect([back.outcome, box.text(), folder.state()]).toEqual(['reverted', before, folder.old])
  expect(changesOf(box)).toEqual([])

  const edit = path.join(folder.clone, 'run.mjs')
  const onbox = atStep(lab.onbox, 'verify', { before: () => writeFileSync(edit, 'by hand\n') })
  const left = await made(lab.openConsole({ onbox, times: shortTimes }), box, [folder.order], never)
  expect(left).toMatchObject({ outcome: 'inconclusive', state: 'ended' })
  expect(left.words).toContain('Folder tools is not as it was before the change')
  expect([box.text(), readFileSync(edit, 'utf8'), folder.here('rev-parse', 'HEAD')]).toEqual([
    before,
    'by hand\n',
    folder.second,
  ])
  folder.here('checkout', '-q', '--force', 'main')
})

test('a file that git ignores is the machine’s own: no commit is put in its place, there or back', async () => {
  const folder = folderOn(box.home, 'states')
  const before = box.text()
  writeFileSync(path.join(folder.clone, '.git', 'info', 'exclude'), 'lib/\ngone.mjs\n')
  mkdirSync(path.join(folder.clone, 'lib'))
  const own = path.join(folder.clone, 'lib', 'more.mjs')
  writeFileSync(own, 'what the agent remembers\n')
  const refused = await made(apply, box, [folder.order], setLimit)
  expect(refused.words).toContain('Folder states: git could not bring it to')
  expect([refused.outcome, box.text(), readFileSync(own, 'utf8'), folder.here('rev-parse', 'HEAD')]).toEqual([
    'reverted',
    before,
    'what the agent remembers\n',
    folder.first,
  ])

  rmSync(path.dirname(own), { recursive: true })
  const since = path.join(folder.clone, 'gone.mjs')
  const onbox = atStep(lab.onbox, 'verify', { before: () => writeFileSync(since, 'written since\n') })
  const left = await made(lab.openConsole({ onbox, times: shortTimes }), box, [folder.order], never)
  expect(left.words).toContain('Folder states is not as it was before the change')
  expect([box.text(), readFileSync(since, 'utf8')]).toEqual([before, 'written since\n'])
  rmSync(since)
  folder.here('checkout', '-q', 'main')
})

type Folder = ReturnType<typeof folderOn>

/** A machine that restarts while a folder is moved, at one point of its marks. */
async function restartedAt(
  point: string,
  cut: (folder: Folder) => void,
  see: (faulty: FaultyBox, folder: Folder, job: ApplyJob) => Promise<void>,
): Promise<void> {
  const faulty: FaultyBox & { end(): Promise<void> } = await startFaultyBox(null)
  const other = applyConsole()
  try {
    const folder = folderOn(faulty.home, 'orders')
    const known = await other.know(faulty.sshd, faulty.stateDir)
    const console = other.openConsole()
    haltAt(faulty, point)
    const ended = made(console, { ...faulty, ...known }, [folder.order], setLimit)
    await untilHalted(faulty, () => {})
    cut(folder)
    await restartBox(faulty, false)
    const job = await ended
    if (job.outcome === 'inconclusive') await console.ask(known.boxId)
    await see(faulty, folder, console.get(job.applyId))
    await console.close()
  } finally {
    other.close()
    await faulty.end()
  }
}

/** As a git that was ended in the midst leaves it: its lock, and some of the new files. */
function endInTheMidst({ clone }: Folder): void {
  writeFileSync(path.join(clone, '.git', 'index.lock'), '')
  rmSync(path.join(clone, 'gone.mjs'))
  mkdirSync(path.join(clone, 'lib'))
  writeFileSync(path.join(clone, 'lib', 'more.mjs'), 'more\n')
}

test.each<[string, string, (folder: Folder) => void]>([
  ['was moved', '/folder-0-ended', () => {}],
  [
    'was about to be moved, and one file was',
    '/folder-0-began',
    (folder) => {
      endInTheMidst(folder)
      writeFileSync(path.join(folder.clone, 'run.mjs'), 'two\n')
    },
  ],
  [
    'was about to be moved, and one file was only removed yet',
    '/folder-0-began',
    (folder) => {
      endInTheMidst(folder)
      rmSync(path.join(folder.clone, 'run.mjs'))
    },
  ],
])('a machine that restarts when a folder %s brings it back at the next connection', async (_, point, cut) => {
  await restartedAt(point, cut, async (faulty, folder, job) => {
    expect(job.outcome).toMatch(/^(reverted|failed)$/)
    expect([faulty.text(), folder.state()]).toEqual([faulty.before, folder.old])
    await expectNothingLeft(faulty)
  })
})

test('a folder that was left half-way is named, and known until somebody mends it', async () => {
  const halfWay = (folder: Folder) => {
    endInTheMidst(folder)
    writeFileSync(path.join(folder.clone, 'run.mjs'), 'tw')
  }
  await restartedAt('/folder-0-began', halfWay, async (faulty, folder, job) => {
    expect(job.words).toContain('Folder orders is not as it was before the change')
    expect([faulty.text(), readFileSync(path.join(folder.clone, 'run.mjs'), 'utf8')]).toEqual([faulty.before, 'tw'])
    expect(changesOf(faulty)).toHaveLength(1)
  })
})
