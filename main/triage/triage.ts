import type { BoxId, Triage } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import type { Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Ssh } from '../ssh/ssh.ts'
import { answer, type Known } from './answer.ts'
import { commandOf } from './commands.ts'
import { leadOf } from './lead.ts'
import { questions } from './questions.ts'

export interface TriageParts {
  readonly inventory: Pick<InventoryReads, 'box' | 'agents'>
  readonly facts: Pick<Facts, 'ofBox' | 'attempts'>
  readonly findings: Pick<Findings, 'open'>
  readonly ssh: Pick<Ssh, 'commandFor'>
  readonly clock: Clock
}

/** Why an agent went quiet: questions in order, the first that fails for a reason of its own is the likely cause. */
export interface Triages {
  /** From what is stored; nothing is asked of the machine. */
  ofBox(boxId: BoxId): Triage
}

export function createTriages(parts: TriageParts): Triages {
  return {
    ofBox(boxId) {
      parts.inventory.box(boxId)
      const facts = parts.facts.ofBox(boxId)
      const agents = parts.inventory.agents(boxId)
      const attempt = parts.facts.attempts().get(boxId)
      const missed = attempt !== undefined && attempt.outcome !== 'swept' ? attempt : null
      const known: Known = {
        facts,
        findings: parts.findings.open().filter((finding) => finding.boxId === boxId),
        profiles: new Map(agents.map(({ agentId, profile }) => [agentId, profile])),
        missedAtMs: missed?.atMs ?? null,
        offByPlan: missed?.outcome === 'not-expected',
        nowMs: parts.clock.nowMs(),
      }
      const answered = questions.map((question) => answer(question, known))
      const ssh = parts.ssh.commandFor(boxId)
      return {
        boxId,
        state: facts.length === 0 ? 'never-read' : missed ? 'unreachable' : 'read',
        ...(facts.length === 0
          ? { lead: 'Not read yet, so nothing can be told.', leadKey: null, nextStep: '' }
          : leadOf(answered, known)),
        probes: answered.map(({ causes: _, fails: __, follows: ___, ...probe }) => ({
          ...probe,
          sshCommand: commandOf(probe, ssh, facts, agents),
        })),
      }
    },
  }
}
