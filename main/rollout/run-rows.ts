import * as z from 'zod'
import {
  type AgentId,
  type BoxId,
  CarriedCommand,
  CarriedFile,
  CarriedFolder,
  LayerRef,
  type PatchId,
  PlanGroup,
  type RolloutId,
  RolloutLane,
  RolloutRun,
  RunGuard,
  RunOptions,
  RunQuestion,
  RuntimeStep,
  RunWave,
  SettingChange,
} from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** What is done on one agent, as it was confirmed. */
export const LanePlan = z.object({
  /** Of all that is done, on the config that was read then. */
  hash: z.string(),
  baseSha256: z.string(),
  changes: z.array(SettingChange),
  files: z.array(CarriedFile),
  /** Null: the runtime stays as it is. */
  update: RuntimeStep.nullable().default(null),
  commands: z.array(CarriedCommand).default([]),
  folders: z.array(CarriedFolder).default([]),
})
export type LanePlan = z.infer<typeof LanePlan>

/**
 * What takes a change back. `cannot`: what of it nobody here can, so that all of it is left alone; `stays`: what is left behind
 * where the rest goes back; a sentence each.
 */
export const Inverse = z.object({
  changes: z.array(SettingChange),
  files: z.array(CarriedFile),
  update: RuntimeStep.nullable().default(null),
  commands: z.array(CarriedCommand).default([]),
  /** Known once it ended: its machine tells where they were. */
  folders: z.array(CarriedFolder).default([]),
  cannot: z.array(z.string()),
  stays: z.array(z.string()).default([]),
})
export type Inverse = z.infer<typeof Inverse>

/** What was the matter with an agent before it was changed. */
export const BeforeIt = z.object({ alarms: z.array(z.string()), facts: z.record(z.string(), z.string()) })
export type BeforeIt = z.infer<typeof BeforeIt>

const Head = z.object({
  patch: RolloutRun.shape.patch,
  hash: z.string(),
  sentence: z.string(),
  groups: z.array(PlanGroup),
  options: RunOptions,
  /** Absent: it began before there was a guard. */
  guard: RunGuard.nullable().default(null),
})
const LayersKept = z.array(z.object({ layer: LayerRef, before: z.number().int(), after: z.number().int() }))
const About = RolloutLane.pick({ name: true, clientName: true, ring: true })

export type StoredRun = Pick<
  RolloutRun,
  'rolloutId' | 'revertOf' | 'by' | 'state' | 'question' | 'layers' | 'startedAtMs' | 'endedAtMs'
> &
  z.infer<typeof Head> & { readonly layersKept: z.infer<typeof LayersKept> }
export type StoredLane = RolloutLane & {
  /** In the order of the preview. */
  readonly place: number
  readonly plan: LanePlan
  readonly inverse: Inverse | null
  readonly beforeIt: BeforeIt | null
  readonly takenBack: boolean
}
export type RunEvent = {
  readonly atMs: number
  /** `run.began`, `lane.step`, `wave.passed`. */
  readonly kind: string
  readonly wave: number | null
  readonly agentId: AgentId | null
  readonly words: string
}

type Texts<T, K extends keyof T> = Omit<T, K> & Record<K, string>
type RunRow = Omit<Texts<StoredRun, 'layersKept'>, 'question' | keyof z.infer<typeof Head>> & {
  patchId: string
  head: string
  question: string | null
}
type WaveRow = Texts<RunWave, 'agentIds'>
type LaneRow = Omit<
  Texts<StoredLane, 'seen' | 'plan'>,
  'fault' | 'inverse' | 'beforeIt' | 'takenBack' | 'name' | 'clientName' | 'ring'
> & {
  about: string
  fault: string | null
  inverse: string | null
  beforeIt: string | null
  takenBack: number
}

const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const read = <T>(schema: z.ZodType<T>, from: string): T => schema.parse(JSON.parse(from))
const readOr = <T>(schema: z.ZodType<T>, from: string | null): T | null => (from === null ? null : read(schema, from))

const asRun = ({ head, question, layersKept, patchId: _, ...row }: RunRow): StoredRun => ({
  ...row,
  ...read(Head, head),
  question: readOr(RunQuestion, question),
  layersKept: read(LayersKept, layersKept),
})
const asWave = (row: WaveRow): RunWave => ({ ...row, agentIds: read(RunWave.shape.agentIds, row.agentIds) })
const asLane = ({ about, ...row }: LaneRow): StoredLane => ({
  ...row,
  ...read(About, about),
  fault: readOr(RolloutLane.shape.fault.unwrap(), row.fault),
  seen: read(RolloutLane.shape.seen, row.seen),
  plan: read(LanePlan, row.plan),
  inverse: readOr(Inverse, row.inverse),
  beforeIt: readOr(BeforeIt, row.beforeIt),
  takenBack: row.takenBack === 1,
})

