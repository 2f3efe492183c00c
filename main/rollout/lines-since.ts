import type { BoxId, LogStart } from '../../shared/contract/index.ts'
import type { Findings } from '../findings/findings.ts'
import type { Logs } from '../logs/logs.ts'
import type { CheckWork } from './checks.ts'

interface Parts {
  readonly look: (boxId: BoxId, signal: AbortSignal) => Promise<void>
  /** Settles when the logs of those that answered are fetched. */
  readonly collected: () => Promise<void>
  readonly logs: Pick<Logs, 'page'>
  readonly findings: Pick<Findings, 'open'>
}

const perPage = 1000
/** Lines that are looked at for one check; what lies behind was not. */
const mostPages = 50

/** Looks through the lines of an agent since a moment, fetched just now. Upper and lower case are the same. */
export const linesSince =
  ({ look, collected, logs, findings }: Parts): CheckWork['lines'] =>
  async ({ boxId, agentId, words, sinceMs }, signal) => {
    await look(boxId, signal)
    await collected()
    const wanted = words.toLowerCase()
    let at: LogStart = 'oldest'
    let isRead = !findings.open().some((finding) => finding.boxId === boxId && finding.cause === 'logs-not-collected')
    for (let pages = 0; pages < mostPages; pages++) {
      const { records, next } = await logs.page({
        query: { boxIds: [boxId], sinceMs },
        at,
        direction: 'newer',
        limit: perPage,
      })
      const own = records.filter((record) => record.agentId === agentId || record.agentId === null)
      if (own.some((record) => record.kind === 'line' && record.text.toLowerCase().includes(wanted)))
        return { isThere: true, whole: true }
      if (own.some(({ kind }) => kind === 'gap')) isRead = false
      if (next === null) return { isThere: false, whole: isRead }
      at = next
    }
    return { isThere: false, whole: false }
  }
