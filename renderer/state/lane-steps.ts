import { create } from 'zustand'
import type { ApplyId, ApplyStep, RolloutLane } from '../../shared/contract/index.ts'

export interface SeenStep {
  readonly step: ApplyStep
  readonly atMs: number
}

interface Seen {
  /** Whether it was told or not. */
  readonly last: ApplyStep
  /** When each step was seen to begin. */
  readonly steps: readonly SeenStep[]
}

/** When the steps of a rollout's changes were seen to begin, for as long as the window lives. */
export const useLaneSteps = create<{ seen: Readonly<Record<ApplyId, Seen>> }>(() => ({ seen: {} }))

type Lane = Pick<RolloutLane, 'applyId' | 'step' | 'state' | 'begunAtMs'>

/** What these lanes add to what was seen; a step that was under way at the first look has no time. Pure. */
export function withSteps(
  seen: Readonly<Record<ApplyId, Seen>>,
  lanes: readonly Lane[],
  nowMs: number,
): Readonly<Record<ApplyId, Seen>> {
  const news = lanes.flatMap(({ applyId, step, state, begunAtMs }): [ApplyId, Seen][] => {
    if (applyId === null || step === null || state === 'waiting') return []
    const before = seen[applyId]
    if (before?.last === step) return []
    if (!before && step !== 'connect') return [[applyId, { last: step, steps: [] }]]
    const atMs = before ? nowMs : (begunAtMs ?? nowMs)
    return [[applyId, { last: step, steps: [...(before?.steps ?? []), { step, atMs }] }]]
  })
  return news.length === 0 ? seen : { ...seen, ...Object.fromEntries(news) }
}

export const noteSteps = (lanes: readonly Lane[]): void =>
  useLaneSteps.setState(({ seen }) => ({ seen: withSteps(seen, lanes, Date.now()) }))
