import type { FleetRow } from '../../../shared/contract/index.ts'
import { rowFilter } from '../../ui/row-filter.ts'

/** What the fleet's table is filtered by. */
export const { readFilter, passes } = rowFilter<FleetRow>({
  texts: {
    client: (row) => row.clientName,
    machine: (row) => row.boxName,
    is: (row) => row.state,
    version: (row) => row.version,
    answers: (row) => row.answers,
    os: (row) => row.os,
    ring: (row) => row.ring,
    niche: (row) => row.niche,
  },
  numbers: {
    behind: (row) => row.behind,
    days: (row) => row.daysBehind,
  },
  also: (row) => [row.behindText, row.sentence],
})
