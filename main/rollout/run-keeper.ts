import type { RolloutId, RolloutRun, RunQuestion } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { FaultError } from '../base/fault-error.ts'
import { planHash } from '../overlay/overlay.ts'
import { ImpossibleOperation } from '../runtimes/operations.ts'
import { afterHours } from './after-hours.ts'
import { createCarrier } from './carry.ts'
import { checksOf, makeChecks, waitWords } from './checks.ts'
import { type DriveWork, drive } from './drive.ts'
import { exchangesSince } from './exchanges-since.ts'
import { inverseNow, inverseOf } from './inverse.ts'
import { linesSince } from './lines-since.ts'
import type { Turn } from './run-lane.ts'
import { createRunLayers } from './run-layers.ts'
import type { RunsParts } from './run-parts.ts'
import type { RunRecord, Whole } from './run-record.ts'
import type { StoredLane, StoredRun } from './run-rows.ts'
import { isGoing, outcomeWords } from './run-words.ts'
import { beforeIt, judgeLook } from './verdict.ts'
import type { Watches } from './watch.ts'

/** `close`: the console ends; the rows stay as they are, and say at the next start that it was interrupted. */
type Wish = 'go' | 'pause' | 'stop' | 'close'

interface Live {
  readonly rolloutId: RolloutId
  readonly halt: AbortController
  /** Ends what is still being downloaded; a pause lets it go on. */
  readonly giveUp: AbortController
  wish: Wish
  finished: Promise<void>
}

