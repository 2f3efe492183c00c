import type { AgentId, RolloutId, RolloutRun, RunWave } from '../../shared/contract/index.ts'
import type { Apply } from '../apply/apply.ts'
import { canonicalJson } from '../base/canonical.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import { lanePlanOf } from './carry.ts'
import type { Interrupted } from './interrupted.ts'
import type { Keeper } from './run-keeper.ts'
import type { RunsParts } from './run-parts.ts'
import { continueQuestion } from './run-questions.ts'
import type { RunRecord } from './run-record.ts'
import type { LanePlan, StoredLane } from './run-rows.ts'

/** A machine that came back later than this has to be previewed anew. */
export const returnMs = 7 * 86_400_000

export const refuse = (detail: string): FaultError => new FaultError({ code: 'invalid-input', field: 'Run', detail })

/** What is to go again: as if its turn had never come. */
export const anew = (lane: StoredLane): StoredLane => ({
  ...lane,
  state: 'waiting',
  step: null,
  outcome: null,
  applyId: null,
  words: '',
  nextStep: '',
  fault: null,
  seen: [],
  beginsAtMs: null,
  begunAtMs: null,
  endedAtMs: null,
  goesBackAtMs: null,
})

/** What is done, whatever the config it is done to. */
const whatOf = ({ changes, files, commands, folders }: LanePlan): string =>
  canonicalJson([changes, files, commands, folders])

