import type { ApplyJob, RolloutId } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import type { Apply } from '../apply/apply.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import { laneEndOf } from './run-lane.ts'
import type { RunRecord } from './run-record.ts'
import type { StoredLane } from './run-rows.ts'
import { doneOf, isGoing } from './run-words.ts'

interface Parts {
  readonly apply: Pick<Apply, 'get' | 'ask'>
  readonly log: Log
}

/** Lanes whose end nobody here has seen. */
const isOpen = ({ state, outcome, applyId }: StoredLane): boolean =>
  state === 'running' || (state === 'ended' && outcome === 'inconclusive' && applyId !== null)

/** Runs that nobody carries any more: what their rows say is held against what the machines say. Nothing is gone on with. */
export function createInterrupted({ apply, log }: Parts, record: RunRecord) {
  const jobOf = ({ applyId }: StoredLane): ApplyJob | null => {
    try {
      return applyId === null ? null : apply.get(applyId)
    } catch (error) {
      if (error instanceof FaultError) return null
      throw error
    }
  }

  /** A lane as its change tells it now; the same lane where there is nothing new. */
  const truthOf = (lane: StoredLane, { isRevert, isOver }: { isRevert: boolean; isOver: boolean }): StoredLane => {
    if (!isOpen(lane)) return lane
    const job = jobOf(lane)
    if (job === null)
      return lane.state === 'running'
        ? { ...lane, state: 'waiting', applyId: null, step: null, begunAtMs: null, words: 'It was not begun.' }
        : lane
    if (job.outcome === null || (lane.state === 'ended' && job.outcome === 'inconclusive')) return lane
    const { ended } = laneEndOf(job, isRevert)
    // Of a run that has ended nobody is about to look at it.
    const isEnded = ended.state === 'ended' || isOver
    return {
      ...lane,
      ...ended,
      ...(isEnded ? { state: 'ended' as const } : {}),
      step: job.step,
      endedAtMs: isEnded ? job.endedAtMs : null,
    }
  }

  const sync = (rolloutId: RolloutId): void => {
    const { run, lanes } = record.load(rolloutId)
    const about = { isRevert: run.revertOf !== null, isOver: run.state === 'ended' }
    const now = lanes.map((lane) => truthOf(lane, about))
    const news = now.filter((lane, at) => lane !== lanes[at])
    if (news.length === 0) return
    const words = news.map(({ name, words: said }) => `${name}: ${said}`).join(' ')
    record.write(rolloutId, { lanes: news, event: { kind: 'run.truth', words } })
  }

  const standing = (lane: StoredLane): string => {
    if (lane.state === 'waiting') return `${lane.name}: not begun.`
    if (lane.state === 'soaking' || lane.state === 'checking') return `${lane.name}: changed. ${lane.words}`.trim()
    return `${lane.name}: ${lane.words || 'it was under way.'}`
  }

  const tell = (rolloutId: RolloutId, unheard: readonly string[]): void => {
    const { lanes, waves } = record.load(rolloutId)
    const going = lanes.filter(isGoing)
    const begun = waves.filter(({ state }) => state !== 'waiting' && state !== 'passed').map(({ number }) => number)
    const shown = going.filter(
      (lane) =>
        lane.state === 'soaking' ||
        lane.state === 'checking' ||
        (begun.includes(lane.wave) && lane.state !== 'waiting'),
    )
    const words = `Interrupted at ${doneOf(lanes)} of ${going.length}.`
    record.write(rolloutId, {
      run: {
        state: 'interrupted',
        question: {
          kind: 'interrupted',
          words,
          evidence: [...shown.map(standing), ...unheard],
          agentIds: shown.map(({ agentId }) => agentId),
        },
      },
      event: { kind: 'run.interrupted', words },
    })
  }

  /** Asks every machine whose change nobody saw end. */
  const ask = async (rolloutId: RolloutId): Promise<string[]> => {
    const open = record.load(rolloutId).lanes.filter(isOpen)
    const boxes = [...new Map(open.map((lane) => [lane.boxId, lane])).values()]
    const unheard: string[] = []
    await Promise.all(
      boxes.map(async ({ boxId, name }) => {
        try {
          await apply.ask(boxId)
        } catch (error) {
          const why =
            error instanceof FaultError ? faultText(error.fault).sentence : log.error('rollout.not-asked', error)
          unheard.push(`${name} could not be asked: ${why}`)
        }
      }),
    )
    return unheard
  }

  return {
    sync,
    ask,
    /** At the start of the console: whatever was on its way is not any more. */
    found(rolloutId: RolloutId): void {
      sync(rolloutId)
      tell(rolloutId, [])
    },
    /** Asks, and says then how each machine stands. */
    async askAll(rolloutId: RolloutId): Promise<void> {
      const unheard = await ask(rolloutId)
      if (record.load(rolloutId).run.state !== 'interrupted') return
      sync(rolloutId)
      tell(rolloutId, unheard)
    },
    /** A change that only the end of the console kept from being made goes again. */
    again(rolloutId: RolloutId): StoredLane[] {
      return record.load(rolloutId).lanes.filter((lane) => {
        if (lane.state !== 'ended' || (lane.outcome !== 'failed' && lane.outcome !== 'reverted')) return false
        return !lane.takenBack && jobOf(lane)?.state === 'interrupted'
      })
    },
  }
}

export type Interrupted = ReturnType<typeof createInterrupted>
