import type { ClientStreak, GuardAnswer, GuardClient } from './contract/index.ts'

const dayMs = 86_400_000
const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`
const wholeDays = (sinceMs: number, nowMs: number): number => Math.max(0, Math.floor((nowMs - sinceMs) / dayMs))

/** "at least 63 days"; null: "not known". */
export const unchangedText = ({ unchanged }: ClientStreak, nowMs: number): string =>
  unchanged === null
    ? 'not known'
    : `${unchanged.atLeast ? 'at least ' : ''}${days(wholeDays(unchanged.sinceMs, nowMs))}`

export const answeredText = ({ answered }: ClientStreak): string =>
  answered === null ? 'not known' : `${answered.atLeast ? 'at least ' : ''}${days(answered.days)}`

export const calmText = ({ calm, trouble }: ClientStreak, nowMs: number): string => {
  if (trouble !== '') return 'trouble now'
  return calm === null ? 'not known' : `${calm.atLeast ? 'at least ' : ''}${days(wholeDays(calm.sinceMs, nowMs))}`
}

/** "Bright Roofing: unchanged at least 63 days; answered in a row 41 days; without trouble 12 days. Workflows: quotes." */
export function guardClientText({ clientName, workflows, streak }: GuardClient, nowMs: number): string {
  const trouble = streak.trouble === '' ? '' : ` (${streak.trouble})`
  return [
    `${clientName}: unchanged ${unchangedText(streak, nowMs)}; answered in a row ${answeredText(streak)};`,
    `without trouble: ${calmText(streak, nowMs)}${trouble}.`,
    workflows.length === 0 ? 'No workflow is on record.' : `Workflows: ${workflows.join(', ')}.`,
  ].join(' ')
}

/** Who asked, or why it goes all the same, and who has something from it. */
export const guardAnswerText = ({ kind, words, benefits }: Pick<GuardAnswer, 'kind' | 'words' | 'benefits'>): string =>
  `${kind === 'asked' ? `Asked for: “${words}”.` : `Nobody asked for it: ${words.replace(/\.$/, '')}.`} Who benefits: ${benefits.replace(/\.$/, '')}.`
