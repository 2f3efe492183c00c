import type { Finding, ReviewItem, ReviewPage } from '../../../shared/contract/index.ts'

export const sectionNames = { 'needs-you': 'Needs you', 'go-live': 'Go-live watch', building: 'Building' } as const
export type Section = keyof typeof sectionNames

/** Rows by section, in the order of the page; sections without rows are left out. */
export function bySection(items: readonly ReviewItem[]): { section: Section; items: ReviewItem[] }[] {
  return (Object.keys(sectionNames) as Section[])
    .map((section) => ({ section, items: items.filter((item) => item.section === section) }))
    .filter((each) => each.items.length > 0)
}

/** The row `steps` away, staying within the list. Null only for an empty list. */
export function stepped(keys: readonly string[], chosen: string | null, steps: number): string | null {
  const at = chosen === null ? -1 : keys.indexOf(chosen)
  if (at < 0) return keys[steps < 0 ? keys.length - 1 : 0] ?? null
  return keys[Math.min(keys.length - 1, Math.max(0, at + steps))] ?? null
}

/** Where to go on after marking a row: the next one nobody has seen, else the first such, else the row itself. */
export function nextUnseen(items: readonly ReviewItem[], marked: string): string {
  const at = items.findIndex((item) => item.key === marked)
  const after = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))].find((item) => !item.seen)
  return after?.key ?? marked
}

const irregular: Record<string, string> = { is: 'are', has: 'have', does: 'do', was: 'were', goes: 'go' }

function plural(verb: string): string {
  if (!/^[a-z]{3,}$/.test(verb)) return irregular[verb] ?? verb
  if (verb.endsWith('ies')) return `${verb.slice(0, -3)}y`
  if (verb.endsWith('sses')) return verb.slice(0, -2)
  return irregular[verb] ?? verb.replace(/([^s])s$/, '$1')
}

/** A sentence about one machine said of several: "does not answer" becomes "do not answer". */
export function ofSeveral(sentence: string): string {
  const [verb = ''] = sentence.split(' ', 1)
  return plural(verb) + sentence.slice(verb.length)
}

/** Findings of other machines that share the row's trouble; empty for a row about one machine. */
const elsewhere = ({ finding, others }: ReviewItem): Finding[] =>
  others.filter((other) => other.boxId !== finding.boxId)

/** What else is the matter with the row's machine, worst first. */
export const alsoOf = ({ finding, others }: ReviewItem): Finding[] =>
  others.filter((other) => other.boxId === finding.boxId)

/** Machines of a row that several share, the leading one first; empty for a row about one machine. */
export const machinesOf = (item: ReviewItem): Finding[] =>
  elsewhere(item).length === 0 ? [] : [item.finding, ...elsewhere(item)]

/** Subject of a row: the client, or the number of machines that share the cause. */
export const subjectOf = (item: ReviewItem): string =>
  machinesOf(item).length === 0 ? item.finding.subject : `${machinesOf(item).length} machines`

/** What is said of the subject. */
export const sentenceOfItem = (item: ReviewItem): string =>
  machinesOf(item).length === 0 ? item.finding.sentence : ofSeveral(item.finding.sentence)

/** The second line: the machines that share it, or the likely cause and how much else there is. */
export function metaOf(item: ReviewItem): string {
  const machines = machinesOf(item)
  if (machines.length > 0) return machines.map((each) => each.boxName).join(', ')
  const also = alsoOf(item).length
  return [item.finding.detail, ...(also === 0 ? [] : [`${also} more on this machine`])].join(' · ')
}

/** What stands at the top of the list instead of, or above, the rows; null when rows say it all. */
export function headline(page: ReviewPage, ended: boolean, oldest: string | null): string | null {
  const open = page.items.length
  const unseen = page.items.filter((item) => !item.seen).length
  const machines = page.machines === 1 ? '1 machine' : `${page.machines} machines`
  if (page.lastSweep === null)
    return `Nothing was read yet. R sweeps ${machines === '1 machine' ? 'it' : `all ${machines}`}.`
  if (page.allQuiet)
    return `All quiet. ${page.answered} of ${page.machines} machines answered${oldest ? `; the oldest fact is ${oldest} old` : ''}.`
  if (open > 0 && (ended || unseen === 0)) return `Review done. ${open} left for later.`
  if (open === 0 && page.notSeen.length > 0)
    return `No trouble is known, but ${page.notSeen.length} of ${machines} ${page.notSeen.length === 1 ? 'was' : 'were'} not seen: ${page.notSeen.join(', ')}.`
  if (open === 0) return `No trouble is open. ${page.answered} of ${page.machines} machines answered.`
  return null
}
