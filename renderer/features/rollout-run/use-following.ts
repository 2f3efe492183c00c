import { useRef, useState } from 'react'
import type { AgentId, RolloutLane, RolloutRun } from '../../../shared/contract/index.ts'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { followed, type LaneSection } from './lanes.ts'

export interface Following {
  readonly present: RolloutLane | undefined
  /** The machine under way is shown, whichever that is. */
  readonly follows: boolean
  readonly pick: (agentId: AgentId) => void
  readonly move: (by: number) => void
  readonly follow: () => void
}

/** The machine under way is the chosen one until somebody moves; then that one stays. */
export function useFollowing(run: RolloutRun, sections: readonly LaneSection[]): Following {
  const [picked, setPicked] = useState<AgentId | null>(null)
  const last = useRef<AgentId | null>(null)
  const present = picked ?? followed(run, last.current)
  last.current = present
  const move = (by: number) => {
    const order = sections.flatMap(({ lanes }) => lanes.map(({ agentId }) => agentId))
    const at = present === null ? 0 : order.indexOf(present)
    const next = order[Math.min(order.length - 1, Math.max(0, at + by))]
    if (next === undefined) return
    setPicked(next)
    takeFocusAlong('listbox', 'data-lane', next)
  }
  return {
    present: run.lanes.find(({ agentId }) => agentId === present),
    follows: picked === null,
    pick: setPicked,
    move,
    follow: () => setPicked(null),
  }
}
