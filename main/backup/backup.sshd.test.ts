import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AgentBackup, BackupRun } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import { type BackupBox, backupBox, backupEnd, isAlive, sweepAll } from '../testing/backup-lab.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const soon = { timeout: 60_000, interval: 50 }

let engine: Engine
let box: BackupBox
const stops: (() => unknown)[] = []
beforeAll(async () => {
  engine = await testEngine(tempDir(), { backupTimes: { lookMs: 20 } })
  stops.push(() => engine.close())
  await engine.client.app.setSettings({ askRegistry: false, boxDeadlineS: 60 })
  box = await backupBox(engine, 'north')
  stops.push(() => box.sshd.stop())
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

const backUp = async (on = engine, at = box): Promise<{ run: BackupRun; agent: AgentBackup }> => {
  const { runId } = await on.client.backups.start({ boxIds: [at.boxId] })
  const run = await backupEnd(on, runId)
  return { run, agent: run.agents[0] as AgentBackup }
}
const archives = () => box.left().filter((name) => name.endsWith('.tar.gz'))
const receipts = () => box.left().filter((name) => name.endsWith('.json'))
const making = () => box.left().filter((name) => name.startsWith('making-'))
const lastFact = async () =>
  (await engine.client.pages.machine({ boxId: box.boxId })).facts.find(({ key }) => key === 'backup.last')
const diary = async () =>
  (await engine.client.ledger.entries({ boxId: box.boxId, limit: 500 }))
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith('backup.'))

test('it stands on its machine, is known as the newest at once, and both rows are in the diary', async () => {
  expect((await lastFact())?.verdict).not.toBe('ok')
  const { run, agent } = await backUp()
  expect([run.state, agent.state, agent.words]).toEqual([
    'done',
    'made',
    'The backup stands, and the runtime found it whole.',
  ])
  const { archive, sizeBytes, sha256 } = agent.made ?? { archive: '', sizeBytes: 0, sha256: '' }
  const found = statSync(archive)
  expect([found.size, found.mode & 0o777, sha256]).toEqual([sizeBytes, 0o600, expect.stringMatching(/^[0-9a-f]{64}$/)])
  expect(statSync(path.dirname(archive)).mode & 0o777).toBe(0o700)
  expect([archives().length, receipts().length, making()]).toEqual([1, 1, []])
  const fact = await lastFact()
  expect([fact?.verdict, fact?.value]).toEqual(['ok', agent.made?.madeAtMs])
  expect(await diary()).toEqual(['backup.made', 'backup.began'])
  expect((await engine.client.backups.recent({})).map(({ runId }) => runId)).toEqual([run.runId])
})

test('only the newest three stay', async () => {
  for (let count = 0; count < 3; count++) expect((await backUp()).agent.state).toBe('made')
  expect([archives().length, receipts().length]).toEqual([3, 3])
})

describe('is none, though the command ends with 0 or says so', () => {
  test.each([
    ['missing', /not there, or is empty/],
    ['empty', /not there, or is empty/],
    ['unchecked', /did not check/],
    ['other-state', /does not hold the state/],
    ['elsewhere', /named no archive where it was told/],
    ['broken', /did not call it whole/],
    ['fails', /backup create ended with 1\. It said: Error: the state database is locked/],
    ['full', /disk of the machine ran full\. It said: Error: ENOSPC/],
  ] as const)('%s', async (how, words) => {
    const before = [archives(), receipts()]
    box.behave(how)
    const { agent } = await backUp()
    box.behave('')
    expect(agent).toMatchObject({ state: 'failed', made: null, words: expect.stringMatching(words) })
    expect([archives(), receipts(), making()]).toEqual([...before, []])
  })
})

test('a disk without room for it is not filled', async (context) => {
  const disk = mountSmallDisk()
  if (disk === null) return context.skip('this process may not mount a disk')
  const full = await backupBox(engine, 'small')
  try {
    symlinkSync(disk.dir, path.join(full.home, '.wheelhouse'))
    const { agent } = await backUp(engine, full)
    expect(agent).toMatchObject({ state: 'failed', words: expect.stringMatching(/^The machine has \d+ MB free/) })
    expect(full.left()).toEqual([])
  } finally {
    disk.stop()
    await full.sshd.stop()
    await engine.client.inventory.removeBox({ boxId: full.boxId })
  }
})

test('without OpenClaw there it says so', async () => {
  const bare = await backupBox(engine, 'bare')
  rmSync(path.join(bare.bin, 'openclaw'))
  rmSync(path.join(bare.home, '.npm-global', 'lib'), { recursive: true })
  const { agent } = await backUp(engine, bare)
  expect(agent).toMatchObject({ state: 'failed', words: 'No OpenClaw was found on the machine.' })
  await bare.sshd.stop()
  const away = await backUp(engine, bare)
  expect(away.agent).toMatchObject({ state: 'not-attempted', words: 'Nothing was begun there.' })
  await engine.client.inventory.removeBox({ boxId: bare.boxId })
})

describe('a command that hangs', () => {
  const begin = async (on = engine) => {
    box.forgetHanging()
    box.behave('hangs')
    const { runId } = await on.client.backups.start({ boxIds: [box.boxId] })
    const pid = await vi.waitFor(() => box.hanging() ?? Promise.reject(new Error('not yet')), soon)
    return { runId, pid }
  }
  const nothingLeft = async (pid: number, before: readonly string[][]) => {
    await vi.waitFor(() => expect([isAlive(pid), making()]).toEqual([false, []]), soon)
    expect([archives(), receipts()]).toEqual(before)
    box.behave('')
  }

  test('is stopped by the operator, who saw how far it was', async () => {
    const before = [archives(), receipts()]
    const { runId, pid } = await begin()
    for await (const { agents } of await engine.client.backups.watch({ runId })) {
      const [agent] = agents
      if (agent?.step === 'making' && agent.bytes > 0) break
    }
    await expect(engine.client.backups.start({ boxIds: [box.boxId] })).rejects.toMatchObject({
      data: { fault: { code: 'in-use' } },
    })
    await engine.client.backups.cancel({ runId })
    const run = await backupEnd(engine, runId)
    expect([run.state, run.agents[0]?.state]).toEqual(['cancelled', 'cancelled'])
    await nothingLeft(pid, before)
  })

  test('is killed with everything on its connection, and nobody calls that a backup', async () => {
    const before = [archives(), receipts()]
    const { runId, pid } = await begin()
    await box.sshd.dropConnections()
    const run = await backupEnd(engine, runId)
    expect(run.agents[0]).toMatchObject({ state: 'unknown', made: null, fault: { code: 'connection-lost' } })
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), soon)
    expect([archives(), receipts()]).toEqual(before)
    // The program itself ends with its connection, somewhat later: the next one sweeps up after it.
    const makers = () => making().map((name) => Number(name.split('-')[1]))
    await vi.waitFor(() => expect(makers().filter(isAlive)).toEqual([]), soon)
    box.behave('')
    expect((await backUp()).agent).toMatchObject({ state: 'made' })
    expect(making()).toEqual([])
  })

  test('is ended by the machine when its time is over', async () => {
    const before = [archives(), receipts()]
    const hasty = await testEngine(tempDir(), { backupTimes: { makeMs: 3000, lookMs: 50 } })
    try {
      const same = await backupBox(hasty, 'hasty')
      same.behave('hangs')
      const { agent } = await backUp(hasty, same)
      expect(agent).toMatchObject({ state: 'failed', words: expect.stringMatching(/^It was not ready in time/) })
      const pid = same.hanging()
      if (pid !== null) expect(isAlive(pid)).toBe(false)
      expect(same.left()).toEqual([])
      await same.sshd.stop()
    } finally {
      await hasty.close()
    }
    expect([archives(), receipts()]).toEqual(before)
  })
})

