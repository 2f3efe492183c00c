import type { AgentId, BoxId, RuleProblem, SettingChange } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { planHash } from '../overlay/overlay.ts'
import type { ApplyParts } from './apply.ts'
import { checkMs } from './carry-out.ts'
import type { createJobs } from './jobs.ts'
import { problemsAgainst, sentencesOf } from './locks.ts'
import { answersOf } from './questions.ts'
import type { stopRows } from './rows.ts'

export interface StartPreview {
  readonly changes: SettingChange[]
  readonly baseSha256: string
  readonly hash: string
  readonly answers: string[]
  /** Locks that it would break, each with its place; empty: it may be turned on. */
  readonly refusals: string[]
}
type Kept = StartPreview & { readonly problems: readonly RuleProblem[] }

/** The way back of a stopped channel: what stood there before, and whom that would answer, asked of the machine itself. */
export function createStarts(
  parts: ApplyParts,
  rows: ReturnType<typeof stopRows>,
  jobs: ReturnType<typeof createJobs>,
) {
  const { inventory, onbox, times } = parts
  const previews = new Map<string, Kept>()
  const keyOf = (agentId: AgentId, channel: string): string => `${agentId} ${channel}`

  return {
    kept: (agentId: AgentId, channel: string): Kept | undefined => previews.get(keyOf(agentId, channel)),
    async preview(boxId: BoxId, agentId: AgentId, channel: string): Promise<Kept> {
      const { stateDir } = jobs.agentOf(boxId, agentId)
      const known = rows.undoOf(agentId, channel)
      const changes: SettingChange[] =
        known.length > 0 ? known : [{ path: ['channels', channel, 'enabled'], set: true }]
      const program = await onbox.change(boxId, { deadlineMs: times.connectMs })
      try {
        const prepared = await program.stage(
          {
            id: newId<string>(),
            stateDir,
            fingerprintKey: inventory.fingerprintKey(boxId),
            operations: changes,
            baseSha256: null,
            deadlineS: times.deadlineS,
            checkMs: checkMs(times),
          },
          { deadlineMs: times.stepMs },
        )
        const boxName = inventory.box(boxId).name
        if (!prepared.done) throw new FaultError({ code: 'plan-stale', boxName, why: untrusted(prepared.why, 300) })
        const { version, before, after } = prepared
        const baseSha256 = before.sha256
        const problems = problemsAgainst(parts, {
          boxId,
          agentId,
          before: { ...before, version },
          after: { ...after, version },
        })
        const preview: Kept = {
          problems,
          refusals: sentencesOf(problems),
          changes,
          baseSha256,
          hash: planHash({ boxId, agentId, baseSha256, operations: changes }),
          answers: after.doors.filter((door) => door.channel === channel).map(answersOf),
        }
        previews.set(keyOf(agentId, channel), preview)
        return preview
      } finally {
        // Nothing was armed: what was staged goes with the program.
        program.close()
      }
    },
  }
}
