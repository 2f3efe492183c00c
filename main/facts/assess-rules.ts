import { type AgentId, type Cause, type FactKey, type Finding, factNames } from '../../shared/contract/index.ts'
import type { Assessment, Trouble } from '../findings/findings.ts'
import type { Judged } from './judged.ts'

/** Judged facts of one subject, by key. */
export interface Evidence {
  readonly agentId: AgentId | null
  readonly takenAtMs: number
  one(key: FactKey): Judged | undefined
  all(key: FactKey): Judged[]
  /** Facts to show beside a finding, in this order; the ones that are missing are left out. */
  show(...keys: FactKey[]): Finding['evidence']
}

export function evidenceOf(judged: readonly Judged[], agentId: AgentId | null, takenAtMs: number): Evidence {
  const all = (key: FactKey) => judged.filter((fact) => fact.key === key)
  return {
    agentId,
    takenAtMs,
    one: (key) => judged.find((fact) => fact.key === key),
    all,
    show: (...keys) =>
      keys
        .flatMap((key) => all(key).map((fact) => ({ name: factNames[key][1], value: fact.text, takenAtMs })))
        .slice(0, 5),
  }
}

type Words = Omit<Trouble, 'sinceMs' | 'evidence'> & { sinceMs?: number | null; evidence: Finding['evidence'] }

export const trouble = (cause: Cause, agentId: AgentId | null, words: Words): Assessment => ({
  cause,
  agentId,
  trouble: { ...words, sinceMs: words.sinceMs ?? null },
})

export const fine = (cause: Cause, agentId: AgentId | null, recovery: string): Assessment => ({
  cause,
  agentId,
  trouble: null,
  recovery,
})

/** Trouble when the fact says warn or bad, fine when it says ok, nothing when it is unknown or missing. */
export function byVerdict(
  cause: Cause,
  evidence: Evidence,
  key: FactKey,
  recovery: string,
  words: (fact: Judged) => Words,
): Assessment[] {
  const fact = evidence.one(key)
  if (!fact || fact.verdict === 'unknown') return []
  if (fact.verdict === 'ok') return [fine(cause, evidence.agentId, recovery)]
  return [trouble(cause, evidence.agentId, words(fact))]
}
