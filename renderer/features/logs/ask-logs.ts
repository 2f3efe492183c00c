import type { LogRecord, LogStart } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Asks, mostHits } from './reader-state.ts'

/** Few enough to come at once, enough to fill a window. */
const enoughRows = 60

/** The engine as the reader asks it. */
export const engineAsks: Asks = {
  async page(query, at, direction, limit, signal) {
    const rows: LogRecord[] = []
    for (let from: LogStart = at; ; ) {
      const asked = { query, at: from, direction, limit: limit - rows.length }
      const { records, ended, next, lastSeq, left = 0 } = await client.logs.page(asked, { signal })
      rows.push(...records)
      // A filter is looked for only a moment at a time: a short page is not the last.
      if (ended || next === null || rows.length >= Math.min(limit, enoughRows))
        return { rows, atEnd: ended, lastSeq, left }
      from = next
    }
  },
  density: (query, signal) => client.logs.density({ query, buckets: 400 }, { signal }),
  async *search(query, signal) {
    for await (const { hits, ...counts } of await client.logs.search({ query, maxHits: mostHits }, { signal }))
      yield { rows: hits, ...counts }
  },
}
