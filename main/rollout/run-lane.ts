import type { ApplyId, ApplyJob, Fault, RolloutId } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import type { Apply } from '../apply/apply.ts'
import type { Backups } from '../backup/backup.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { RunRecord } from './run-record.ts'
import type { BeforeIt, Inverse, LanePlan, StoredLane } from './run-rows.ts'

/** What a lane is sent when its turn comes, or why it is left out. */
export type Turn =
  | { readonly send: LanePlan; readonly keep: { plan?: LanePlan; inverse?: Inverse; beforeIt?: BeforeIt } }
  | string

/** `fine` keeps nobody else from going. */
export type LaneEnd = 'fine' | 'failed' | 'inconclusive'

export interface LaneWork {
  readonly record: RunRecord
  readonly apply: Pick<Apply, 'startAgreed' | 'watch' | 'get' | 'idle'>
  /** An update is not begun without a backup of that moment. */
  readonly backups: Pick<Backups, 'make'>
  readonly clock: Clock
  /** How long a change stays armed, seconds. */
  readonly armedForS: (of: Pick<LanePlan, 'update' | 'commands' | 'folders'>) => number
  /** Gives up what is still being downloaded, where the run ends. */
  readonly givenUp: AbortSignal
  readonly turnOf: (lane: StoredLane) => Promise<Turn>
  /** Called once its end is kept. */
  readonly ended: (lane: StoredLane) => void
}

type Ended = Pick<StoredLane, 'state' | 'outcome' | 'words' | 'nextStep' | 'fault'>

/** The machine was not there when it was called, so nothing was changed. */
function isAway({ outcome, step, fault }: ApplyJob): boolean {
  if (outcome !== 'failed' || step !== 'connect' || fault === null) return false
  switch (fault.code) {
    case 'name-not-found':
    case 'refused':
    case 'network-unreachable':
    case 'connection-lost':
    case 'hop-failed':
      return true
    case 'timed-out':
      return fault.phase !== 'answer' && fault.phase !== 'channel'
    default:
      return false
  }
}

const away = (words: string): Ended => ({
  state: 'ended',
  outcome: 'waits-for-return',
  words,
  nextStep: 'When it is back it stands in the review; send it then.',
  fault: null,
})

/** How a change ended, as its lane tells it. `isRevert`: a change that takes another back. Pure. */
export function laneEndOf(job: ApplyJob, isRevert: boolean): { ended: Ended; end: LaneEnd } {
  const { words, nextStep, fault } = job
  const outcome = job.outcome ?? 'inconclusive'
  const told = { words, nextStep, fault }
  if (isAway(job)) return { ended: { ...away(words), fault }, end: 'fine' }
  switch (outcome) {
    case 'changed':
      return isRevert
        ? {
            ended: { ...told, state: 'ended', outcome: 'reverted', words: `What stood there before is back. ${words}` },
            end: 'fine',
          }
        : { ended: { ...told, state: 'soaking', outcome }, end: 'fine' }
    case 'unchanged':
      return { ended: { ...told, state: 'ended', outcome }, end: 'fine' }
    case 'reverted':
      // Taking back did not hold: what was to go is still there.
      return isRevert
        ? {
            ended: { ...told, state: 'ended', outcome: 'failed', words: `It was not taken back. ${words}` },
            end: 'failed',
          }
        : { ended: { ...told, state: 'ended', outcome }, end: 'failed' }
    case 'failed':
      return { ended: { ...told, state: 'ended', outcome }, end: 'failed' }
    case 'inconclusive':
      return {
        ended: { ...told, state: 'ended', outcome, words: words || 'Nobody saw how it ended.' },
        end: 'inconclusive',
      }
  }
}

const refusedTo = (fault: Fault): { ended: Ended; end: LaneEnd } => {
  const { sentence, nextStep } = faultText(fault)
  const isLeftOut = fault.code === 'on-hold' || fault.code === 'no-way-back'
  return {
    ended: { state: 'ended', outcome: isLeftOut ? 'left-out' : 'failed', words: sentence, nextStep, fault },
    end: isLeftOut ? 'fine' : 'failed',
  }
}

