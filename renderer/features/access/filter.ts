import { doorName, kindWords } from '../../../shared/channels.ts'
import type { AccessRow } from '../../../shared/contract/index.ts'
import { rowFilter } from '../../ui/row-filter.ts'

/** What the table of doors is filtered by. */
export const { readFilter, passes } = rowFilter<AccessRow>({
  texts: {
    client: (row) => row.clientName,
    machine: (row) => row.boxName,
    channel: (row) => `${doorName(row)} ${row.channel}`,
    is: (row) => row.state,
    answers: (row) => row.answers,
    kind: (row) => kindWords(row.kind),
    niche: (row) => row.niche,
  },
  numbers: { strangers: (row) => row.strangers },
  also: (row) => [row.lastDays],
})
