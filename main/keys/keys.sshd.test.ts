import { chmodSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { KeyRun } from '../../shared/contract/index.ts'
import { type KeysBox, type KeysLab, keysLab } from '../testing/keys-lab.ts'
import type { KeyParts } from './keys.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let lab: KeysLab
beforeAll(async () => {
  lab = await keysLab()
})
afterAll(() => lab.close())

const statesOf = (run: KeyRun) => run.boxes.map(({ state }) => state)
const authOf = ({ boxId }: KeysBox) => lab.inventory.box(boxId).auth
/** What is in the file beside the two keys of ours. */
const others = (box: KeysBox) =>
  box
    .bytes()
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !/wheelhouse-test|operator-new/.test(line))
const rotate = async (boxes: readonly KeysBox[], parts: Partial<KeyParts> = {}) => {
  const keys = lab.open(parts)
  const { runId } = await keys.start({ newKeyPath: lab.newKeyPath, boxIds: boxes.map(({ boxId }) => boxId) })
  return { keys, run: await lab.end(keys, runId) }
}

test('twelve machines get the new key and lose the old, wave by wave, and get it back', async () => {
  const rings = ['lab', 'canary', ...Array<'rest'>(10).fill('rest')] as const
  const boxes = await Promise.all(rings.map((ring, at) => lab.box(`mini-${at}`, ring)))
  const before = boxes.map((box) => [others(box), box.mode()])
  const { keys, run } = await rotate(boxes)
  expect([run.state, new Set(statesOf(run))]).toEqual(['done', new Set(['rotated'])])
  expect(run.boxes.map(({ wave }) => wave)).toEqual([1, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4])
  expect(boxes.map((box) => [others(box), box.mode()])).toEqual(before)
  for (const box of boxes) {
    expect(box.bytes()).toContain(`no-agent-forwarding ${lab.newKey()}\n`)
    expect(box.bytes()).not.toContain('wheelhouse-test')
    expect(authOf(box)).toEqual({ kind: 'key', path: lab.newKeyPath })
    expect([await box.takes(lab.newKeyPath), await box.takes(box.sshd.keyPath)]).toEqual([true, false])
  }
  const [first] = boxes as [KeysBox]
  const kinds = lab.ledger.entries({ boxId: first.boxId, limit: 50 }).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind.startsWith('key.'))).toEqual(['key.rotated', 'key.began'])

  const back = await keys.revert(run.runId)
  expect(await lab.end(keys, back.runId)).toMatchObject({ state: 'done', reverts: run.runId })
  expect(boxes.map((box) => [others(box), box.mode()])).toEqual(before)
  for (const box of boxes) {
    expect(box.bytes()).not.toContain('operator-new')
    expect(box.bytes()).toContain('no-agent-forwarding ssh-ed25519')
    expect(authOf(box)).toEqual({ kind: 'key', path: box.sshd.keyPath })
    expect([await box.takes(lab.newKeyPath), await box.takes(box.sshd.keyPath)]).toEqual([false, true])
  }
})

describe('a canary that does not go well keeps its key, and nobody else is touched', () => {
  let next: KeysBox
  beforeAll(async () => {
    next = await lab.box('next')
  })

  test.each([
    [
      'a read-only file',
      '{own}',
      (box: KeysBox) => chmodSync(box.file, 0o440),
      /read-only: something else looks after it/,
    ],
    ['a server that reads another file', '{else}', () => {}, /did not let the new key in, so it was taken out again/],
    [
      'a login by something else',
      '{else}',
      (box: KeysBox) => writeWithout(box),
      /so something else lets this login in/,
    ],
  ])('%s', async (_name, files, prepare, words) => {
    const canary = await lab.box(`canary ${_name}`, 'canary', files)
    prepare(canary)
    const before = [canary, next].map((box) => [box.bytes(), box.mode(), authOf(box)])
    const { run } = await rotate([canary, next])
    expect([run.state, statesOf(run)]).toEqual(['stopped', ['kept', 'not-attempted']])
    expect(run.boxes[0]?.words).toMatch(words)
    expect([canary, next].map((box) => [box.bytes().replace(/\n$/, ''), box.mode(), authOf(box)])).toEqual(
      before.map(([bytes, ...rest]) => [String(bytes).replace(/\n$/, ''), ...rest]),
    )
    expect(await canary.takes(canary.sshd.keyPath)).toBe(true)
  })
})

function writeWithout(box: KeysBox): void {
  const bytes = box
    .bytes()
    .split('\n')
    .filter((line) => !line.includes('wheelhouse-test'))
  box.reset()
  // Written in place: the reset made it anew.
  writeFileSync(box.file, bytes.join('\n'), 'latin1')
}

