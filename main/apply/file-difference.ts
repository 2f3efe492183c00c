import type { AgentId, AgentPlan, FileDifference } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { FileText } from '../runtimes/file-text.ts'
import { redactText, textOfBytes } from '../runtimes/runtimes.ts'
import { type Compared, compareTexts } from './compare-files.ts'

export interface FileDifferenceParts {
  readonly inventory: Pick<Inventory, 'agents' | 'fingerprintKey'>
  readonly onbox: Pick<Onbox, 'fileText'>
  readonly planOf: (agentId: AgentId) => AgentPlan
  /** Content of a declared file; null: it is not here. */
  readonly fileContent: (sha256: string) => Buffer | null
  readonly clock: Clock
  readonly deadlineMs: () => number
}

type Looked = Extract<FileText, { read: true }>['value']
const nothing = { lines: [], moreLines: 0 }

const bytesWords = (size: number): string => `${size} bytes`

/** Both texts go through the same redaction, so that only what really differs is shown. */
function compared(found: Looked, declared: Buffer | null, sha256: string, key: string): Compared {
  if (declared === null) return { ...nothing, words: 'The content that is declared is not in this console.' }
  if (found.sha256 === sha256) return { ...nothing, words: 'It is the declared one by now.' }
  const text = textOfBytes(declared)
  if (found.kind === 'large')
    return { ...nothing, words: `On the machine it has ${bytesWords(found.size)}, too many to be compared.` }
  if (text === null) return { ...nothing, words: 'The declared one is no text.' }
  if (found.kind === 'binary') return { ...nothing, words: `On the machine it is no text: ${bytesWords(found.size)}.` }
  const own = redactText(text, key)
  if (found.kind === 'none') return { ...compareTexts('', own), words: 'It is not on the machine.' }
  // Once more: what a box calls redacted is what it says.
  return compareTexts(redactText(found.text ?? '', key), own)
}

/** The text of files that a plan changes, asked of the machine when a person wants to see it. Nothing is kept. */
export function createFileDifferences(parts: FileDifferenceParts) {
  const { inventory, onbox, planOf, fileContent, clock, deadlineMs } = parts
  return {
    /** @throws FaultError `not-found`, any connection or answer fault. */
    async of(input: { agentId: AgentId; path: string }, signal?: AbortSignal): Promise<FileDifference> {
      const { agentId, path } = input
      const plan = planOf(agentId)
      const carried = plan.files.find((file) => file.path === path)
      const agent = inventory.agents(plan.boxId).find((one) => one.agentId === agentId)
      if (carried === undefined || agent === undefined)
        throw new FaultError({ code: 'not-found', what: 'file in this plan' })
      const fingerprintKey = inventory.fingerprintKey(plan.boxId)
      const answer = await onbox.fileText(
        plan.boxId,
        { stateDir: agent.stateDir, path, fingerprintKey },
        { deadlineMs: deadlineMs(), ...(signal ? { signal } : {}) },
      )
      const about = { agentId, path, readAtMs: clock.nowMs() }
      if (!answer.read) return { ...about, ...nothing, words: `It was not read: ${untrusted(answer.why)}` }
      const sha256 = carried.sha256 ?? ''
      return { ...about, ...compared(answer.value, fileContent(sha256), sha256, fingerprintKey) }
    },
  }
}