/** Why there is no backup to go back to by hand, as sentences; empty: it was made and read whole. */
async function whyNotBackedUp(backups: LaneWork['backups'], of: Parameters<Backups['make']>[0]): Promise<string> {
  try {
    const { state, words } = await backups.make(of)
    return state === 'made' ? '' : `No backup of it was made, so it was not updated: ${words || state}`
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return `No backup of it was made, so it was not updated: ${faultText(error.fault).sentence}`
  }
}

/** Carries one lane from its turn to the end of its change. Its row stands before anything is sent; after `until` nothing is. */
export async function carryLane(
  { record, apply, backups, clock, armedForS, givenUp, turnOf, ended: laneEnded }: LaneWork,
  { rolloutId, isRevert, until }: { rolloutId: RolloutId; isRevert: boolean; until: AbortSignal },
  before: StoredLane,
): Promise<LaneEnd> {
  const { agentId, boxId, wave } = before
  const about = { agentId, wave }
  let lane = before
  const put = (change: Partial<StoredLane>, kind: string, words: string): void => {
    lane = { ...lane, ...change }
    record.write(rolloutId, { lanes: [lane], event: { ...about, kind, words } })
  }
  const finish = ({ ended, end }: { ended: Ended; end: LaneEnd }): LaneEnd => {
    const endedAtMs = ended.state === 'ended' ? clock.nowMs() : null
    const goesBackAtMs = ended.outcome === 'inconclusive' ? lane.goesBackAtMs : null
    put({ ...ended, endedAtMs, goesBackAtMs }, `lane.${ended.outcome}`, ended.words)
    laneEnded(lane)
    return end
  }

  const turn = await turnOf(lane).catch((error: unknown): Turn => {
    if (error instanceof FaultError && error.fault.code === 'not-found') return faultText(error.fault).sentence
    throw error
  })
  // Its turn may have taken a while to be worked out: it is begun when the run goes on.
  if (until.aborted) return 'fine'
  if (typeof turn === 'string')
    return finish({
      ended: {
        state: 'ended',
        outcome: 'left-out',
        words: turn,
        nextStep: 'Preview the patch again for it.',
        fault: null,
      },
      end: 'fine',
    })
  const applyId = newId<ApplyId>()
  const begun = { applyId, begunAtMs: clock.nowMs(), endedAtMs: null, fault: null, nextStep: '', words: '', seen: [] }
  const { update: step } = turn.send
  const words = step === null ? '' : `Backing it up, then updating ${step.from} → ${step.to}.`
  put(
    { ...turn.keep, ...begun, words, state: 'running', step: 'connect' },
    'lane.began',
    `Its change is begun. ${words}`.trim(),
  )
  const { changes, files, baseSha256, update, commands, folders } = turn.send
  if (update !== null) {
    const why = await whyNotBackedUp(backups, { boxId, agentId, signal: givenUp })
    if (why !== '')
      return finish({
        ended: { state: 'ended', outcome: 'failed', words: why, nextStep: 'Back it up, then retry.', fault: null },
        end: 'failed',
      })
    put({}, 'lane.backed-up', 'It was backed up, and the backup read whole.')
  }
  try {
    await apply.startAgreed({
      applyId,
      boxId,
      agentId,
      changes,
      files,
      baseSha256,
      update,
      commands,
      folders,
      until: givenUp,
    })
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return finish(refusedTo(error.fault))
  }
  for await (const { step } of apply.watch(applyId)) {
    if (step === lane.step) continue
    const goesBackAtMs = step === 'arm' ? clock.nowMs() + armedForS(turn.send) * 1000 : lane.goesBackAtMs
    put({ step, goesBackAtMs }, 'lane.step', step)
  }
  await apply.idle(boxId)
  const { ended, end } = laneEndOf(apply.get(applyId), isRevert)
  const stays = isRevert && end === 'fine' ? (lane.inverse?.stays ?? []) : []
  return finish({ ended: { ...ended, words: [ended.words, ...stays].join(' ') }, end })
}