export function runRows(db: Db) {
  const putRun = db.prepare(
    `insert into rollout_run (rollout_id, revert_of, patch_id, head, actor, state, question, layers, layers_kept,
       started_at_ms, ended_at_ms)
     values (@rolloutId, @revertOf, @patchId, @head, @by, @state, @question, @layers, @layersKept, @startedAtMs, @endedAtMs)
     on conflict (rollout_id) do update set state = excluded.state, question = excluded.question, layers = excluded.layers,
       layers_kept = excluded.layers_kept, ended_at_ms = excluded.ended_at_ms`,
  )
  const putWave = db.prepare(
    `insert into rollout_wave (rollout_id, number, kind, agent_ids, at_once, soak_s, state, words, soak_until_ms)
     values (@rolloutId, @number, @kind, @agentIds, @atOnce, @soakS, @state, @words, @soakUntilMs)
     on conflict do update set state = excluded.state, words = excluded.words, soak_until_ms = excluded.soak_until_ms`,
  )
  const putLane = db.prepare(
    `insert into rollout_lane (rollout_id, place, agent_id, box_id, about, wave, state, step, outcome, apply_id, words,
       next_step, fault, seen, plan, inverse, before_it, taken_back, begins_at_ms, begun_at_ms, ended_at_ms, goes_back_at_ms)
     values (@rolloutId, @place, @agentId, @boxId, @about, @wave, @state, @step, @outcome, @applyId, @words, @nextStep,
       @fault, @seen, @plan, @inverse, @beforeIt, @takenBack, @beginsAtMs, @begunAtMs, @endedAtMs, @goesBackAtMs)
     on conflict do update set state = excluded.state, step = excluded.step, outcome = excluded.outcome, apply_id = excluded.apply_id,
       words = excluded.words, next_step = excluded.next_step, fault = excluded.fault, seen = excluded.seen,
       plan = excluded.plan, inverse = excluded.inverse, before_it = excluded.before_it, taken_back = excluded.taken_back,
       begins_at_ms = excluded.begins_at_ms, begun_at_ms = excluded.begun_at_ms, ended_at_ms = excluded.ended_at_ms,
       goes_back_at_ms = excluded.goes_back_at_ms`,
  )
  const runColumns = `rollout_id as rolloutId, revert_of as revertOf, patch_id as patchId, head, actor as by, state, question,
    layers, layers_kept as layersKept, started_at_ms as startedAtMs, ended_at_ms as endedAtMs`
  const laneColumns = `place, agent_id as agentId, box_id as boxId, about, wave, state, step, outcome, apply_id as applyId, words,
    next_step as nextStep, fault, seen, plan, inverse, before_it as beforeIt, taken_back as takenBack,
    begins_at_ms as beginsAtMs, begun_at_ms as begunAtMs, ended_at_ms as endedAtMs, goes_back_at_ms as goesBackAtMs`
  const one = db.prepare<[string], RunRow>(`select ${runColumns} from rollout_run where rollout_id = ?`)
  const newest = db.prepare<{ patchId: string | null; limit: number }, RunRow>(
    `select ${runColumns} from rollout_run where @patchId is null or patch_id = @patchId
     order by started_at_ms desc, rowid desc limit @limit`,
  )
  const unended = db.prepare<[], RunRow>(
    `select ${runColumns} from rollout_run where state <> 'ended' order by started_at_ms`,
  )
  const waves = db.prepare<[string], WaveRow>(
    `select number, kind, agent_ids as agentIds, at_once as atOnce, soak_s as soakS, state, words,
       soak_until_ms as soakUntilMs from rollout_wave where rollout_id = ? order by number`,
  )
  const lanes = db.prepare<[string], LaneRow>(
    `select ${laneColumns} from rollout_lane where rollout_id = ? order by place`,
  )
  const waiting = db.prepare<[string], { rolloutId: RolloutId; head: string; endedAtMs: number }>(
    `select rollout_id as rolloutId, head, lane.ended_at_ms as endedAtMs from rollout_lane as lane
     join rollout_run using (rollout_id) where box_id = ? and outcome = 'waits-for-return' and taken_back = 0`,
  )
  const addEvent = db.prepare(
    `insert into rollout_event (rollout_id, at_ms, kind, wave, agent_id, words)
     values (@rolloutId, @atMs, @kind, @wave, @agentId, @words)`,
  )
  const events = db.prepare<[string], RunEvent>(
    `select at_ms as atMs, kind, wave, agent_id as agentId, words from rollout_event where rollout_id = ? order by event_id`,
  )
  return {
    putRun({ patch, hash, sentence, groups, options, guard, ...run }: StoredRun): void {
      putRun.run({
        ...run,
        patchId: patch.patchId,
        head: JSON.stringify({ patch, hash, sentence, groups, options, guard }),
        question: text(run.question),
        layersKept: JSON.stringify(run.layersKept),
      })
    },
    putWave: (rolloutId: RolloutId, wave: RunWave): void =>
      void putWave.run({ ...wave, rolloutId, agentIds: JSON.stringify(wave.agentIds) }),
    putLane(rolloutId: RolloutId, { name, clientName, ring, ...lane }: StoredLane): void {
      putLane.run({
        ...lane,
        rolloutId,
        about: JSON.stringify({ name, clientName, ring }),
        fault: text(lane.fault),
        seen: JSON.stringify(lane.seen),
        plan: JSON.stringify(lane.plan),
        inverse: text(lane.inverse),
        beforeIt: text(lane.beforeIt),
        takenBack: lane.takenBack ? 1 : 0,
      })
    },
    addEvent: (rolloutId: RolloutId, event: RunEvent): void => void addEvent.run({ ...event, rolloutId }),
    one(rolloutId: RolloutId): StoredRun | null {
      const row = one.get(rolloutId)
      return row ? asRun(row) : null
    },
    newest: (patchId: PatchId | null, limit: number): StoredRun[] => newest.all({ patchId, limit }).map(asRun),
    /** Oldest first. */
    unended: (): StoredRun[] => unended.all().map(asRun),
    waves: (rolloutId: RolloutId): RunWave[] => waves.all(rolloutId).map(asWave),
    /** In the order of the preview. */
    lanes: (rolloutId: RolloutId): StoredLane[] => lanes.all(rolloutId).map(asLane),
    /** Runs that a machine is to be sent when it is back. */
    waiting: (boxId: BoxId): { rolloutId: RolloutId; patchName: string; endedAtMs: number }[] =>
      waiting.all(boxId).map(({ head, ...row }) => ({ ...row, patchName: read(Head, head).patch.name })),
    events: (rolloutId: RolloutId): RunEvent[] => events.all(rolloutId),
  }
}