test('an old key that stands in another file too is said to be still taken', async () => {
  const box = await lab.box('twice', 'rest', '{own} {else}')
  const { run } = await rotate([box])
  expect(run.boxes[0]).toMatchObject({
    state: 'both',
    words: expect.stringMatching(/still takes the old one: it stands somewhere else/),
  })
  expect([authOf(box), await box.takes(box.sshd.keyPath)]).toEqual([{ kind: 'key', path: lab.newKeyPath }, true])
})

test('cut off between adding and proving, the machine says afterwards how it stands, and it is gone on with', async () => {
  const box = await lab.box('cut')
  const cut: KeyParts['ssh'] = {
    ...lab.ssh,
    async proveLogin(...words) {
      lab.away.add(box.sshd.port)
      await box.sshd.dropConnections()
      return lab.ssh.proveLogin(...words)
    },
  }
  const { keys, run } = await rotate([box], { ssh: cut })
  expect(run.boxes[0]).toMatchObject({
    state: 'unknown',
    words: 'The new key was not proved and may still stand there. The old one is still used.',
  })
  expect(authOf(box)).toEqual({ kind: 'key', path: box.sshd.keyPath })
  expect((await keys.ask(run.runId)).boxes[0]).toMatchObject({
    state: 'unknown',
    words: 'The machine was not reached.',
  })
  lab.away.clear()
  const later = lab.open()
  expect((await later.ask(run.runId)).boxes[0]).toMatchObject({ state: 'both', words: 'Both keys stand there.' })
  await later.continue(run.runId)
  expect(statesOf(await lab.end(later, run.runId))).toEqual(['rotated'])
})

describe('a console that dies', () => {
  let box: KeysBox
  beforeAll(async () => {
    box = await lab.box('dies')
  })
  // What is done on a machine, in order: look, add, prove, remove, prove the new key, prove the old one.
  const cases = [0, 1, 2, 3, 4, 5].flatMap((call) =>
    (['before', 'after'] as const).map((when) => [when, call] as const),
  )

  test.each(cases)('%s call %i: the machine tells, and going on ends with the new key alone', async (when, call) => {
    box.reset()
    const foreign = others(box)
    const dead = Promise.withResolvers<void>()
    let calls = 0
    const dies = async <T>(work: () => Promise<T>): Promise<T> => {
      const mine = calls++ === call
      const never = () => {
        dead.resolve()
        return new Promise<never>(() => {})
      }
      if (mine && when === 'before') return never()
      const done = await work().catch((error: unknown) => (mine ? never() : Promise.reject(error)))
      return mine ? never() : done
    }
    const first = lab.open({
      ssh: { ...lab.ssh, proveLogin: (...words) => dies(() => lab.ssh.proveLogin(...words)) },
      onbox: { keys: (...words) => dies(() => lab.onbox.keys(...words)) },
    })
    const { runId } = await first.start({ newKeyPath: lab.newKeyPath, boxIds: [box.boxId] })
    await dead.promise

    const second = lab.open()
    expect(second.get(runId)).toMatchObject({ state: 'interrupted', boxes: [{ state: 'unknown' }] })
    const [hasOld, hasNew] = ['wheelhouse-test', 'operator-new'].map((name) => box.bytes().includes(name))
    const truth = hasOld && hasNew ? 'both' : hasOld ? 'kept' : 'rotated'
    expect(statesOf(await second.ask(runId))).toEqual([truth])
    // At no time is there nobody who may log in.
    const { auth } = lab.inventory.box(box.boxId)
    expect(auth.kind === 'key' && (await box.takes(auth.path))).toBe(true)
    if (truth !== 'rotated') {
      await second.continue(runId)
      expect(statesOf(await lab.end(second, runId))).toEqual(['rotated'])
    }
    expect([others(box), box.mode()]).toEqual([foreign, 0o640])
    expect([await box.takes(lab.newKeyPath), await box.takes(box.sshd.keyPath)]).toEqual([true, false])
  })
})

test('nobody is asked twice, and who cannot be changed is left out with the reason', async () => {
  const box = await lab.box('plain')
  const { boxId } = lab.add({ host: '127.0.0.1', name: 'by agent' })
  const keys = lab.open({ confirm: async () => false })
  const preview = await keys.preview({ newKeyPath: lab.newKeyPath, boxIds: [box.boxId, boxId] })
  expect(preview.boxes.map(({ boxName, wave }) => [boxName, wave])).toEqual([['plain', 1]])
  expect(preview.leftOut).toMatchObject([{ boxName: 'by agent', why: 'Its host key was never accepted.' }])
  const before = box.bytes()
  await expect(keys.start({ newKeyPath: lab.newKeyPath, boxIds: [box.boxId] })).rejects.toThrow('cancelled')
  await expect(keys.start({ newKeyPath: `${lab.newKeyPath}-no`, boxIds: [box.boxId] })).rejects.toThrow(
    'key-file-unreadable',
  )
  await expect(keys.start({ newKeyPath: box.sshd.keyPath, boxIds: [box.boxId] })).rejects.toThrow('invalid-input')
  expect(box.bytes()).toBe(before)
})
