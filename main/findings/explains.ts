import type { AgentId, Cause } from '../../shared/contract/index.ts'
import type { Assessment } from './reconcile.ts'

/**
 * One finding a real cause: while a cause on the left is open, those on the right are what it looks like from outside
 * and are not raised beside it. A cause of the machine explains every agent on it, a cause of an agent only that agent.
 * Nothing stands on both sides of a circle.
 */
export const explains: Partial<Record<Cause, readonly Cause[]>> = {
  // The agent starts at a login; until then nothing of it can be right.
  'nobody-logged-in': ['gateway-down', 'channel-down', 'wedged', 'unanswered', 'silent'],
  // It refuses to start with such a file. Under a running agent nothing is down, and nothing is folded.
  'config-invalid': ['gateway-down', 'config-not-applied'],
  // Half installed, it neither starts nor runs what is on disk.
  'update-stalled': ['gateway-down', 'not-restarted'],
  // Nothing runs, so nobody is listening.
  'gateway-down': ['channel-down', 'unanswered', 'silent'],
  // The crashes are why the channels are held back; who starts them again reads of both in one place.
  'channel-suppressed': ['crash-loop', 'channel-down', 'unanswered', 'silent'],
  // The system keeps the messages from it.
  'channel-permission': ['channel-down', 'unanswered', 'silent'],
  'channel-down': ['silent'],
  // Every answer ends at the model.
  'model-refused': ['failing', 'wedged', 'unanswered', 'silent'],
  failing: ['unanswered', 'silent'],
  wedged: ['unanswered', 'silent'],
}

interface Subject {
  readonly cause: Cause
  readonly agentId: AgentId | null
}

/** Which of the present troubles explains this one; null: it stands for itself. */
export function explainedBy<Present extends Subject>(subject: Subject, present: readonly Present[]): Present | null {
  return (
    present.find(
      (other) =>
        (explains[other.cause]?.includes(subject.cause) ?? false) &&
        (other.agentId === null || other.agentId === subject.agentId),
    ) ?? null
  )
}

/**
 * The same assessments, with those troubles taken back that another one explains: of these assessments, or still open
 * because this answer said nothing about it. That an agent stopped is news whatever was known before: only what was
 * seen in the same look explains it. Pure.
 */
export function foldExplained(assessments: readonly Assessment[], open: readonly Subject[]): Assessment[] {
  const assessed = new Set(assessments.map(subjectId))
  const seen: readonly Subject[] = assessments.filter(({ trouble }) => trouble !== null)
  const told = new Set(assessments.flatMap(({ trouble }) => trouble?.tells ?? []).map(subjectId))
  const present = [...seen, ...open.filter((finding) => !assessed.has(subjectId(finding)))]
  return assessments.map((assessment) => {
    const among = assessment.cause === 'gateway-down' ? seen : present
    const isTold = told.has(subjectId(assessment))
    if (assessment.trouble === null || !(isTold || explainedBy(assessment, among))) return assessment
    const { cause, agentId } = assessment
    return { cause, agentId, trouble: null, recovery: 'Another trouble explains it; that one is open.' }
  })
}

const subjectId = ({ cause, agentId }: Subject): string => `${cause} ${agentId ?? ''}`
