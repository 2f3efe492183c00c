import { afterEach, expect, test } from 'vitest'
import type { AgentId, ApplyId, ApplyJob } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { type StoredWave, storedRun, storedRunId } from '../testing/stored-run.ts'
import { createInterrupted } from './interrupted.ts'
import { createControl } from './run-control.ts'
import type { Keeper } from './run-keeper.ts'
import type { StoredRun } from './run-rows.ts'
import { createTakeBack } from './take-back.ts'

let stored: ReturnType<typeof storedRun>
afterEach(() => stored.temp[Symbol.dispose]())

const ended = { state: 'ended', endedAtMs: 1, applyId: 'job' as ApplyId } as const

/** Decisions about a stored run whose going on is only noted. `asked`: what happens while its machines are asked. */
function control(
  waves: readonly StoredWave[],
  run: Partial<StoredRun>,
  {
    asked = () => {},
    job = {},
    jobOf = () => job,
  }: { asked?: () => void; job?: Partial<ApplyJob>; jobOf?: (applyId: ApplyId) => Partial<ApplyJob> } = {},
) {
  stored = storedRun(waves, run)
  const { record, temp } = stored
  const done: string[] = []
  let current: string | null = null
  const keeper = {
    current: () => current,
    layers: { putBack: () => [] },
    begin: () => {
      current = storedRunId
      done.push('begin')
      return record.view(storedRunId)
    },
    halt: (_id: string, wish: string) => void done.push(`halt ${wish}`),
    end: () => {
      done.push('end')
      record.write(storedRunId, { run: { state: 'ended' }, event: { kind: 'run.ended', words: '' } })
    },
  } as unknown as Keeper
  const apply = {
    get: (applyId: ApplyId) =>
      ({
        applyId,
        state: 'interrupted',
        step: 'verify',
        words: '',
        nextStep: '',
        fault: null,
        ...jobOf(applyId),
      }) as ApplyJob,
    ask: async () => {
      asked()
      return []
    },
  }
  const ready = async () => ({
    patch: { content: { parts: [] } },
    preview: {
      targets: record
        .load(storedRunId)
        .lanes.map(({ agentId }) => ({ agentId, goes: true, why: '', plan: { changes: [] } })),
      questions: [],
    },
    plans: new Map(
      record
        .load(storedRunId)
        .lanes.map(({ agentId, boxId }) => [agentId, { agentId, boxId, files: [], operations: [], baseSha256: '' }]),
    ),
  })
  const open = () => (job.outcome === 'inconclusive' ? [apply.get('job' as ApplyId)] : [])
  const parts = {
    rollouts: { ready },
    confirm: async () => true,
    clock: temp.clock,
    apply: { open },
    inventory: { folders: () => [] },
  } as unknown as Parameters<typeof createControl>[0]
  const interrupted = createInterrupted({ apply, log: silentLog }, record)
  const of = createControl(parts, record, keeper, interrupted)
  const takeBack = createTakeBack({ ...parts, apply, store: temp.store, actor: 'operator' }, record, keeper, of)
  return { done, record, keeper, of, takeBack }
}

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof FaultError ? error.fault.code : error),
  )
const question = (kind: 'failed' | 'inconclusive', ...names: string[]) => ({
  kind,
  words: 'Open.',
  evidence: [],
  agentIds: names as AgentId[],
})

test('to look again is never to take it as good enough', async () => {
  const at = control(
    [
      {
        kind: 'canary',
        wave: { state: 'failed', words: 'It failed.' },
        lanes: { canary: { ...ended, outcome: 'reverted' } },
      },
    ],
    { state: 'paused', question: question('failed', 'canary') },
  )
  expect(await faultOf(at.of.goOn(storedRunId, 'look-again'))).toBe('invalid-input')
  expect(at.done).toEqual([])
  expect(at.record.load(storedRunId)).toMatchObject({ run: { state: 'paused' }, waves: [{ state: 'failed' }] })
  await at.of.goOn(storedRunId, 'go-on')
  expect(at.record.load(storedRunId).waves).toMatchObject([{ state: 'passed' }])
})

