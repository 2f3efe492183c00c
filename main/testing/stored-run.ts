import type { AgentId, BoxId, PatchId, RolloutId, RolloutWave, RunWave } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { createRecord } from '../rollout/run-record.ts'
import type { StoredLane, StoredRun } from '../rollout/run-rows.ts'
import { tempStore } from './temp-store.ts'

export const storedRunId = 'run' as RolloutId

export interface StoredWave {
  readonly kind: RolloutWave['kind']
  readonly wave?: Partial<RunWave>
  /** By name; each is an agent of a machine of its own. */
  readonly lanes: Readonly<Record<string, Partial<StoredLane>>>
}

/** A record over a real store that holds one run as its rows would stand. Nobody carries it. */
export function storedRun(waves: readonly StoredWave[], run: Partial<StoredRun> = {}) {
  const temp = tempStore()
  const record = createRecord({ ...temp, changes: createChanges(), watchOf: () => null })
  const lanes = waves.flatMap(({ kind, lanes: own }, at) =>
    Object.entries(own).map(
      ([name, change]): Omit<StoredLane, 'place'> => ({
        agentId: name as AgentId,
        boxId: `box of ${name}` as BoxId,
        name,
        clientName: null,
        ring: kind,
        wave: at + 1,
        state: 'waiting',
        step: null,
        applyId: null,
        outcome: null,
        words: '',
        nextStep: '',
        fault: null,
        seen: [],
        beginsAtMs: null,
        begunAtMs: null,
        endedAtMs: null,
        goesBackAtMs: null,
        plan: { hash: '', baseSha256: '', changes: [], files: [], update: null, commands: [], folders: [] },
        inverse: null,
        beforeIt: null,
        takenBack: false,
        ...change,
      }),
    ),
  )
  record.begin(
    {
      run: {
        rolloutId: storedRunId,
        revertOf: null,
        patch: { patchId: 'p' as PatchId, name: 'p', revision: 1, hash: '', class: 'fix', why: '', partWords: [] },
        hash: '',
        sentence: '',
        groups: [],
        options: { when: 'now' },
        guard: null,
        by: 'operator',
        state: 'running',
        question: null,
        layers: 'not-saved',
        layersKept: [],
        startedAtMs: 1,
        endedAtMs: null,
        ...run,
      },
      waves: waves.map(({ kind, wave, lanes: own }, at) => ({
        number: at + 1,
        kind,
        agentIds: Object.keys(own) as AgentId[],
        atOnce: 4,
        soakS: 0,
        state: 'waiting',
        words: '',
        soakUntilMs: null,
        ...wave,
      })),
      lanes: lanes.map((lane, place) => ({ ...lane, place })),
    },
    { kind: 'rollout.began', words: 'x' },
  )
  return { temp, record }
}
