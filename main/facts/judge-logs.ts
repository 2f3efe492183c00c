import { dateWords, spanWords } from '../base/words.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { type Context, dayMs, type Judged, judgeRead } from './judged.ts'

/** How long a log reaches back, as far as it is known: null, while nothing was ever dropped from it. */
export function keptMs({ ownLog }: ObservedAgent, nowMs: number): number | null {
  if (!ownLog.read) return null
  const { daily, full, oldestAtMs } = ownLog.value
  // A file a day is dropped a day after it was last written (openclaw.md §2).
  if (daily) return dayMs
  return full && oldestAtMs !== null ? Math.max(0, nowMs - oldestAtMs) : null
}

/** A log that is shorter than the longest time nobody watched is a hole in what can be known later. */
export const judgeLogs = (agent: ObservedAgent, context: Context): Judged =>
  judgeRead('logs.kept', agent.ownLog, ({ daily, oldestAtMs }) => {
    const kept = keptMs(agent, context.nowMs)
    if (kept === null)
      return {
        verdict: 'ok',
        text: oldestAtMs === null ? 'nothing was dropped yet' : `everything since ${dateWords(oldestAtMs)}`,
        value: null,
      }
    return {
      verdict: kept < context.longestUnwatchedMs ? 'warn' : 'ok',
      text: `the last ${spanWords(kept)}${daily ? ', a file a day' : ''}`,
      value: Math.floor(kept / 3_600_000),
    }
  })
