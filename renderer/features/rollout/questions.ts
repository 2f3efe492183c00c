import type { AgentId, PreflightExit, PreflightQuestion, RolloutPreview } from '../../../shared/contract/index.ts'

/** What can be done about an answer that is not yes: one of its exits, or the drill that makes it yes. */
export type Answer = PreflightExit | 'drill'

/** A question with the machines for which it is still open. */
export interface OpenQuestion {
  readonly question: PreflightQuestion
  readonly agents: PreflightQuestion['agents']
  readonly answers: readonly Answer[]
  readonly recommended: Answer
  /** Why that one. */
  readonly because: string
}

export type Picks = Readonly<Record<string, Answer>>

const drillKey = 'machine/way-back'
/** One that was run, and did not show it: such as on a machine that does not answer. */
const drillFailedKey = 'machine/drill-failed'

/** The same key may be asked in several words: for other machines each. */
export const idOf = ({ key, words, state }: PreflightQuestion): string => [key, state, words].join('\n')

const leavesOut = (answer: Answer): boolean => answer === 'exclude' || answer === 'update-first'

const answersTo = ({ key, exits }: PreflightQuestion): readonly Answer[] =>
  key === drillKey ? ['drill', ...exits] : key === drillFailedKey ? [...exits, 'drill'] : exits

/** What most operators would do, and why. Who is not known well enough stays out. Pure. */
export function recommended({ key, about, state, exits }: PreflightQuestion): { answer: Answer; because: string } {
  if (key === drillKey)
    return { answer: 'drill', because: 'The drill changes a file of its own there and cuts the connection.' }
  if (about === 'two-weeks' && state === 'cant-tell' && exits.includes('accept'))
    return { answer: 'accept', because: 'What they run today is answered above.' }
  if (exits.includes('update-first'))
    return { answer: 'update-first', because: 'Nothing is changed there until what is missing is there.' }
  return {
    answer: exits[0] ?? 'exclude',
    because: 'Nothing is changed there, and the patch can be carried there later.',
  }
}

/**
 * Questions for which somebody has to decide, those first that leave machines out: whom they leave out is not asked about
 * again. `picks`: what was picked so far, by {@link idOf}. Pure.
 */
export function openQuestions({ questions, targets }: RolloutPreview, picks: Picks): OpenQuestion[] {
  const waits = new Set<AgentId>(targets.filter(({ goes, why }) => !goes && why === '').map(({ agentId }) => agentId))
  const asked = questions.flatMap((question): OpenQuestion[] => {
    if (question.exits.length === 0 || question.agents.length === 0) return []
    const { answer, because } = recommended(question)
    const agents = question.agents.filter(({ agentId, choice }) => choice === null && waits.has(agentId))
    return [{ question, agents, answers: answersTo(question), recommended: answer, because }]
  })
  const pickOf = (one: OpenQuestion): Answer => picks[idOf(one.question)] ?? one.recommended
  const out = new Set<AgentId>()
  const open: OpenQuestion[] = []
  const order = [
    ...asked.filter((one) => leavesOut(one.recommended)),
    ...asked.filter((one) => !leavesOut(one.recommended)),
  ]
  for (const one of order) {
    const agents = one.agents.filter(({ agentId }) => !out.has(agentId))
    if (agents.length === 0) continue
    open.push({ ...one, agents })
    if (leavesOut(pickOf(one))) for (const { agentId } of agents) out.add(agentId)
  }
  return open
}

/** Questions about the patch itself: only another revision of it answers. */
export const ownQuestions = ({ questions }: RolloutPreview): PreflightQuestion[] =>
  questions.filter(({ agents }) => agents.length === 0)

const one: Record<Answer, string> = {
  drill: 'Run the drill there',
  'update-first': 'Bring it up to date first',
  exclude: 'Leave it out',
  guarded: 'Carry it: the patch minds that it may be missing',
  accept: 'Carry it there all the same',
}
const several: Record<Answer, string> = {
  ...one,
  'update-first': 'Bring them up to date first',
  exclude: 'Leave them out',
}

export const answerWords = (answer: Answer, machines: number): string => (machines === 1 ? one : several)[answer]
