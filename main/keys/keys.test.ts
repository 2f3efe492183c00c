import { expect, test } from 'vitest'
import type { BoxId, TrustState } from '../../shared/contract/index.ts'
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

/** A console over a box that does what it is asked; no box is real, every row is. */
function lab() {
  const clock = systemClock
  const temp = tempStore(clock)
  const changes = createChanges()
  const inventory = createInventory({ ...temp, changes, clock, homeDir: temp.dataDir })
  const auth = { kind: 'key' as const, path: '/keys/old' }
  const { boxId } = inventory.addBox({ name: 'north', host: 'north', auth }).box
  /** What its answers, and its logins, wait for. */
  const held = { answers: Promise.resolve(), logins: Promise.resolve() }
  const refused = new Set<string>()
  const stands = new Set([keyAt('/keys/old').blob])
  const keys = createKeys({
    ...temp,
    inventory,
    clock,
    changes,
    log: silentLog,
    confirm: async () => true,
    onbox: {
      async keys(_boxId: BoxId, { old, fresh, act }: Parameters<KeyParts['onbox']['keys']>[1]) {
        await held.answers
        if (act.do === 'add') stands.add(fresh)
        if (act.do === 'remove') stands.delete(act.which === 'old' ? old : fresh)
        const of = (blob: string) => ({ lines: stands.has(blob) ? [`ssh-ed25519 ${blob} x`] : [] })
        return { file: '/home/dana/.ssh/authorized_keys', old: of(old), fresh: of(fresh), others: 0 }
      },
    },
    ssh: {
      trust: () => ({ pin: { fingerprint: '' } }) as TrustState,
      publicKey: async (path) => keyAt(path),
      async proveLogin(_boxId, given) {
        await held.logins
        if (given.kind === 'key' && !refused.has(given.path) && stands.has(keyAt(given.path).blob)) return
        throw new FaultError({ code: 'auth-refused', boxName: 'north', user: 'dana', offered: [], accepted: [] })
      },
    },
  })
  return { ...temp, boxId, keys, held, refused, [Symbol.dispose]: () => temp[Symbol.dispose]() }
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
