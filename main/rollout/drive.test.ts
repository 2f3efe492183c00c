import { afterEach, expect, test } from 'vitest'
import type { ApplyId, ApplyJob } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { type StoredWave, storedRun, storedRunId } from '../testing/stored-run.ts'
import { type DriveWork, drive } from './drive.ts'
import type { StoredRun } from './run-rows.ts'

let stored: ReturnType<typeof storedRun>
afterEach(() => stored.temp[Symbol.dispose]())

/** Drives a run whose changes all end well; `begun`: on which agents, in order. */
async function driven(waves: readonly StoredWave[], run: Partial<StoredRun> = {}, change: Partial<DriveWork> = {}) {
  stored = storedRun(waves, run)
  const { record, temp } = stored
  const begun: string[] = []
  const kept: string[] = []
  const jobs = new Map<ApplyId, ApplyJob>()
  const get = (applyId: ApplyId) => jobs.get(applyId) as ApplyJob
  const work: DriveWork = {
    record,
    clock: temp.clock,
    armedForS: () => 60,
    backups: { make: () => Promise.reject(new Error('nothing is updated here')) },
    givenUp: new AbortController().signal,
    apply: {
      async startAgreed({ applyId, agentId }) {
        begun.push(agentId)
        const job = { applyId, step: 'commit', outcome: 'changed', words: '', nextStep: '', fault: null }
        jobs.set(applyId, { ...job, state: 'ended' } as ApplyJob)
        return get(applyId)
      },
      async *watch(applyId) {
        yield get(applyId)
      },
      get,
      idle: async () => {},
    },
    turnOf: async ({ plan }) => ({ send: plan, keep: {} }),
    ended: () => {},
    beginsAtMs: () => 0,
    waits: '',
    look: async () => {},
    check: async () => [],
    judge: () => ({ state: 'pass', seen: [], against: [] }),
    keepLayers: () => {
      kept.push('layers')
      record.write(storedRunId, { run: { layers: 'saved' }, event: { kind: 'layers.saved', words: '' } })
    },
    ...change,
  }
  const halt = new AbortController()
  return { begun, kept, record, halt, asked: await drive(storedRunId, work, halt.signal) }
}

const ended = { state: 'ended', endedAtMs: 1 } as const
const passed = { state: 'passed' } as const

test('a canary that was left out keeps the rest from going, also of a patch that declares nothing', async () => {
  const waves: StoredWave[] = [
    { kind: 'canary', wave: passed, lanes: { canary: { ...ended, outcome: 'left-out', words: 'On hold.' } } },
    { kind: 'rest', lanes: { rest: {} } },
  ]
  const { asked, begun } = await driven(waves, { layers: 'none' })
  expect(asked).toMatchObject({ kind: 'inconclusive', agentIds: ['canary'] })
  expect(begun).toEqual([])
})

test.each(['failed', 'inconclusive'] as const)(
  'a wave that %s is asked about until somebody decides',
  async (state) => {
    const waves: StoredWave[] = [
      { kind: 'canary', wave: passed, lanes: { canary: { ...ended, outcome: 'changed' } } },
      {
        kind: 'rest',
        wave: { state, words: 'Not as well as before.' },
        lanes: { one: { ...ended, outcome: 'reverted', words: 'It went back.' }, two: { state: 'waiting' } },
      },
      { kind: 'rest', lanes: { three: {} } },
    ]
    const { asked, begun } = await driven(waves, { layers: 'saved' })
    expect(asked).toEqual({
      kind: state,
      words: 'Not as well as before.',
      evidence: ['one: It went back.'],
      agentIds: ['one'],
    })
    expect(begun).toEqual([])
  },
)

test('a canary that was changed and not found well is no proof, and its layers are not kept', async () => {
  for (const wave of [{ state: 'failed', words: 'Not as well.' }, { state: 'stopped' }] as const) {
    const { asked, begun, kept } = await driven([
      { kind: 'canary', wave, lanes: { canary: { ...ended, outcome: 'changed' } } },
      { kind: 'rest', lanes: { rest: {} } },
    ])
    expect(asked?.agentIds).toEqual(['canary'])
    expect([begun, kept]).toEqual([[], []])
    if (wave.state === 'failed') stored.temp[Symbol.dispose]()
  }
})

test('paused while its turn is worked out, nothing is begun', async () => {
  const halt = new AbortController()
  stored = storedRun([{ kind: 'rest', lanes: { one: {} } }], { revertOf: storedRunId, layers: 'none' })
  const { record, temp } = stored
  const begun: string[] = []
  const work = {
    record,
    clock: temp.clock,
    armedForS: () => 60,
    backups: { make: () => Promise.reject(new Error('nothing is updated here')) },
    givenUp: new AbortController().signal,
    apply: { startAgreed: async () => begun.push('one') },
    turnOf: async () => {
      halt.abort()
      return { send: { hash: '', baseSha256: '', changes: [], files: [] }, keep: {} }
    },
    ended: () => {},
    beginsAtMs: () => 0,
  } as unknown as DriveWork
  expect(await drive(storedRunId, work, halt.signal)).toBeNull()
  expect(begun).toEqual([])
  expect(record.load(storedRunId).lanes[0]).toMatchObject({ state: 'waiting', applyId: null })
})

test('one that was taken out of the inventory is left out, and the others go on', async () => {
  const { asked, begun, record } = await driven(
    [
      { kind: 'canary', lanes: { canary: {} } },
      { kind: 'rest', lanes: { gone: {}, rest: {} } },
    ],
    {},
    {
      turnOf: async ({ name, plan }) => {
        if (name === 'gone') throw new FaultError({ code: 'not-found', what: 'agent' })
        return { send: plan, keep: {} }
      },
    },
  )
  expect(asked).toBeNull()
  expect(begun).toEqual(['canary', 'rest'])
  expect(record.load(storedRunId).lanes.map(({ outcome }) => outcome)).toEqual(['changed', 'left-out', 'changed'])
})
