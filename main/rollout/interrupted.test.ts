import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApplyId, ApplyJob, BoxId } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { storedRun, storedRunId } from '../testing/stored-run.ts'
import { createInterrupted } from './interrupted.ts'
import type { StoredLane } from './run-rows.ts'

const rolloutId = storedRunId
const underWay = (name: string): Partial<StoredLane> => ({
  boxId: name as BoxId,
  applyId: name as ApplyId,
  state: 'running',
  step: 'connect',
  begunAtMs: 1,
})
let at: ReturnType<typeof console1>
beforeEach(() => {
  at = console1()
})
afterEach(() => at.temp[Symbol.dispose]())

/** A record with four lanes on their way, as a console that was killed leaves it; `jobs`: what `apply` knows of them. */
function console1() {
  const jobs = new Map<string, Partial<ApplyJob>>()
  let answers: (boxId: BoxId) => void = () => {}
  const apply = {
    get(applyId: ApplyId): ApplyJob {
      const job = jobs.get(applyId)
      if (!job) throw new FaultError({ code: 'not-found', what: 'change' })
      return {
        state: 'interrupted',
        step: 'verify',
        words: '',
        nextStep: '',
        fault: null,
        endedAtMs: 5,
        ...job,
      } as ApplyJob
    },
    ask: async (boxId: BoxId) => {
      answers(boxId)
      return []
    },
  }
  const { temp, record } = storedRun(
    [
      {
        kind: 'rest',
        wave: { state: 'running' },
        lanes: Object.fromEntries(['made', 'never-sent', 'untouched', 'armed'].map((name) => [name, underWay(name)])),
      },
      { kind: 'rest', lanes: { waiting: {} } },
    ],
    { layers: 'none' },
  )
  const answerWith = (said: typeof answers) => {
    answers = said
  }
  return { temp, record, jobs, answerWith, interrupted: createInterrupted({ apply, log: silentLog }, record) }
}

const states = () =>
  Object.fromEntries(at.record.load(rolloutId).lanes.map(({ name, state, outcome }) => [name, [state, outcome]]))

test('each lane says what its change says, one that was never sent waits, and nothing goes on by itself', async () => {
  at.jobs.set('made', { outcome: 'changed', words: 'The machine says: the change was made and stays.' })
  at.jobs.set('untouched', { outcome: 'failed', words: 'Nothing was changed.' })
  at.jobs.set('armed', { outcome: 'inconclusive', words: 'The machine puts the old config back by itself.' })
  at.interrupted.found(rolloutId)
  expect(states()).toEqual({
    made: ['soaking', 'changed'],
    'never-sent': ['waiting', null],
    untouched: ['ended', 'failed'],
    armed: ['ended', 'inconclusive'],
    waiting: ['waiting', null],
  })
  const { run } = at.record.load(rolloutId)
  expect(run).toMatchObject({ state: 'interrupted', question: { words: 'Interrupted at 2 of 5.' } })
  expect(run.question?.evidence.join('\n')).toContain('armed: The machine puts the old config back by itself.')

  // Asked, the machine says more; one that does not answer is told of by name.
  at.answerWith((boxId) => {
    if (boxId === 'armed') at.jobs.set('armed', { outcome: 'reverted', words: 'The old config is back.' })
  })
  await at.interrupted.askAll(rolloutId)
  expect(states().armed).toEqual(['ended', 'reverted'])
  // Both were kept from being made by the end of the console alone: they go again when a person says so.
  expect(at.interrupted.again(rolloutId).map(({ name }) => name)).toEqual(['untouched', 'armed'])
})

test('a machine that cannot be asked stays unknown, and is named', async () => {
  at.jobs.set('armed', { outcome: 'inconclusive', words: 'x' })
  at.interrupted.found(rolloutId)
  at.answerWith(() => {
    throw new FaultError({ code: 'refused', boxName: 'armed', host: 'h', port: 22 })
  })
  await at.interrupted.askAll(rolloutId)
  expect(states().armed).toEqual(['ended', 'inconclusive'])
  const evidence = at.record.load(rolloutId).run.question?.evidence ?? []
  expect(evidence.at(-1)).toMatch(/^armed could not be asked: /)
})
