import type { AccessRow } from '../../shared/contract/index.ts'

/** Tells one door of the fleet from another. */
export const doorKey = ({
  boxId,
  agentId,
  channel,
  account,
}: Pick<AccessRow, 'boxId' | 'agentId' | 'channel' | 'account'>): string =>
  JSON.stringify([boxId, agentId, channel, account])
