import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentId, BoxId, TrustState } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createInventory } from '../inventory/inventory.ts'
import type { RunningBackup } from '../onbox/onbox.ts'
import { BackupAnswer } from '../runtimes/backup-answer.ts'
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts'
import { type TempStore, tempStore } from '../testing/temp-store.ts'
import { type Backups, createBackups } from './backup.ts'

const made: BackupAnswer = {
  made: {
    archive: '/home/dana/.wheelhouse/backups/x/a.tar.gz',
    sizeBytes: 5,
    sha256: 'a'.repeat(64),
    madeAtMs: 0,
    runtimeVersion: '2026.9.6',
    entries: 3,
  },
}

let clock: FakeClock
let temp: TempStore
let boxId: BoxId
let agentId: AgentId
let backups: Backups
/** A program on a box that is silent until it is told, and ends as a whole where a question is not answered in time. */
let program: RunningBackup & { answer: (how: BackupAnswer) => void; readonly asked: Promise<void> }

function silentProgram() {
  const answered = Promise.withResolvers<BackupAnswer>()
  const asked = Promise.withResolvers<void>()
  const within = <T>(deadlineMs: number, answer: Promise<T>): Promise<T> => {
    const late = () =>
      answered.reject(new FaultError({ code: 'timed-out', boxName: 'north', phase: 'answer', afterMs: deadlineMs }))
    const cancel = clock.after(deadlineMs, late)
    return answer.finally(cancel)
  }
  return {
    make: (_: unknown, { deadlineMs }: { deadlineMs: number }) => {
      asked.resolve()
      return within(deadlineMs, answered.promise)
    },
    progress: ({ deadlineMs }: { deadlineMs: number }) => within(deadlineMs, new Promise<never>(() => {})),
    close() {},
    answer: answered.resolve,
    asked: asked.promise,
  }
}

const open = () => {
  const changes = createChanges()
  const inventory = createInventory({ ...temp, changes, clock, homeDir: temp.dataDir })
  boxId ??= inventory.addBox({ name: 'north', host: 'north' }).box.boxId
  agentId ??= inventory.seenAgent(boxId, { profile: 'default', stateDir: '/home/dana/.openclaw' })
  return createBackups({
    ...temp,
    inventory,
    onbox: { backup: async () => program },
    ssh: { trust: () => ({ pin: { fingerprint: '' } }) as TrustState },
    clock,
    changes,
    log: silentLog,
    sweepOne: async () => {},
    lastOf: () => undefined,
  })
}
beforeEach(() => {
  clock = fakeClock()
  temp = tempStore(clock)
  ;[boxId, agentId] = [undefined as unknown as BoxId, undefined as unknown as AgentId]
  program = silentProgram()
  backups = open()
})
afterEach(async () => {
  await backups.close()
  temp[Symbol.dispose]()
})

test('a machine too busy to say how far it is goes on with its backup', async () => {
  const ended = backups.make({ boxId, agentId, signal: new AbortController().signal })
  await program.asked
  clock.advance(15 * 60_000)
  program.answer(made)
  expect(await ended).toMatchObject({ state: 'made', fault: null })
})

test('what the runtime said of its failure brings no secret into the row or the diary', async () => {
  const ended = backups.make({ boxId, agentId, signal: new AbortController().signal })
  await program.asked
  const secret = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'
  program.answer({ made: null, why: 'failed', words: `It said: Error: token=${secret}`, nextStep: '' })
  expect(await ended).toMatchObject({ state: 'failed', words: 'It said: Error: ***' })
  expect(JSON.stringify([backups.recent(1), temp.ledger.entries({ limit: 10 })])).not.toContain(secret)
})

test('a machine that tells an impossible time of it gives no answer', () => {
  const with_ = (madeAtMs: number) => BackupAnswer.safeParse({ made: { ...made.made, madeAtMs } }).success
  expect([with_(0), with_(9e15), with_(0.5)]).toEqual([true, false, false])
})

test('an end that could not be written is not known, also to the next console', async () => {
  const ended = backups.make({ boxId, agentId, signal: new AbortController().signal })
  await program.asked
  temp.store.write(() =>
    temp.store.db.exec(
      "create trigger full before update on backup_agent when new.state = 'made' begin select raise(abort, 'full'); end",
    ),
  )
  program.answer(made)
  expect(await ended).toMatchObject({ state: 'unknown' })
  const words = 'Its end could not be kept here. The next sweep reads whether there is a backup.'
  expect(open().recent(1)).toMatchObject([{ state: 'done', agents: [{ state: 'unknown', words }] }])
})
