import type { AgentId, Fact, Finding, Probe } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { counted, momentWords } from '../base/words.ts'
import type { Question } from './questions.ts'

/** Everything a triage looks at: what is stored, and the time. */
export interface Known {
  readonly facts: readonly Fact[]
  /** Open findings of the machine, worst first. */
  readonly findings: readonly Finding[]
  /** Profiles by agent; a value names its agent where there are several. */
  readonly profiles: ReadonlyMap<AgentId, string>
  /** When the machine was last asked in vain; null: it answered the last time. What is from before is not known now. */
  readonly missedAtMs: number | null
  /** It does not answer, and nobody expects it to be on at this hour. */
  readonly offByPlan: boolean
  readonly nowMs: number
}

export type Answered = Omit<Probe, 'sshCommand'> & Pick<Question, 'causes' | 'fails' | 'follows'>

type Said = Pick<Probe, 'answer' | 'value'>

/** Nobody wrote for so long: then the quiet is theirs. */
const lateMs = 3 * 86_400_000

export const numberOf = (known: Known, key: Fact['key']): number | null => {
  const found = known.facts.find((fact) => fact.key === key && typeof fact.value === 'number')
  return typeof found?.value === 'number' ? found.value : null
}

/** Facts that say more than their verdict does, when they are asked for something else. */
const special: Readonly<Record<string, (facts: readonly Fact[], known: Known) => Said | null>> = {
  outside: (facts, known) => {
    const change = known.findings.find(({ cause }) => cause === 'changed-outside')
    if (change) return { answer: 'no', value: change.sentence }
    return byVerdict(facts, known).answer === 'yes' ? { answer: 'yes', value: 'no change is open' } : null
  },
  'stayed-up': (facts, known) => {
    const [boot, reply] = [numberOf(known, 'system.boot'), numberOf(known, 'activity.reply')]
    if (boot === null || facts.some(({ verdict }) => verdict === 'unknown')) return null
    if (reply === null) return { answer: 'cannot-tell', value: `started ${momentWords(boot, known.nowMs)}` }
    return boot > reply
      ? {
          answer: 'no',
          value: `started ${momentWords(boot, known.nowMs)}, last good reply ${momentWords(reply, known.nowMs)}`,
        }
      : { answer: 'yes', value: `started ${momentWords(boot, known.nowMs)}` }
  },
  reach: (facts) => {
    const silent = facts.find(({ key, verdict }) => key === 'reach.answers' && verdict === 'bad')
    if (silent) return { answer: 'no', value: silent.evidence.raw }
    const login = facts.find(({ key }) => key === 'reach.login')
    return login && facts.every(({ verdict }) => verdict === 'ok')
      ? { answer: 'yes', value: `yes, ${login.text}` }
      : null
  },
  service: (facts, known) => {
    const said = byVerdict(facts, known)
    return said.answer === 'yes' ? { answer: 'yes', value: `yes, by ${said.value}` } : said
  },
  permission: (facts, known) => {
    return facts.length === 0 && known.facts.some(({ key }) => key === 'channel.suppressed')
      ? { answer: 'yes', value: 'no channel here needs it' }
      : null
  },
  model: (facts, known) => {
    const trouble = facts.find(({ value }) => value === 'network')
    return trouble ? { answer: 'cannot-tell', value: textsOf([trouble], known) } : null
  },
  network: (facts, known) => {
    const trouble = facts.filter(({ value, stale }) => value === 'network' && !stale)
    if (trouble.length > 0) return { answer: 'no', value: textsOf(trouble, known) }
    // A model that answers, or refuses, was reached.
    const reached = facts.filter(({ value, stale }) => !stale && ['answers', 'key', 'money'].includes(String(value)))
    return reached.length > 0
      ? { answer: 'yes', value: 'its model is reached' }
      : { answer: 'cannot-tell', value: 'nothing tried it lately' }
  },
  tried: (facts, known) => {
    const inbound = numberOf(known, 'activity.inbound')
    if (inbound === null || facts.some(({ verdict }) => verdict === 'unknown')) return null
    const late = known.nowMs - inbound > lateMs
    return { answer: late ? 'no' : 'yes', value: `last message in ${momentWords(inbound, known.nowMs)}` }
  },
}

function textsOf(facts: readonly Fact[], { profiles }: Known): string {
  const words = facts.map((fact) => {
    const profile = fact.agentId === null || profiles.size < 2 ? undefined : profiles.get(fact.agentId)
    return profile === undefined ? fact.text : `${profile}: ${fact.text}`
  })
  return [...new Set(words)].filter((text) => text !== '').join('; ')
}

/** Wrong in one place is "no"; unread in one place, and wrong in none, is "can't tell". */
function byVerdict(facts: readonly Fact[], known: Known): Said {
  if (facts.length === 0) return { answer: 'cannot-tell', value: 'not read yet' }
  const wrong = facts.filter(({ verdict }) => verdict === 'bad' || verdict === 'warn')
  if (wrong.length > 0) return { answer: 'no', value: textsOf(wrong, known) }
  const unread = facts.filter(({ verdict }) => verdict === 'unknown')
  if (unread.length > 0) return { answer: 'cannot-tell', value: textsOf(unread, known) }
  return { answer: 'yes', value: textsOf(facts, known) }
}

function weightOf(question: Question, facts: readonly Fact[], known: Known): Probe['weight'] {
  // A broken file under a running agent is the next start's trouble, not why it is quiet now.
  if (
    question.key === 'config-valid' &&
    known.facts.some((fact) => fact.key === 'agent.service' && fact.verdict === 'ok')
  )
    return 'suspect'
  const isBad = facts.some(({ verdict }) => verdict === 'bad')
  return question.whenWarned !== undefined && !isBad ? question.whenWarned : question.weight
}

/** A machine that does not answer now may be another than it was: what was fine then is not fine now. */
function asOfNow(said: Said, takenAtMs: number | null, { missedAtMs }: Known): Said {
  const isOfBefore = missedAtMs !== null && takenAtMs !== null && takenAtMs < missedAtMs
  return said.answer === 'yes' && isOfBefore ? { answer: 'cannot-tell', value: said.value } : said
}

/** One question answered from what is known. Pure. */
export function answer(question: Question, known: Known): Answered {
  const facts = question.facts.flatMap((key) => known.facts.filter((fact) => fact.key === key))
  const takenAtMs = facts.length === 0 ? null : Math.min(...facts.map((fact) => fact.takenAtMs))
  const said = asOfNow(special[question.key]?.(facts, known) ?? byVerdict(facts, known), takenAtMs, known)
  const finding = known.findings.find(({ cause }) => question.causes.includes(cause))
  return {
    key: question.key,
    part: question.part,
    question: question.question,
    answer: said.answer,
    weight: weightOf(question, facts, known),
    value: untrusted((/^none( yet)?$/.test(said.value) ? question.none : undefined) ?? said.value, 400),
    takenAtMs,
    facts,
    nextStep:
      said.answer === 'yes'
        ? ''
        : said.answer === 'cannot-tell'
          ? question.findOut
          : (finding?.nextStep ?? question.mend),
    causes: question.causes,
    fails: question.fails,
    follows: question.follows ?? [],
  }
}

/** "3 questions", for sentences about what is not known. */
export const questionsWords = (probes: readonly Answered[]): string => counted(probes.length, 'question')
