import type {
  AgentId,
  BoxId,
  PatchId,
  PatchPart,
  RolloutId,
  RolloutPreview,
  RolloutRun,
  RunGuard,
  RunOptions,
  RunSummary,
  RunWave,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { counted } from '../base/words.ts'
import type { Landed } from '../facts/facts.ts'
import type { Assessment } from '../findings/findings.ts'
import { editsOf, lanePlanOf, refuseGuarded, refuseParts } from './carry.ts'
import { checksOf } from './checks.ts'
import { createInterrupted } from './interrupted.ts'
import { stepsOf } from './preview.ts'
import { reportOf } from './report.ts'
import { createControl, returnMs } from './run-control.ts'
import { createKeeper } from './run-keeper.ts'
import type { RunsParts } from './run-parts.ts'
import { startQuestion } from './run-questions.ts'
import { createRecord } from './run-record.ts'
import type { StoredLane } from './run-rows.ts'
import { createTakeBack } from './take-back.ts'
import { createWatches } from './watch.ts'

type One = { rolloutId: RolloutId }
type Some = One & { agentIds?: readonly AgentId[] | undefined }
type Start = { patchId: PatchId; boxIds?: readonly BoxId[] | undefined; hash: string; options: RunOptions }

/** Patches on their way to a frozen list of agents, and how that ended. */
export interface Runs {
  /** @throws FaultError `plan-stale`, `in-use`, `invalid-input`, `guarded`, `cancelled`, `not-found`. */
  start(asked: Start): Promise<RolloutRun>
  /** @throws FaultError `not-found`. */
  get(asked: One): RolloutRun
  /** Newest first. */
  list(asked: { patchId?: PatchId | undefined; limit: number }): RunSummary[]
  watch(rolloutId: RolloutId, signal?: AbortSignal): AsyncGenerator<RolloutRun>
  /** @throws FaultError `invalid-input`, as every decision about a run that is not in the state for it. */
  pause(asked: One): RolloutRun
  continue(asked: One & { how: 'go-on' | 'look-again' }): Promise<RolloutRun>
  stop(asked: One): Promise<RolloutRun>
  retry(asked: Some): Promise<RolloutRun>
  revert(asked: Some): Promise<RolloutRun>
  report(asked: One): { markdown: string }
  /** What of an answer of a machine says that a patch waits for it. */
  judge(landed: Pick<Landed, 'box'>): Assessment[]
  /** The computer goes to sleep: nothing further is begun until a person says so. */
  suspend(): void
  /** Settles when a run is not carried any more: it ended, or waits for a person. */
  idle(rolloutId: RolloutId): Promise<void>
  /** Begins nothing further and waits for what is under way. */
  close(): Promise<void>
}

export function createRuns(parts: RunsParts): Runs {
  const { store, rollouts, confirm, clock, actor, changes, log } = parts
  const watches = createWatches(parts)
  const record = createRecord({ ...parts, watchOf: watches.of })
  const keeper = createKeeper(parts, record, watches)
  const interrupted = createInterrupted(parts, record)
  const control = createControl(parts, record, keeper, interrupted)
  const takeBack = createTakeBack(parts, record, keeper, control)
  let deciding = false
  const asking = new Set<Promise<unknown>>()

  /** Nobody decides two things at once: a dialog may be open meanwhile. @throws FaultError `in-use`. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    if (deciding) throw new FaultError({ code: 'in-use', what: 'fleet', by: 'a question that is open' })
    deciding = true
    try {
      return await work()
    } finally {
      deciding = false
    }
  }

  if (store.writable)
    for (const { rolloutId, state } of record.rows.unended()) {
      if (state !== 'paused') interrupted.found(rolloutId)
      if (state === 'paused') continue
      const asked = interrupted
        .askAll(rolloutId)
        .catch((error: unknown) => void log.error('rollout.not-asked', error, { rolloutId }))
      asking.add(asked)
      void asked.then(() => asking.delete(asked))
    }
  watches.tick()
  /** A change whose end nobody saw may be known by now. */
  const stopListening = changes.subscribe((topics) => {
    if (!topics.includes('apply') || !store.writable) return
    for (const { rolloutId } of record.rows.unended()) if (keeper.current() !== rolloutId) interrupted.sync(rolloutId)
  })

  async function ready({ patchId, boxIds, hash }: Start) {
    const found = await rollouts.ready({ patchId, boxIds })
    refuseParts(found.patch.content)
    const { name } = found.patch.content
    if (found.preview.hash !== hash)
      throw new FaultError({
        code: 'plan-stale',
        boxName: `patch ${name}`,
        why: found.preview.hash === '' ? 'a choice is left, or nobody goes' : 'it is not the one that was previewed',
      })
    refuseGuarded(found.preview)
    return found
  }

  async function start(asked: Start): Promise<RolloutRun> {
    const refuseOther = () => {
      const other = record.rows.unended()[0]
      if (other) throw new FaultError({ code: 'in-use', what: 'fleet', by: `the run of patch ${other.patch.name}` })
    }
    refuseOther()
    const first = await ready(asked)
    const goingOf = ({ patch, preview, plans }: typeof first) =>
      preview.targets.flatMap((target) => {
        const plan = plans.get(target.agentId)
        return target.goes && plan !== undefined
          ? [{ ...target, plan: lanePlanOf(patch.content, plan, parts.inventory.folders({ boxId: target.boxId })) }]
          : []
      })
    if (
      !(await confirm(startQuestion(first.preview, goingOf(first), asked.options.when, checksOf(first.patch.content))))
    )
      throw new FaultError({ code: 'cancelled', what: 'the run was not confirmed, so nothing was sent' })
    refuseOther()
    const { patch, preview, plans } = await ready(asked)
    const rolloutId = newId<RolloutId>()
    const startedAtMs = clock.nowMs()
    const waveOf = new Map(preview.waves.flatMap(({ number, agentIds }) => agentIds.map((id) => [id, number])))
    const { text: why } = patch.content.why
    const lanes = preview.targets.map((target, place): StoredLane => {
      const plan = plans.get(target.agentId)
      const wave = waveOf.get(target.agentId) ?? 0
      return {
        place,
        agentId: target.agentId,
        boxId: target.boxId,
        name: target.name,
        clientName: target.clientName,
        ring: target.ring,
        wave,
        state: wave === 0 ? 'ended' : 'waiting',
        step: null,
        applyId: null,
        outcome: wave === 0 ? (target.why === 'nothing to do' ? 'unchanged' : 'left-out') : null,
        words: wave === 0 ? sentenceOf(target.why) : '',
        nextStep: '',
        fault: null,
        seen: [],
        beginsAtMs: null,
        begunAtMs: null,
        endedAtMs: wave === 0 ? startedAtMs : null,
        goesBackAtMs: null,
        plan: plan
          ? lanePlanOf(patch.content, plan, parts.inventory.folders({ boxId: target.boxId }))
          : { hash: '', baseSha256: '', changes: [], files: [], update: null, commands: [], folders: [] },
        inverse: null,
        beforeIt: null,
        takenBack: false,
      }
    })
    record.begin(
      {
        run: {
          rolloutId,
          revertOf: null,
          patch: { ...preview.patch, why },
          hash: preview.hash,
          sentence: preview.sentence,
          groups: preview.groups,
          options: asked.options,
          guard: runGuard(preview),
          by: actor,
          state: 'running',
          question: null,
          layers: editsOf(patch.content).length === 0 ? 'none' : 'not-saved',
          layersKept: [],
          startedAtMs,
          endedAtMs: null,
        },
        waves: preview.waves.map((wave): RunWave => ({ ...wave, state: 'waiting', words: '', soakUntilMs: null })),
        lanes,
      },
      {
        kind: 'rollout.began',
        words: `Patch ${preview.patch.name}, revision ${preview.patch.revision} is carried to ${counted(waveOf.size, 'agent')}${stepsWords(patch.content.parts)}. Because: ${why}`,
      },
    )
    return keeper.begin(rolloutId)
  }

  return {
    start: (asked) => alone(() => start(asked)),
    get: ({ rolloutId }) => record.view(rolloutId),
    list: ({ patchId, limit }) => record.rows.newest(patchId ?? null, limit).map(record.summary),
    watch: record.watch,
    pause: ({ rolloutId }) => control.pause(rolloutId),
    continue: ({ rolloutId, how }) => alone(() => control.goOn(rolloutId, how)),
    stop: ({ rolloutId }) => control.stop(rolloutId),
    retry: ({ rolloutId, agentIds }) => alone(() => control.retry(rolloutId, agentIds)),
    revert: ({ rolloutId, agentIds }) => alone(() => takeBack(rolloutId, agentIds)),
    report: ({ rolloutId }) => ({ markdown: reportOf(record.view(rolloutId), record.rows.events(rolloutId)) }),
    judge({ box }) {
      const waiting = record.rows.waiting(box.boxId).filter(({ endedAtMs }) => endedAtMs > clock.nowMs() - returnMs)
      const [first] = waiting
      const about = { cause: 'rollout-waits' as const, agentId: null }
      if (!first) return [{ ...about, trouble: null, recovery: 'No patch waits for it.' }]
      return [
        {
          ...about,
          trouble: {
            severity: 'attention',
            state: 'Changed',
            sentence: `is back, and patch ${first.patchName} is ready to apply`,
            detail: 'it did not answer when its turn came',
            sinceMs: first.endedAtMs,
            evidence: waiting.map(({ patchName, endedAtMs }) => ({
              name: 'Patch',
              value: patchName,
              takenAtMs: endedAtMs,
            })),
            nextStep: 'Open the run of the patch and send it, or leave it out.',
          },
        },
      ]
    },
    suspend() {
      const current = keeper.current()
      if (current !== null) keeper.halt(current, 'pause')
    },
    idle: keeper.idle,
    async close() {
      stopListening()
      watches.close()
      await keeper.close()
      await Promise.allSettled(asking)
    },
  }
}

/** Beside settings and files: "; it runs 2 commands". */
const stepsWords = (parts: readonly PatchPart[]): string => {
  const steps = stepsOf(parts)
  return steps.length === 0 ? '' : `; it ${steps.join(' and ')}`
}

/** Kept with the run as it was when it began. */
const runGuard = ({ guard }: RolloutPreview): RunGuard | null =>
  guard?.answer ? { answer: guard.answer, answers: guard.answers, clients: guard.clients } : null

const sentenceOf = (why: string): string => {
  const text = why === '' ? 'Left out.' : why.charAt(0).toUpperCase() + why.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}
