import { spanWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { byVerdict, type Evidence } from './assess-rules.ts'
import { keptMs } from './judge-logs.ts'
import type { Context } from './judged.ts'

/** A log that forgets sooner than somebody looks. */
export const assessLogs = (agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] =>
  byVerdict(
    'log-short',
    evidence,
    'logs.kept',
    'Its log reaches over the longest time in which nobody watched.',
    () => {
      const kept = spanWords(keptMs(agent, context.nowMs) ?? 0)
      const daily = agent.ownLog.read && agent.ownLog.value.daily
      return {
        severity: 'attention',
        state: 'Not seen',
        sentence: `keeps its own log for ${kept}, and nobody watched for ${spanWords(context.longestUnwatchedMs)} in one go`,
        detail: 'what it wrote in between was gone before anyone could read it',
        evidence: evidence.show('logs.kept', 'version.disk', 'agent.service'),
        nextStep: daily
          ? 'Name a log file in its settings (logging.file), so that it keeps more than a day; or let this console run every day.'
          : 'Let its log grow larger (logging.maxFileBytes), or let this console run more often.',
      }
    },
  )
