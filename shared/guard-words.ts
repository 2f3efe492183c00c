import type { ClientStreak, GuardAnswer, GuardClient } from './contract/index.ts'

const dayMs = 86_400_000
const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`
/** "at least 63 days", "under a day". */
function sinceWords({ sinceMs, atLeast }: { sinceMs: number; atLeast: boolean }, nowMs: number): string {
  const count = Math.max(0, Math.floor((nowMs - sinceMs) / dayMs))
  if (count === 0) return 'under a day'
  return `${atLeast ? 'at least ' : ''}${days(count)}`
}

/** "at least 63 days"; null: "not known". */
export const unchangedText = ({ unchanged }: ClientStreak, nowMs: number): string =>
  unchanged === null ? 'not known' : sinceWords(unchanged, nowMs)

export const answeredText = ({ answered }: ClientStreak): string =>
  answered === null ? 'not known' : `${answered.atLeast ? 'at least ' : ''}${days(answered.days)}`

export const calmText = ({ calm, trouble }: ClientStreak, nowMs: number): string => {
  if (trouble !== '') return 'trouble now'
  return calm === null ? 'not known' : sinceWords(calm, nowMs)
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

/** "Lakeside Homes has worked the same way for 63 days and did not ask for this." Empty: nobody knows of anyone. */
export function longestText(clients: readonly GuardClient[], nowMs: number): string {
  const known = clients.flatMap(({ clientName, streak: { unchanged } }) =>
    unchanged === null ? [] : [{ clientName, unchanged }],
  )
  const [longest] = known.toSorted((a, b) => a.unchanged.sinceMs - b.unchanged.sinceMs)
  if (!longest) return ''
  return `${longest.clientName} has worked the same way for ${sinceWords(longest.unchanged, nowMs)} and did not ask for this.`
}

/** Whoever quotes, or gives a link, is not quoted once more. */
export const quoteText = (words: string): string => (/["“”„«]|^https?:/.test(words) ? words : `“${words}”`)

/** All that was said of a change of behaviour; of one that began before each client was asked about, the one answer. */
export const answersOf = ({
  answer,
  answers,
}: {
  answer: GuardAnswer | null
  answers: readonly GuardAnswer[]
}): readonly GuardAnswer[] => (answers.length === 0 && answer !== null ? [answer] : answers)

/** Who asked, or why it goes all the same, for whom that counts, and who has something from it. */
export const guardAnswerText = ({
  kind,
  words,
  benefits,
  clients,
}: Pick<GuardAnswer, 'kind' | 'words' | 'benefits' | 'clients'>): string =>
  `${clients.length === 0 ? '' : `${clients.join(', ')}: `}${kind === 'asked' ? `Asked for: ${quoteText(words)}.` : `Nobody asked for it: ${words.replace(/\.$/, '')}.`} Who benefits: ${benefits.replace(/\.$/, '')}.`
