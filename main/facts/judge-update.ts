import { dateWords } from '../base/words.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { type Context, type Judged, judgeRead } from './judged.ts'

type Update = Extract<ObservedAgent['update'], { read: true }>['value']

/** The runtime itself takes an update without a sign for so long for given up, and the next may begin. */
const givenUpMs = 30 * 60_000

/** Since when an update has not ended; null: none hangs. */
export function stalledSinceMs({ run, leftSinceMs }: Update, nowMs: number): number | null {
  if (run?.status === 'running') return nowMs - run.updatedAtMs > givenUpMs ? run.updatedAtMs : null
  return leftSinceMs !== null && nowMs - leftSinceMs > givenUpMs ? leftSinceMs : null
}

/** Whether the runtime's last update of itself ended, and how. */
export function judgeUpdate(agent: ObservedAgent, context: Context): Judged {
  return judgeRead('version.update', agent.update, (update) => {
    const { run, keepsRuns } = update
    const since = stalledSinceMs(update, context.nowMs)
    const said = (verdict: Judged['verdict'], text: string, value: Judged['value']) => ({ verdict, text, value })
    if (since !== null && run?.status === 'running')
      return said('bad', `stopped while ${run.phase || 'it ran'}, no sign since ${dateWords(since)}`, 'stalled')
    if (since !== null) return said('bad', `left a half-made install behind on ${dateWords(since)}`, 'stalled')
    if (run?.status === 'running') return said('ok', `runs now: ${run.phase}`, 'running')
    const reason = run?.reason ? `: ${run.reason}` : ''
    if (run?.status === 'failed') return said('warn', `failed on ${dateWords(run.startedAtMs)}${reason}`, 'failed')
    if (run?.status === 'rolled-back')
      return said('warn', `put itself back on ${dateWords(run.startedAtMs)}${reason}`, 'rolled-back')
    if (run) return said('ok', `${run.status} on ${dateWords(run.startedAtMs)}`, run.status)
    return keepsRuns
      ? said('ok', 'none yet', 'none')
      : said('unknown', 'not read: this version writes its updates down nowhere; nothing half-made was found', null)
  })
}
