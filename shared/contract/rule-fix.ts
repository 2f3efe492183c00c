import * as z from 'zod'
import { AgentId, AtMs, BoxId } from './ids.ts'
import { PlanChange } from './plan.ts'
import { RuleId } from './rules.ts'

/** What is to be fixed at one agent: one rule, what one account breaks, or with neither everything that is broken. */
export const FixScope = z.object({
  agentId: AgentId,
  ruleId: RuleId.optional(),
  door: z.object({ channel: z.string().min(1).max(60), account: z.string().min(1).max(100) }).optional(),
})
export type FixScope = z.infer<typeof FixScope>

/** The smallest change of settings that makes broken locks hold again, from how its machine was read last. */
export const RuleFix = z.object({
  agentId: AgentId,
  boxId: BoxId,
  boxName: z.string(),
  profile: z.string(),
  clientName: z.string(),
  /** Why there is none; empty: there is one, or nothing is broken. */
  why: z.string(),
  /** Rules that are broken and would hold. */
  fixed: z.array(RuleId),
  /** Rules that no setting alone mends, and what does. */
  left: z.array(z.object({ ruleId: RuleId, words: z.string() })),
  /** Such as that nobody is let in, because the client has no handle there. */
  notes: z.array(z.string()),
  changes: z.array(PlanChange.pick({ path: true, kind: true, before: true, after: true })),
  /** Whom each account that it is about answers afterwards, a sentence each. */
  answers: z.array(z.string()),
  baseSha256: z.string(),
  /** What makes exactly this; empty: there is nothing to make. */
  hash: z.string(),
  readAtMs: AtMs.nullable(),
})
export type RuleFix = z.infer<typeof RuleFix>
