import type { Triage } from '../../shared/contract/index.ts'
import { onWords, readWords } from '../base/words.ts'
import { explainedBy } from '../findings/findings.ts'
import { type Answered, type Known, numberOf, questionsWords } from './answer.ts'

export type Lead = Pick<Triage, 'lead' | 'leadKey' | 'nextStep'>

const fails = ({ answer }: Answered): boolean => answer === 'no'

/**
 * The probe to blame: the machine itself where it cannot be reached; else the first failing one that is enough to stop
 * an agent and is not the consequence of another failing one; else, when the quiet shows, the first suspect, which is
 * the version gap where there is one (A13); else what shows. Pure.
 */
export function likeliest(probes: readonly Answered[]): Answered | null {
  const failing = probes.filter(fails)
  const reach = failing.find(({ key }) => key === 'reach')
  if (reach) return reach
  const causes = failing.flatMap((probe) => probe.causes.map((cause) => ({ cause, agentId: null, key: probe.key })))
  const isConsequence = (probe: Answered) => {
    const others = causes.filter(({ key }) => key !== probe.key)
    return (
      failing.some(({ key }) => probe.follows?.includes(key)) ||
      probe.causes.some((cause) => explainedBy({ cause, agentId: null }, others))
    )
  }
  const stopping = failing.filter(({ weight }) => weight === 'stops')
  const stop = stopping.find((probe) => !isConsequence(probe)) ?? stopping[0]
  if (stop) return stop
  const shows = failing.filter(({ weight }) => weight === 'shows')
  const suspect = failing.find(({ weight }) => weight === 'suspect')
  return shows.length > 0 ? (suspect ?? shows[0] ?? null) : null
}

/** What is wrong, as it continues "Most likely: ". */
function blame(probe: Answered, known: Known): string {
  if (probe.key === 'session') {
    const boot = numberOf(known, 'system.boot')
    return boot === null
      ? 'nobody is logged in at its screen'
      : `nobody has logged in since the restart ${atWords(boot, known.nowMs)}`
  }
  const finding = known.findings.find(({ cause }) => probe.causes.includes(cause))
  return finding ? `it ${finding.sentence}` : `${probe.fails}: ${probe.value}`
}

/** "at 03:10" today, else with its day: "on Sunday at 03:10". */
const atWords = (atMs: number, nowMs: number): string => readWords(onWords(atMs), nowMs).replace(/^today /, '')

/** The sentence at the top: what is most likely, or what is known of it. Pure. */
export function leadOf(probes: readonly Answered[], known: Known): Lead {
  if (known.offByPlan)
    return { lead: 'It does not answer, and is not expected to be on now.', leadKey: 'reach', nextStep: '' }
  const unknown = probes.filter(({ answer }) => answer === 'cannot-tell')
  const unread = unknown.length === 0 ? '' : ` ${questionsWords(unknown)} could not be answered.`
  const probe = likeliest(probes)
  if (probe) return { lead: `Most likely: ${blame(probe, known)}.`, leadKey: probe.key, nextStep: probe.nextStep }
  const suspect = probes.find((each) => fails(each))
  if (suspect)
    return {
      lead: `Nothing here makes it quiet.${unread} Worth a look: ${blame(suspect, known)}.`,
      leadKey: suspect.key,
      nextStep: suspect.nextStep,
    }
  return unknown.length > 0
    ? {
        lead: `Nothing that could be read makes it quiet.${unread}`,
        leadKey: null,
        nextStep: unknown[0]?.nextStep ?? '',
      }
    : { lead: 'Nothing here makes it quiet: every question is answered with yes.', leadKey: null, nextStep: '' }
}