test('what a dead maker left is swept away, and an archive without a receipt counts for nothing', async () => {
  const folder = path.join(box.home, '.wheelhouse', 'backups')
  const [own = ''] = readdirSync(folder)
  const left = path.join(folder, own, 'making-999999999-dead')
  mkdirSync(left)
  writeFileSync(path.join(left, 'half.tar.gz'), 'half')
  const unproven = path.join(folder, own, 'z-openclaw-backup.tar.gz')
  writeFileSync(unproven, 'no receipt')
  const newest = (await lastFact())?.value
  await sweepAll(engine)
  expect((await lastFact())?.value).toBe(newest)
  expect((await backUp()).agent.state).toBe('made')
  expect([left, unproven].filter((each) => existsSync(each))).toEqual([])
})

test('the daily one is made after a sweep of the whole fleet, when it is wanted and one is due', async () => {
  const daily = await testEngine(tempDir(), { backupTimes: { lookMs: 20 } })
  try {
    await daily.client.app.setSettings({ askRegistry: false, boxDeadlineS: 60 })
    const own = await backupBox(daily, 'daily')
    stops.push(() => own.sshd.stop())
    await sweepAll(daily)
    expect(await daily.client.backups.recent({})).toEqual([])
    await daily.client.app.setSettings({ backUpDaily: true })
    await sweepAll(daily)
    const [run] = await vi.waitFor(async () => {
      const runs = await daily.client.backups.recent({})
      expect(runs).toHaveLength(1)
      return runs
    }, soon)
    if (run === undefined) throw new Error('none')
    expect([run.reason, (await backupEnd(daily, run.runId)).agents[0]?.state]).toEqual(['schedule', 'made'])
    await sweepAll(daily)
    expect(await daily.client.backups.recent({})).toHaveLength(1)
  } finally {
    await daily.close()
  }
})
