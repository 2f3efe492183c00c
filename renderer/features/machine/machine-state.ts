import { create } from 'zustand'
import type { BoxId, FactGroup } from '../../../shared/contract/index.ts'
import type { KindFilter } from './days.ts'

interface MachineState {
  boxId: BoxId | null
  chosen: string | null
  open: ReadonlySet<FactGroup>
  /** Whether the history and evidence of the chosen fact lie over the page. */
  evidenceOpen: boolean
  happenedOpen: boolean
  /** Whether the message to the client lies over the page. */
  messageOpen: boolean
  kind: KindFilter
}

const fresh = { chosen: null, open: new Set<FactGroup>(), evidenceOpen: false, happenedOpen: false, messageOpen: false }

/** What only the window knows of the machine page; another machine begins afresh, the timeline's filter stays. */
export const useMachineState = create<MachineState>(() => ({ boxId: null, kind: 'all', ...fresh }))

export function showMachine(boxId: BoxId): void {
  if (useMachineState.getState().boxId !== boxId) useMachineState.setState({ boxId, ...fresh })
}

export const setOpen = (group: FactGroup, open: boolean): void =>
  useMachineState.setState((state) => {
    const next = new Set(state.open)
    if (open) next.add(group)
    else next.delete(group)
    return { open: next }
  })