/** What a person does with a run that there is. `alone`: nobody decides two things at once. */
export function createControl(
  parts: Pick<RunsParts, 'rollouts' | 'confirm' | 'clock'> & {
    readonly inventory: Pick<RunsParts['inventory'], 'folders'>
  } & { readonly apply: Pick<Apply, 'open'> },
  record: RunRecord,
  keeper: Keeper,
  interrupted: Interrupted,
) {
  const { rollouts, confirm, clock, apply, inventory } = parts

  const isCarried = (rolloutId: RolloutId): boolean => keeper.current() === rolloutId
  const refuseOther = (rolloutId: RolloutId): void => {
    const other = record.rows.unended().find((run) => run.rolloutId !== rolloutId)
    if (other) throw new FaultError({ code: 'in-use', what: 'fleet', by: `the run of patch ${other.patch.name}` })
  }

  async function goOn(rolloutId: RolloutId, how: 'go-on' | 'look-again'): Promise<RolloutRun> {
    let whole = record.load(rolloutId)
    if (isCarried(rolloutId) || (whole.run.state !== 'paused' && whole.run.state !== 'interrupted'))
      throw refuse('It does not wait for anybody.')
    if (whole.run.state === 'interrupted') {
      await interrupted.ask(rolloutId)
      interrupted.sync(rolloutId)
      whole = record.load(rolloutId)
      const again = interrupted.again(rolloutId)
      const left = whole.lanes.filter((lane) => lane.state === 'waiting' || again.includes(lane))
      if (!(await confirm(continueQuestion(whole.run, left))))
        throw new FaultError({ code: 'cancelled', what: 'going on was not confirmed, so nothing was begun' })
      whole = record.load(rolloutId)
      if (whole.run.state !== 'interrupted' || isCarried(rolloutId)) throw refuse('It does not wait for anybody.')
      const ids = new Set(interrupted.again(rolloutId).map(({ agentId }) => agentId))
      const lanes = whole.lanes.filter(({ agentId }) => ids.has(agentId)).map(anew)
      // A verdict that nobody was asked about is given anew, so that going on takes nothing unseen for good.
      const unasked = whole.lanes.filter(({ state }) => state === 'checking' || state === 'soaking')
      const numbers = new Set([...lanes, ...unasked].map(({ wave }) => wave))
      record.write(rolloutId, {
        run: { state: 'running', question: null },
        lanes,
        waves: whole.waves
          .filter(({ number }) => numbers.has(number))
          .map((wave) => ({ ...wave, state: 'running', soakUntilMs: null })),
        event: { kind: 'run.continued', words: 'Goes on by the word of a person.' },
        said: {
          actor: 'operator',
          kind: 'rollout.continued',
          words: `The run of patch ${whole.run.patch.name} goes on.`,
        },
      })
      return keeper.begin(rolloutId)
    }
    const { question } = whole.run
    const asked = new Set(question?.agentIds ?? [])
    const wave = whole.waves.find(
      ({ state, agentIds }) => (state === 'failed' || state === 'inconclusive') && agentIds.some((id) => asked.has(id)),
    )
    const own = whole.lanes.filter((lane) => lane.wave === wave?.number)
    const checking = own.filter((lane) => lane.state === 'checking')
    const nowMs = clock.nowMs()
    const isAgain = how === 'look-again' && checking.length > 0
    if (how === 'look-again' && !isAgain && wave !== undefined)
      throw refuse(
        'None of those it asks about is changed and at work, so there is nothing to look at. Go on, or stop it.',
      )
    const lanes = isAgain
      ? []
      : checking.filter(({ agentId }) => asked.has(agentId)).map((lane) => accepted(lane, nowMs))
    const isLeft = own.some(({ state }) => state === 'waiting' || state === 'soaking')
    const waves =
      wave === undefined || question === null
        ? []
        : isAgain
          ? [{ ...wave, state: 'soaking' as const, words: '', soakUntilMs: nowMs }]
          : isLeft
            ? [{ ...wave, state: 'running' as const, words: '', soakUntilMs: null }]
            : [{ ...wave, state: 'passed' as const, words: `Taken as good enough: ${wave.words}` }]
    const words = isAgain
      ? `Looks again: ${question?.words ?? ''}`
      : question === null
        ? 'Goes on.'
        : `Taken as good enough: ${question.words}`
    record.write(rolloutId, {
      run: { state: 'running', question: null },
      lanes,
      waves,
      event: { kind: 'run.continued', words },
      said: {
        actor: 'operator',
        kind: 'rollout.continued',
        words: `The run of patch ${whole.run.patch.name} goes on. ${question === null ? '' : words}`.trim(),
      },
    })
    return keeper.begin(rolloutId)
  }

  const accepted = (lane: StoredLane, endedAtMs: number): StoredLane => ({
    ...lane,
    state: 'ended',
    endedAtMs,
    words: `${lane.words} A person took it as good enough.`.trim(),
    nextStep: '',
  })

  const isUnknown = ({ outcome, applyId, boxId }: StoredLane): boolean =>
    outcome === 'inconclusive' && apply.open(boxId).some((job) => job.applyId === applyId)
  const isToRetry = ({ outcome, takenBack, state, endedAtMs, wave }: StoredLane): boolean => {
    if (wave === 0 || takenBack || state !== 'ended') return false
    if (outcome === 'waits-for-return') return (endedAtMs ?? 0) > clock.nowMs() - returnMs
    return outcome === 'failed' || outcome === 'reverted' || outcome === 'not-attempted' || outcome === 'inconclusive'
  }

  /** Changed before, and not found to be as well: looked at before anything else is begun, where no other of its wave is open. */
  function neverFoundWell(
    waves: readonly RunWave[],
    lanes: readonly StoredLane[],
    again: readonly StoredLane[],
  ): StoredLane[] {
    const goes = new Set(again.map(({ agentId }) => agentId))
    const open = waves.filter(({ state }) => state === 'failed' || state === 'inconclusive' || state === 'stopped')
    return open.flatMap(({ number }) => {
      const own = lanes.filter((lane) => lane.wave === number && !goes.has(lane.agentId))
      const isOpen = own.some(
        ({ outcome, takenBack }) =>
          !takenBack && (outcome === 'failed' || outcome === 'reverted' || outcome === 'inconclusive'),
      )
      const isAgain = again.some(({ wave, state }) => wave === number && state === 'waiting')
      if (isOpen && !isAgain) return []
      return own
        .filter(({ outcome, takenBack, state }) => outcome === 'changed' && !takenBack && state === 'ended')
        .map((lane) => ({ ...lane, state: 'soaking' as const, endedAtMs: null }))
    })
  }

  async function retry(rolloutId: RolloutId, agentIds: readonly AgentId[] | undefined): Promise<RolloutRun> {
    refuseOther(rolloutId)
    const { state } = record.load(rolloutId).run
    if (state === 'interrupted') throw refuse('It was interrupted. Go on with it, or stop it first.')
    await interrupted.ask(rolloutId)
    interrupted.sync(rolloutId)
    const { run, lanes, waves } = record.load(rolloutId)
    if (lanes.some(({ state }) => state === 'checking'))
      throw refuse('It asks about an agent that was changed. Look again, go on, or stop it first.')
    if (isCarried(rolloutId)) throw refuse('It is on its way. Pause it first.')
    if (run.layers === 'put-back') throw refuse('It was taken back. Preview the patch again.')
    const isRevert = run.revertOf !== null
    const wanted = lanes.filter(
      (lane) =>
        (agentIds?.includes(lane.agentId) ?? true) &&
        isToRetry(lane) &&
        !isUnknown(lane) &&
        !(isRevert && lane.outcome === 'reverted'),
    )
    if (wanted.length === 0)
      throw refuse(
        lanes.some(isUnknown)
          ? 'Nobody knows yet how the change ended there. Ask again when the machine answers.'
          : 'Nothing of it is left that could go again.',
      )
    const again = isRevert ? wanted.map(anew) : await previewed(run.patch, wanted)
    if (isCarried(rolloutId) || record.load(rolloutId).run.state !== state)
      throw refuse('It was decided otherwise meanwhile.')
    const isGone = again.every((lane) => lane.state === 'ended')
    const numbers = new Set(again.filter((lane) => lane.state === 'waiting').map(({ wave }) => wave))
    const words = `${counted(wanted.length, 'agent')} to go again.`
    const first = isGone || isRevert ? [] : neverFoundWell(waves, lanes, again)
    const seenAgain = new Set(first.map(({ wave }) => wave))
    record.write(rolloutId, {
      run: isGone ? {} : { state: 'running', question: null, endedAtMs: null },
      lanes: [...again, ...first],
      waves: waves.flatMap((wave): RunWave[] =>
        numbers.has(wave.number)
          ? [{ ...wave, state: 'waiting', words: '', soakUntilMs: null }]
          : seenAgain.has(wave.number)
            ? [{ ...wave, state: 'soaking', words: '', soakUntilMs: clock.nowMs() }]
            : [],
      ),
      event: { kind: 'run.retried', words },
      said: { actor: 'operator', kind: 'rollout.retried', words: `Patch ${run.patch.name}: ${words}` },
    })
    return isGone ? record.view(rolloutId) : keeper.begin(rolloutId)
  }

  /** The same change as was confirmed, on the config as it is now; what would be another is left out. */
  async function previewed(
    { patchId, revision }: { patchId: Parameters<typeof rollouts.ready>[0]['patchId']; revision: number },
    wanted: readonly StoredLane[],
  ): Promise<StoredLane[]> {
    const boxIds = [...new Set(wanted.map(({ boxId }) => boxId))]
    const { patch, preview, plans } = await rollouts.ready({ patchId, revision, boxIds })
    return wanted.map((lane) => {
      const target = preview.targets.find(({ agentId }) => agentId === lane.agentId)
      const plan = plans.get(lane.agentId)
      const leftOut = (why: string): StoredLane => ({
        ...lane,
        outcome: 'left-out',
        words: why,
        nextStep: 'Preview the patch again for it.',
      })
      if (target === undefined || plan === undefined) return leftOut('The patch does not reach it any more.')
      if (target.why === 'nothing to do')
        return { ...lane, outcome: 'unchanged', words: 'It has it already.', nextStep: '', fault: null }
      if (!target.goes) {
        const question = preview.questions.find(({ agents }) => agents.some(({ agentId }) => agentId === lane.agentId))
        return leftOut(target.why || question?.words || 'Something speaks against it now.')
      }
      const fresh = lanePlanOf(patch.content, plan, inventory.folders({ boxId: lane.boxId }))
      if (whatOf(fresh) !== whatOf(lane.plan))
        return leftOut('It changed since the preview, so it would not be what was confirmed.')
      return { ...anew(lane), plan: fresh }
    })
  }

  async function stop(rolloutId: RolloutId): Promise<RolloutRun> {
    if (isCarried(rolloutId)) {
      keeper.halt(rolloutId, 'stop')
      return record.view(rolloutId)
    }
    const { run } = record.load(rolloutId)
    if (run.state === 'ended') throw refuse('It has ended.')
    if (run.state === 'interrupted') {
      await interrupted.ask(rolloutId)
      // Somebody may have decided meanwhile.
      if (isCarried(rolloutId) || record.load(rolloutId).run.state !== 'interrupted') return stop(rolloutId)
      interrupted.sync(rolloutId)
    }
    keeper.end(rolloutId, true)
    return record.view(rolloutId)
  }

  return {
    goOn,
    retry,
    stop,
    refuseOther,
    /** Asks the machines whose change nobody saw end, and keeps what they say. */
    async learn(rolloutId: RolloutId): Promise<void> {
      await interrupted.ask(rolloutId)
      interrupted.sync(rolloutId)
    },
    pause(rolloutId: RolloutId): RolloutRun {
      if (!isCarried(rolloutId)) throw refuse('It is not on its way.')
      keeper.halt(rolloutId, 'pause')
      return record.view(rolloutId)
    },
  }
}
