import type { AgentId, RolloutId, RolloutRun } from '../../shared/contract/index.ts'
import { foldersBack } from '../apply/apply.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { counted } from '../base/words.ts'
import { anew, type createControl, refuse } from './run-control.ts'
import type { Keeper } from './run-keeper.ts'
import type { RunsParts } from './run-parts.ts'
import { revertQuestion } from './run-questions.ts'
import type { RunRecord } from './run-record.ts'
import type { StoredLane } from './run-rows.ts'
import { names } from './run-words.ts'

const atOnce = 8

/** Those that still have what the run made of them. */
const isChanged = ({ outcome, takenBack, inverse }: StoredLane): boolean =>
  outcome === 'changed' && !takenBack && inverse !== null

/** Takes a run back, as a run of its own with its own record: what stood there before, on the machines as they are now. */
export function createTakeBack(
  parts: Pick<RunsParts, 'confirm' | 'clock' | 'actor' | 'store'> & { readonly apply: Pick<RunsParts['apply'], 'get'> },
  record: RunRecord,
  keeper: Keeper,
  control: ReturnType<typeof createControl>,
) {
  const { confirm, clock, actor, store, apply } = parts
  /** Where its folders were before only the record of its change tells: its machine said so then. */
  const withFolders = (lane: StoredLane): StoredLane => {
    if (lane.inverse === null || lane.applyId === null || lane.plan.folders.length === 0) return lane
    return { ...lane, inverse: { ...lane.inverse, folders: foldersBack(apply.get(lane.applyId).folders) } }
  }
  return async function takeBack(rolloutId: RolloutId, agentIds: readonly AgentId[] | undefined): Promise<RolloutRun> {
    control.refuseOther(rolloutId)
    if (keeper.current() === rolloutId) throw refuse('It is on its way. Pause or stop it first.')
    await control.learn(rolloutId)
    const before = record.load(rolloutId)
    if (before.run.revertOf !== null) throw refuse('It took another back. Carry that patch again.')
    const wantedOf = (lanes: readonly StoredLane[]) =>
      lanes.filter((lane) => isChanged(lane) && (agentIds?.includes(lane.agentId) ?? true)).map(withFolders)
    const isAll = agentIds === undefined || wantedOf(before.lanes).length === before.lanes.filter(isChanged).length
    if (wantedOf(before.lanes).length === 0 && !(isAll && before.run.layers === 'saved'))
      throw refuse('It changed nothing there that could be taken back.')
    if (!(await confirm(revertQuestion(before.run, wantedOf(before.lanes), isAll))))
      throw new FaultError({ code: 'cancelled', what: 'taking it back was not confirmed, so nothing was sent' })
    control.refuseOther(rolloutId)
    if (keeper.current() === rolloutId) throw refuse('It is on its way. Pause or stop it first.')
    if (record.load(rolloutId).run.state !== 'ended') await control.stop(rolloutId)
    const { run, lanes } = record.load(rolloutId)
    const wanted = wantedOf(lanes)
    const nowMs = clock.nowMs()
    const newRunId = newId<RolloutId>()
    const unknown = lanes.filter(
      ({ outcome, agentId }) => outcome === 'inconclusive' && (agentIds?.includes(agentId) ?? true),
    )
    const sentence = [
      `Takes patch ${run.patch.name} back on ${counted(wanted.length, 'agent')}.`,
      ...(unknown.length > 0 ? [`Nobody knows how it ended on ${names(unknown)}, so it is left as it is.`] : []),
    ].join(' ')
    store.write(() => {
      const left = isAll ? keeper.layers.putBack(rolloutId) : []
      record.begin(
        {
          run: {
            ...run,
            rolloutId: newRunId,
            revertOf: rolloutId,
            by: actor,
            state: 'running',
            question: null,
            sentence: [sentence, ...left].join(' '),
            groups: [],
            guard: null,
            options: { when: 'now' },
            layers: 'none',
            layersKept: [],
            startedAtMs: nowMs,
            endedAtMs: null,
          },
          waves:
            wanted.length === 0
              ? []
              : [
                  {
                    number: 1,
                    kind: 'rest',
                    agentIds: wanted.map(({ agentId }) => agentId),
                    atOnce: Math.min(atOnce, new Set(wanted.map(({ boxId }) => boxId)).size),
                    soakS: 0,
                    state: 'waiting',
                    words: '',
                    soakUntilMs: null,
                  },
                ],
          lanes: wanted.map((lane, place) => ({ ...anew(lane), place, wave: 1 })),
        },
        {
          kind: 'rollout.revert-began',
          words: `Patch ${run.patch.name}, revision ${run.patch.revision} is taken back on ${names(wanted) || 'no agent'}.`,
        },
      )
    })
    return keeper.begin(newRunId)
  }
}
