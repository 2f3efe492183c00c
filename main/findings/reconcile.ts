import type { AgentId, Cause, Finding } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import { comesAndGoes, doubtLastsMs, flapping, patienceOf } from './patience.ts'

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
  /** Troubles that this one tells already in other words: not raised beside it. */
  readonly tells?: readonly { readonly cause: Cause; readonly agentId: AgentId | null }[]
}

/**
 * One judged cause of one subject. What could not be judged is simply not assessed: its finding, if one is open,
 * stays as it is. Silence of evidence closes nothing.
 */
export type Assessment =
  | { readonly cause: Cause; readonly agentId: AgentId | null; readonly trouble: Trouble }
  | { readonly cause: Cause; readonly agentId: AgentId | null; readonly trouble: null; readonly recovery: string }

interface Subject {
  readonly cause: Cause
  readonly agentId: AgentId | null
}

/** How often a finding came, and since when it comes and goes; null: it stands. */
export interface Coming {
  readonly times: number
  readonly comesSinceMs: number | null
}

/** The part of an open finding that decides what happens to it. */
export interface OpenFinding extends Subject, Coming {
  readonly findingId: string
  /** Since when its trouble was not seen any more; null: it lasts. */
  readonly calmSinceMs: number | null
}

/** A trouble that was seen and is not believed yet. */
export interface Doubt extends Subject {
  readonly firstMs: number
  readonly lastMs: number
}

/** What is known of the subjects of one box before it was judged. */
export interface Before<Open extends OpenFinding> {
  readonly open: readonly Open[]
  readonly doubts: readonly Doubt[]
  /** Findings that were opened within the last day and are closed. */
  readonly past: readonly (Subject & { readonly noticedAtMs: number })[]
}

export interface Look {
  readonly atMs: number
  /** The operator asked himself: what he sees is believed at once. */
  readonly asked: boolean
}

export interface Steps<Open extends OpenFinding> {
  readonly open: (Subject & Coming & { readonly trouble: Trouble })[]
  readonly refresh: ({ readonly finding: Open; readonly trouble: Trouble } & Coming)[]
  /** Not seen any more, and not closed yet. */
  readonly calm: { readonly finding: Open; readonly sinceMs: number }[]
  readonly close: { readonly finding: Open; readonly recovery: string }[]
  readonly doubt: Doubt[]
  /** Doubts that are over, one way or the other. */
  readonly settled: Doubt[]
}

const keyOf = (item: Subject): string => `${item.cause} ${item.agentId ?? ''}`
const bySubject = <T extends Subject>(items: readonly T[]) => new Map(items.map((item) => [keyOf(item), item]))

/**
 * What to do so that the findings of one box say what was just judged: each opens once, when it is believed, and closes
 * once, when its end is. Pure.
 */
export function reconcile<Open extends OpenFinding>(
  before: Before<Open>,
  assessments: readonly Assessment[],
  look: Look,
): Steps<Open> {
  const open = bySubject(before.open)
  const doubts = bySubject(before.doubts)
  const past = Map.groupBy(before.past, keyOf)
  const steps: Steps<Open> = { open: [], refresh: [], calm: [], close: [], doubt: [], settled: [] }
  for (const assessment of assessments) {
    const key = keyOf(assessment)
    const finding = open.get(key)
    const doubt = doubts.get(key)
    if (assessment.trouble && finding) refresh(steps, finding, assessment.trouble)
    else if (assessment.trouble)
      begin(steps, { ...assessment, trouble: assessment.trouble }, doubt, past.get(key) ?? [], look)
    else if (finding) cease(steps, finding, assessment.recovery, look)
    if (doubt && (finding || !assessment.trouble)) steps.settled.push(doubt)
  }
  return steps
}

function begin<Open extends OpenFinding>(
  steps: Steps<Open>,
  { cause, agentId, trouble }: Subject & { trouble: Trouble },
  known: Doubt | undefined,
  past: readonly { noticedAtMs: number }[],
  { atMs, asked }: Look,
): void {
  const doubt = known && atMs - known.lastMs < doubtLastsMs ? known : undefined
  const firstMs = Math.min(doubt?.firstMs ?? atMs, atMs)
  if (!asked && atMs - firstMs < patienceOf(cause).openMs) {
    steps.doubt.push({ cause, agentId, firstMs, lastMs: atMs })
    return
  }
  if (known) steps.settled.push(known)
  const recent = past.filter(({ noticedAtMs }) => comesAndGoes(cause) && atMs - noticedAtMs <= flapping.withinMs)
  const coming: Coming =
    recent.length < flapping.times
      ? { times: 1, comesSinceMs: null }
      : { times: recent.length + 1, comesSinceMs: Math.min(...recent.map(({ noticedAtMs }) => noticedAtMs)) }
  steps.open.push({ cause, agentId, ...coming, trouble: inWords(trouble, coming) })
}

function refresh<Open extends OpenFinding>(steps: Steps<Open>, finding: Open, trouble: Trouble): void {
  const cameBack = finding.comesSinceMs !== null && finding.calmSinceMs !== null
  const coming: Coming = { times: finding.times + (cameBack ? 1 : 0), comesSinceMs: finding.comesSinceMs }
  steps.refresh.push({ finding, ...coming, trouble: inWords(trouble, coming) })
}

function cease<Open extends OpenFinding>(
  steps: Steps<Open>,
  finding: Open,
  recovery: string,
  { atMs, asked }: Look,
): void {
  const sinceMs = Math.min(finding.calmSinceMs ?? atMs, atMs)
  const comes = finding.comesSinceMs !== null
  const enough = comes ? flapping.calmMs : asked ? 0 : patienceOf(finding.cause).closeMs
  if (atMs - sinceMs < enough) steps.calm.push({ finding, sinceMs })
  else
    steps.close.push({
      finding,
      recovery: comes ? `${recovery} It came ${counted(finding.times, 'time')}, and is calm now.` : recovery,
    })
}

/** A trouble that comes and goes says so, and what it is comes second. */
function inWords(trouble: Trouble, { times, comesSinceMs }: Coming): Trouble {
  if (comesSinceMs === null) return trouble
  return {
    ...trouble,
    sentence: `comes and goes: ${counted(times, 'time')} since ${dateWords(comesSinceMs)}`,
    detail: `last it ${trouble.sentence}`,
    sinceMs: comesSinceMs,
  }
}
