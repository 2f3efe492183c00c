import { create } from 'zustand'
import type { BoxId, ChannelStop } from '../../shared/contract/index.ts'
import { showOver } from './frame.ts'

/** From where the kill switch was asked for: what it shows first. */
export interface Asked {
  /** Doors of this machine alone; null: of the whole fleet. */
  boxId: BoxId | null
  /** Key of the door that is meant; null: the worst. */
  door: string | null
}

/** One press of the kill switch. */
export interface StopRun {
  id: number
  /** "iMessage at Lakeside Homes", "iMessage on 7 machines". */
  what: string
  startedAtMs: number
  /** Null while it is under way. */
  ended: readonly ChannelStop[] | { problem: string } | null
}

/** A channel that is off and may be turned on again. */
export type Stopped = Pick<ChannelStop, 'boxId' | 'boxName' | 'agentId' | 'channel' | 'account'>

interface Stopping {
  asked: Asked | null
  /** Whom it would answer is shown, and it can be turned on. */
  starting: Stopped | null
  /** The last press; it goes on while its dialog is closed. */
  run: StopRun | null
  /** Moments of failed stops that the operator put away from under the header. */
  putAway: ReadonlySet<number>
}

export const useStopping = create<Stopping>(() => ({ asked: null, starting: null, run: null, putAway: new Set() }))

/** Opens the kill switch over whatever is shown. */
export function askToStop(asked: Partial<Asked> = {}): void {
  showOver(null)
  const { run } = useStopping.getState()
  useStopping.setState({
    asked: { boxId: null, door: null, ...asked },
    starting: null,
    // What is still under way is shown again; what has ended was read.
    run: run?.ended === null ? run : null,
  })
}

/** Shows whom a channel that is off would answer, with the way to turn it on. */
export function askToStart({ boxId, boxName, agentId, channel, account }: Stopped): void {
  showOver(null)
  useStopping.setState({ starting: { boxId, boxName, agentId, channel, account } })
}

export const closeStopping = (): void => useStopping.setState({ asked: null, starting: null })

/** A press that came to nothing because nobody could be asked is no longer told. */
export const putRunAway = (): void => useStopping.setState({ run: null })

export const putStopAway = (atMs: number): void =>
  useStopping.setState(({ putAway }) => ({ putAway: new Set([...putAway, atMs]) }))
