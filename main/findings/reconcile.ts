import type { AgentId, Cause, Finding } from '../../shared/contract/index.ts'

/** What is wrong, in words that stay true until the next sweep. `sentence` continues the name of the client or machine. */
export interface Trouble {
  readonly severity: Finding['severity']
  readonly state: Finding['state']
  readonly sentence: string
  readonly detail: string
  /** When it began, as far as the evidence tells; null: known only since it was noticed. */
  readonly sinceMs: number | null
  /** Three to five facts, the telling one first. */
  readonly evidence: Finding['evidence']
  readonly nextStep: string
}

/**
 * One judged cause of one subject. What could not be judged is simply not assessed: its finding, if one is open,
 * stays as it is. Silence of evidence closes nothing.
 */
export type Assessment =
  | { readonly cause: Cause; readonly agentId: AgentId | null; readonly trouble: Trouble }
  | { readonly cause: Cause; readonly agentId: AgentId | null; readonly trouble: null; readonly recovery: string }

/** The part of an open finding that decides what happens to it. */
export interface OpenFinding {
  readonly findingId: string
  readonly cause: Cause
  readonly agentId: AgentId | null
}

export interface Steps<Open extends OpenFinding> {
  readonly open: (Assessment & { trouble: Trouble })[]
  readonly refresh: { readonly finding: Open; readonly trouble: Trouble }[]
  readonly close: { readonly finding: Open; readonly recovery: string }[]
}

const subject = (item: { cause: Cause; agentId: AgentId | null }): string => `${item.cause} ${item.agentId ?? ''}`

/** What to open, refresh and close so that the open findings of one box say what was just judged. Pure. */
export function reconcile<Open extends OpenFinding>(
  open: readonly Open[],
  assessments: readonly Assessment[],
): Steps<Open> {
  const bySubject = new Map(open.map((finding) => [subject(finding), finding]))
  const steps: Steps<Open> = { open: [], refresh: [], close: [] }
  for (const assessment of assessments) {
    const finding = bySubject.get(subject(assessment))
    if (assessment.trouble) {
      if (finding) steps.refresh.push({ finding, trouble: assessment.trouble })
      else steps.open.push(assessment)
    } else if (finding) steps.close.push({ finding, recovery: assessment.recovery })
  }
  return steps
}