test('one that went on while its machines were asked is stopped as one that is on its way', async () => {
  const at = control(
    [
      {
        kind: 'canary',
        wave: { state: 'running' },
        lanes: { canary: { state: 'running', applyId: 'job' as ApplyId } },
      },
    ],
    { state: 'interrupted' },
    { asked: () => void at.keeper.begin(storedRunId) },
  )
  await at.of.stop(storedRunId)
  expect(at.done).toEqual(['begin', 'halt stop'])
})

test('one that was stopped while it was previewed again does not go again', async () => {
  const at = control(
    [
      { kind: 'canary', wave: { state: 'failed', words: 'x' }, lanes: { canary: { ...ended, outcome: 'reverted' } } },
      { kind: 'rest', lanes: { rest: {} } },
    ],
    { state: 'paused', question: question('failed', 'canary') },
  )
  const again = faultOf(at.of.retry(storedRunId, undefined))
  await at.of.stop(storedRunId)
  expect(await again).toBe('invalid-input')
  expect(at.done).toEqual(['end'])
})

test('gone again after a stop, those that were changed and not found well are looked at first', async () => {
  const at = control(
    [
      { kind: 'canary', wave: { state: 'stopped' }, lanes: { canary: { ...ended, outcome: 'changed' } } },
      {
        kind: 'rest',
        wave: { state: 'stopped' },
        lanes: { one: { ...ended, outcome: 'changed' }, two: { ...ended, outcome: 'not-attempted' } },
      },
    ],
    { state: 'ended', layers: 'saved' },
  )
  await at.of.retry(storedRunId, undefined)
  const { lanes, waves } = at.record.load(storedRunId)
  expect(lanes.map(({ name, state }) => [name, state])).toEqual([
    ['canary', 'soaking'],
    ['one', 'soaking'],
    ['two', 'waiting'],
  ])
  expect(waves.map(({ state }) => state)).toEqual(['soaking', 'waiting'])
})

test('a change whose end no machine has told yet does not go again', async () => {
  const at = control(
    [
      {
        kind: 'rest',
        wave: { state: 'inconclusive', words: 'x' },
        lanes: { one: { ...ended, outcome: 'inconclusive' } },
      },
    ],
    { state: 'paused', question: question('inconclusive', 'one') },
    { job: { outcome: 'inconclusive' } },
  )
  expect(await faultOf(at.of.retry(storedRunId, undefined))).toBe('invalid-input')
  expect(at.record.load(storedRunId).lanes[0]).toMatchObject({ applyId: 'job', outcome: 'inconclusive' })
})

test('what a machine tells of a run that has ended does not wait for a look that nobody makes', async () => {
  const at = control(
    [
      {
        kind: 'rest',
        wave: { state: 'inconclusive', words: 'x' },
        lanes: { one: { ...ended, outcome: 'inconclusive' } },
      },
    ],
    { state: 'ended' },
    { job: { outcome: 'changed', endedAtMs: 5 } },
  )
  expect(await faultOf(at.of.retry(storedRunId, undefined))).toBe('invalid-input')
  expect(at.record.load(storedRunId).lanes[0]).toMatchObject({ state: 'ended', outcome: 'changed' })
})

test('a change whose end was not seen is asked about before it is taken back, and named where nobody knows', async () => {
  const inverse = { changes: [], files: [], update: null, commands: [], folders: [], cannot: [], stays: [] }
  const jobs: Record<string, ApplyJob['outcome']> = { known: 'changed', unknown: 'inconclusive' }
  const lane = (name: string) => ({ ...ended, outcome: 'inconclusive' as const, applyId: name as ApplyId, inverse })
  const at = control(
    [
      {
        kind: 'rest',
        wave: { state: 'inconclusive', words: 'x' },
        lanes: { known: lane('known'), unknown: lane('unknown') },
      },
    ],
    { state: 'ended', layers: 'none' },
    { jobOf: (applyId) => ({ outcome: jobs[applyId] ?? null }) },
  )
  await at.takeBack(storedRunId, undefined)
  const [revert] = at.record.rows.newest(null, 1)
  expect(revert?.sentence).toBe(
    'Takes patch p back on 1 agent. Nobody knows how it ended on unknown, so it is left as it is.',
  )
  expect(at.record.load(revert?.rolloutId ?? storedRunId).lanes.map(({ name }) => name)).toEqual(['known'])
})