/** Carries the one run that is on its way, and writes how it stands when it is not carried any more. */
export function createKeeper(parts: RunsParts, record: RunRecord, watches: Pick<Watches, 'begin' | 'tick'>) {
  const { inventory, overlay, patches, apply, findings, facts, clock, log } = parts
  const layers = createRunLayers(parts, record)
  const checkWork = {
    clock,
    keyOf: inventory.fingerprintKey,
    run: parts.runOnce,
    lines: linesSince(parts),
    exchanges: exchangesSince(parts),
  }
  let live: Live | null = null
  let closed = false

  const holds = (sha256: string): boolean =>
    overlay.fileContent(sha256) !== null || patches.fileContent(sha256) !== null
  const readOf = (lane: StoredLane) => {
    const found = overlay.foundOf(lane.agentId)
    return {
      settings: found?.settings ?? null,
      files: found?.files ?? null,
      sha256: found?.sha256 ?? '',
      version: found?.version ?? '',
    }
  }
  /** When a change was made, and when it was in force. */
  const timesOf = ({ begunAtMs, applyId }: StoredLane, { startedAtMs }: StoredRun) => {
    const endedAtMs = applyId === null ? null : apply.get(applyId).endedAtMs
    return { begunAtMs: begunAtMs ?? startedAtMs, changedAtMs: endedAtMs ?? begunAtMs ?? startedAtMs }
  }
  const sightOf = ({ boxId }: StoredLane) => ({
    facts: facts.ofBox(boxId),
    alarms: findings.open().filter((finding) => finding.boxId === boxId),
  })

  const patchTurn = (carrier: ReturnType<typeof createCarrier>, lane: StoredLane): Turn => {
    const { plan, lane: fresh } = carrier.planOf(lane.agentId)
    if (plan.state === 'unread' || plan.state === 'refused') return `It changed since the preview: ${plan.why}`
    if (fresh.hash === '' || fresh.hash !== lane.plan.hash)
      return 'It changed since the preview, so it would not be what was confirmed.'
    const inverse = inverseOf(fresh, readOf(lane), holds)
    return { send: fresh, keep: { plan: fresh, inverse, beforeIt: beforeIt(lane.agentId, sightOf(lane)) } }
  }
  /** A client who went away since, unless somebody decided that it goes there all the same. */
  const awaySince = async ({ patch: { patchId, revision } }: StoredRun, lane: StoredLane): Promise<string> => {
    const clientId = inventory.boxes().find(({ boxId }) => boxId === lane.boxId)?.clientId ?? null
    if (clientId === null || inventory.pauseOf(clientId, clock.nowMs()) === null) return ''
    const { preview } = await parts.rollouts.ready({ patchId, revision, boxIds: [lane.boxId] })
    const asked = preview.questions.find(
      ({ key, agents }) =>
        key === 'client/pause' && agents.some(({ agentId, choice }) => agentId === lane.agentId && choice === null),
    )
    return asked?.words ?? ''
  }
  const revertTurn = async (lane: StoredLane, signal: AbortSignal): Promise<Turn> => {
    try {
      await parts.look(lane.boxId, signal)
    } catch (error) {
      // What it says next, or that it is away, its own change finds out.
      if (!(error instanceof FaultError)) throw error
    }
    if (lane.inverse === null) return 'What stood there before was not kept.'
    const now = readOf(lane)
    try {
      const back = inverseNow(lane.inverse, lane.plan, now)
      if (typeof back === 'string') return back
      const { agentId, boxId } = lane
      const { sha256: baseSha256 } = now
      const update = back.update?.to
      const hash = planHash({
        agentId,
        boxId,
        baseSha256,
        operations: back.changes,
        files: back.files,
        update,
        steps: [...back.commands, ...back.folders],
      })
      return { send: { ...back, baseSha256, hash }, keep: {} }
    } catch (error) {
      if (error instanceof ImpossibleOperation) return error.message
      throw error
    }
  }
  /** The lane whose change is taken back tells it, too. */
  const tellOriginal = (revertOf: RolloutId, { agentId, outcome, wave }: StoredLane): void => {
    const original = record.load(revertOf).lanes.find((lane) => lane.agentId === agentId)
    if (!original || (outcome !== 'reverted' && outcome !== 'unchanged')) return
    const words = 'It was taken back later.'
    record.write(revertOf, {
      lanes: [{ ...original, outcome: 'reverted', takenBack: true, words, nextStep: '' }],
      event: { kind: 'lane.taken-back', wave, agentId, words },
    })
  }

  async function workOf(run: StoredRun, { halt: { signal }, giveUp }: Live): Promise<DriveWork> {
    const { revertOf } = run
    const { patchId, revision } = run.patch
    const { armedForS, look } = parts
    const common = { record, apply, clock, armedForS, givenUp: giveUp.signal, look, backups: parts.backups }
    if (revertOf !== null)
      return {
        ...common,
        turnOf: (lane) => revertTurn(lane, signal),
        ended: (lane) => tellOriginal(revertOf, lane),
        beginsAtMs: () => 0,
        waits: '',
        check: async () => [],
        judge: () => ({ state: 'pass', seen: [], against: [] }),
        keepLayers: () => {},
      }
    const patch = await patches.get({ patchId, revision })
    const carrier = createCarrier(overlay, (boxId) => inventory.folders({ boxId }), patch)
    const checks = checksOf(patch.content)
    return {
      ...common,
      turnOf: async (lane) => (await awaySince(run, lane)) || patchTurn(carrier, lane),
      ended: () => {},
      beginsAtMs: ({ options }, { boxId }) => {
        // One that is not in the inventory any more says so when its turn is worked out.
        const clientId = inventory.boxes().find((box) => box.boxId === boxId)?.clientId ?? null
        if (options.when === 'now' || clientId === null) return 0
        const nowMs = clock.nowMs()
        return afterHours(inventory.opening(inventory.client(clientId), nowMs), nowMs)
      },
      waits: waitWords(checks),
      check: async (lane, until) => makeChecks(checkWork, { ...lane, ...timesOf(lane, run) }, checks, until),
      judge: (_run, lane, sinceMs, why, checked) =>
        judgeLook(lane.agentId, lane.beforeIt ?? { alarms: [], facts: {} }, why === '' ? sightOf(lane) : null, {
          sinceMs,
          checks,
          checked,
          why,
        }),
      keepLayers: (rolloutId) => layers.keep(rolloutId, carrier),
    }
  }

  function end(rolloutId: RolloutId, stopped: boolean): void {
    const { run, waves, lanes } = record.load(rolloutId)
    const endedAtMs = clock.nowMs()
    const ended = lanes.map((lane): StoredLane => {
      if (lane.state === 'ended') return lane
      if (lane.outcome === null)
        return {
          ...lane,
          state: 'ended',
          outcome: lane.state === 'waiting' ? 'not-attempted' : 'inconclusive',
          words: lane.state === 'waiting' ? 'The run was stopped before its turn.' : 'Nobody saw how it ended.',
          endedAtMs,
        }
      const words =
        `${lane.words} When the run was stopped, nobody had looked again whether it is as well as before.`.trim()
      return { ...lane, state: 'ended', words, endedAtMs }
    })
    const words = outcomeWords(ended, run.revertOf !== null)
    const what = run.revertOf === null ? 'The run of' : 'Taking back of'
    record.write(rolloutId, {
      run: { state: 'ended', question: null, endedAtMs },
      waves: waves
        .filter(({ state }) => state === 'waiting' || state === 'running' || state === 'soaking')
        .map((wave) => ({ ...wave, state: 'stopped' })),
      lanes: ended.filter((lane, at) => lane !== lanes[at]),
      event: { kind: stopped ? 'run.stopped' : 'run.ended', words },
      said: {
        kind: stopped ? 'rollout.stopped' : 'rollout.ended',
        words: `${what} patch ${run.patch.name}, revision ${run.patch.revision} ${stopped ? 'was stopped' : 'ended'}: ${words}`,
      },
      also: () => watches.begin(run, ended),
    })
    watches.tick()
  }

  const isLeft = ({ waves, lanes }: Whole): boolean =>
    waves.some(({ state }) => state === 'waiting' || state === 'running' || state === 'soaking') ||
    lanes.some((lane) => isGoing(lane) && lane.state !== 'ended')

  function pauseFor(rolloutId: RolloutId, question: RunQuestion | null): void {
    const { run } = record.load(rolloutId)
    record.write(rolloutId, {
      run: { state: 'paused', question },
      event: { kind: 'run.paused', words: question?.words ?? 'Paused by a person.' },
      said: {
        kind: question === null ? 'rollout.paused' : 'rollout.asks',
        words:
          `The run of patch ${run.patch.name} ${question === null ? 'is paused' : `waits for a person: ${question.words}`}.`.replace(
            '..',
            '.',
          ),
      },
    })
  }

  async function carry(own: Live): Promise<void> {
    const { rolloutId, halt } = own
    const { run } = record.load(rolloutId)
    const question = await drive(rolloutId, await workOf(run, own), halt.signal)
    // What it asks stands in the next console too; without a question the rows say that it was on its way.
    if (own.wish === 'close') return question === null ? undefined : pauseFor(rolloutId, question)
    if (own.wish === 'stop') return end(rolloutId, true)
    if (question !== null || isLeft(record.load(rolloutId))) return pauseFor(rolloutId, question)
    end(rolloutId, false)
  }

  /** Something nobody foresaw: what stands in the rows is shown, and a person goes on from there. */
  function broke(rolloutId: RolloutId, error: unknown): void {
    const told = error instanceof FaultError ? faultText(error.fault).sentence : ''
    const reference = told === '' ? log.error('rollout.broke', error, { rolloutId }) : ''
    const words = told || `Something went wrong here; the log tells it under ${reference}.`
    try {
      record.write(rolloutId, {
        run: { state: 'interrupted', question: { kind: 'interrupted', words, evidence: [], agentIds: [] } },
        event: { kind: 'run.broke', words },
      })
    } catch (second) {
      log.error('rollout.not-kept', second, { rolloutId })
    }
  }

  return {
    layers,
    end,
    current: (): RolloutId | null => live?.rolloutId ?? null,
    begin(rolloutId: RolloutId): RolloutRun {
      if (closed) throw new FaultError({ code: 'cancelled', what: 'the console ends' })
      const own: Live = {
        rolloutId,
        halt: new AbortController(),
        giveUp: new AbortController(),
        wish: 'go',
        finished: Promise.resolve(),
      }
      live = own
      own.finished = carry(own)
        .catch((error: unknown) => broke(rolloutId, error))
        .finally(() => {
          if (live === own) live = null
        })
      return record.view(rolloutId)
    },
    /** Begins nothing further; the row says so first. */
    halt(rolloutId: RolloutId, wish: 'pause' | 'stop'): void {
      if (live?.rolloutId !== rolloutId || live.wish === 'stop') return
      const state = wish === 'pause' ? 'pausing' : 'stopping'
      const words = wish === 'pause' ? 'Nothing further is begun.' : 'Nothing further is begun; it ends.'
      record.write(rolloutId, { run: { state }, event: { kind: `run.${state}`, words } })
      live.wish = wish
      live.halt.abort()
      if (wish === 'stop') live.giveUp.abort()
    },
    /** Settles when that run is not carried any more. */
    idle: async (rolloutId: RolloutId): Promise<void> => {
      if (live?.rolloutId === rolloutId) await live.finished
    },
    async close(): Promise<void> {
      closed = true
      if (live === null) return
      live.wish = 'close'
      live.halt.abort()
      live.giveUp.abort()
      await live.finished
    },
  }
}

export type Keeper = ReturnType<typeof createKeeper>
