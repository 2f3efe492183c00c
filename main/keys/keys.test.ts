import { expect, test } from 'vitest'
import type { BoxId, KeyRunId, TrustState } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createInventory } from '../inventory/inventory.ts'

import { tempStore } from '../testing/temp-store.ts'
import { createKeys, type KeyParts } from './keys.ts'

const keyAt = (path: string) => ({
  path,
  type: 'ssh-ed25519',
  blob: `AAAA${path.replaceAll(/\W/g, '')}AAAAAAAAAAAAAAAA`,
  comment: path,
  fingerprint: `SHA256:${path}`,
})

/** A console over boxes that do what they are asked; no box is real, every row is. The first has no client. */
function lab() {
  const clock = systemClock
  const temp = tempStore(clock)
  const changes = createChanges()
  const inventory = createInventory({ ...temp, changes, clock, homeDir: temp.dataDir })
  const auth = { kind: 'key' as const, path: '/keys/old' }
  const { boxId } = inventory.addBox({ name: 'north', host: 'north', auth }).box
  const add = (name: string) => {
    const { clientId } = inventory.addClient({ name: `Client of ${name}` }).client
    return { clientId, boxId: inventory.addBox({ name, host: name, auth, clientId }).box.boxId }
  }
  /** What its answers, and its logins, wait for. */
  const held = { answers: Promise.resolve(), logins: Promise.resolve() }
  const refused = new Set<string>()
  const standing = new Map<BoxId, Set<string>>()
  const standsOn = (id: BoxId) => {
    const keys = standing.get(id) ?? new Set([keyAt('/keys/old').blob])
    standing.set(id, keys)
    return keys
  }
  const keys = createKeys({
    ...temp,
    inventory,
    clock,
    changes,
    log: silentLog,
    confirm: async () => true,
    onbox: {
      async keys(id: BoxId, { old, fresh, act }: Parameters<KeyParts['onbox']['keys']>[1]) {
        await held.answers
        const stands = standsOn(id)
        if (act.do === 'add') stands.add(fresh)
        if (act.do === 'remove') stands.delete(act.which === 'old' ? old : fresh)
        const of = (blob: string) => ({ lines: stands.has(blob) ? [`ssh-ed25519 ${blob} x`] : [] })
        return { file: '/home/dana/.ssh/authorized_keys', old: of(old), fresh: of(fresh), others: 0 }
      },
    },
    ssh: {
      trust: () => ({ pin: { fingerprint: '' } }) as TrustState,
      publicKey: async (path) => keyAt(path),
      async proveLogin(id, given) {
        await held.logins
        if (given.kind === 'key' && !refused.has(given.path) && standsOn(id).has(keyAt(given.path).blob)) return
        throw new FaultError({ code: 'auth-refused', boxName: 'north', user: 'dana', offered: [], accepted: [] })
      },
    },
  })
  return { ...temp, inventory, add, boxId, keys, held, refused, [Symbol.dispose]: () => temp[Symbol.dispose]() }
}

test('an end that could not be written ends the run, and the machine can be asked', async () => {
  using at = lab()
  const { keys, store, boxId } = at
  store.write(() =>
    store.db.exec(
      "create trigger full before update on key_box when new.state = 'rotated' begin select raise(abort, 'full'); end",
    ),
  )
  const { runId } = await keys.start({ newKeyPath: '/keys/new', boxIds: [boxId] })
  let last = keys.get(runId)
  for await (const run of keys.watch(runId)) last = run
  expect(last).toMatchObject({ state: 'stopped', boxes: [{ state: 'unknown' }] })
  store.write(() => store.db.exec('drop trigger full'))
  expect(await keys.ask(runId)).toMatchObject({ boxes: [{ state: 'rotated' }] })
})

test('an answer to what was asked before it was gone on with does not end it', async () => {
  using at = lab()
  const { keys, boxId, held, refused } = at
  refused.add('/keys/new')
  const { runId } = await keys.start({ newKeyPath: '/keys/new', boxIds: [boxId] })
  let last = keys.get(runId)
  for await (const run of keys.watch(runId)) last = run
  expect(last).toMatchObject({ state: 'stopped', boxes: [{ state: 'kept' }] })
  refused.clear()
  const [answers, logins] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  held.answers = answers.promise
  held.logins = logins.promise
  const asked = keys.ask(runId)
  await keys.continue(runId)
  answers.resolve()
  expect(await asked).toMatchObject({ state: 'running' })
  expect(keys.get(runId)).toMatchObject({ state: 'running' })
  logins.resolve()
  for await (const run of keys.watch(runId)) last = run
  expect(last).toMatchObject({ state: 'done', boxes: [{ state: 'rotated' }] })
})

test('a client who is on hold since is passed over when it is gone on with, and when it is taken back', async () => {
  using at = lab()
  const { keys, boxId, refused, inventory } = at
  const [south, west] = [at.add('south'), at.add('west')]
  const ended = async (runId: KeyRunId) => {
    let last = keys.get(runId)
    for await (const run of keys.watch(runId)) last = run
    return Object.fromEntries(last.boxes.map(({ boxName, state, words }) => [boxName, [state, words]]))
  }
  const hold = ({ clientId }: typeof south) =>
    inventory.holdClient({ clientId, untilMs: Date.now() + 86_400_000, reason: 'A fair' })
  const onHold = expect.stringMatching(/^No changes at this client until /)

  refused.add('/keys/new')
  const { runId } = await keys.start({ newKeyPath: '/keys/new', boxIds: [boxId, south.boxId, west.boxId] })
  expect(await ended(runId)).toMatchObject({
    north: ['kept', expect.anything()],
    south: ['not-attempted', expect.anything()],
  })
  refused.clear()
  hold(south)
  await keys.continue(runId)
  expect(await ended(runId)).toEqual({
    north: ['rotated', expect.anything()],
    south: ['not-attempted', onHold],
    west: ['rotated', expect.anything()],
  })
  await expect(keys.continue(runId)).rejects.toMatchObject({
    fault: { code: 'invalid-input', detail: expect.stringContaining('No changes at this client') },
  })

  hold(west)
  const back = await keys.revert(runId)
  expect(back.leftOut).toMatchObject([{ boxName: 'west', why: onHold }])
  expect(await ended(back.runId)).toEqual({ north: ['rotated', expect.anything()] })
})

test('where everybody who could show that the key works is on hold, nobody else goes', async () => {
  using at = lab()
  const { keys, boxId, refused, inventory } = at
  const south = at.add('south')
  refused.add('/keys/new')
  const { runId } = await keys.start({ newKeyPath: '/keys/new', boxIds: [south.boxId, boxId] })
  for await (const _ of keys.watch(runId));
  const [canary] = keys.get(runId).boxes
  expect(canary).toMatchObject({ wave: 1, boxId: south.boxId })
  refused.clear()
  inventory.holdClient({ clientId: south.clientId, untilMs: Date.now() + 86_400_000, reason: 'A fair' })
  await keys.continue(runId)
  for await (const _ of keys.watch(runId));
  expect(keys.get(runId).boxes.map(({ state }) => state)).not.toContain('rotated')
})
