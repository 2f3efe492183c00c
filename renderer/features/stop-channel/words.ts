import { channelName, doorName } from '../../../shared/channels.ts'
import type { AccessRow, ChannelStop } from '../../../shared/contract/index.ts'
import { doorKey } from '../../state/door-key.ts'
import type { Asked, StopRun } from '../../state/stopping.ts'

/**
 * Doors the kill switch offers, worst first: those that are on, of the machine it was asked for. Where one door was meant
 * it is that one or none: never another in its place.
 */
export function offered(rows: readonly AccessRow[], { boxId, door }: Asked): AccessRow[] {
  return rows
    .filter((row) => row.enabled && (boxId === null || row.boxId === boxId) && (door === null || doorKey(row) === door))
    .toSorted((a, b) => a.rank - b.rank || (b.strangers ?? 0) - (a.strangers ?? 0))
}

/** Why there is nothing to stop. */
export function nothingToStop({ boxId, door }: Asked): string {
  if (door !== null) return 'This channel is off already, as far as it was read.'
  return boxId === null
    ? 'No channel is on, as far as machines were read.'
    : 'No channel of this machine is on, as far as it was read.'
}

/** Of a channel with one account the whole channel is turned off, so that nothing about accounts can leave it on. */
export const accountOf = (row: AccessRow, rows: readonly AccessRow[]): string | null =>
  rows.some((other) => other.boxId === row.boxId && other.channel === row.channel && other.account !== row.account)
    ? row.account
    : null

/** Machines of the fleet with this channel on. */
export const machinesWith = (channel: string, rows: readonly AccessRow[]): number =>
  new Set(rows.filter((row) => row.enabled && row.channel === channel).map(({ boxId }) => boxId)).size

/** "iMessage at Lakeside Homes", "iMessage on 7 machines". */
export function whatIsStopped(row: AccessRow, everywhere: number | null): string {
  if (everywhere !== null)
    return `${channelName(row.channel)} on ${everywhere === 1 ? '1 machine' : `${everywhere} machines`}`
  return `${doorName(row)} at ${row.clientName || row.boxName}`
}

/** What a press came to, the failed ones first. */
export function resultsOf(ended: StopRun['ended']): { failed: ChannelStop[]; off: ChannelStop[]; problem: string } {
  if (ended === null) return { failed: [], off: [], problem: '' }
  if ('problem' in ended) return { failed: [], off: [], problem: ended.problem }
  return { failed: ended.filter(({ stopped }) => !stopped), off: ended.filter(({ stopped }) => stopped), problem: '' }
}
