import type { Finding, ReviewClient, ReviewItem, ReviewPage, ReviewSection } from '../../../shared/contract/index.ts'
import { untilText } from './until-words.ts'

export const sectionNames: Record<ReviewSection, string> = {
  'needs-you': 'Needs you',
  'go-live': 'Go-live watch',
  building: 'Building',
  later: 'Later',
}

/** A row of the list: a trouble, or a client that has a place in the review without one. */
export type Row = { key: string; item: ReviewItem; client: null } | { key: string; item: null; client: ReviewClient }

export const rowsOf = ({ items, clients }: Pick<ReviewPage, 'items' | 'clients'>): Row[] => [
  ...items.map((item): Row => ({ key: item.key, item, client: null })),
  ...clients.map((client): Row => ({ key: `client:${client.clientId}`, item: null, client })),
]

const sectionOf = (row: Row): ReviewSection => (row.item ?? row.client).section

/** Rows by section, in the order of the page; sections without rows are left out. */
export function bySection(rows: readonly Row[]): { section: ReviewSection; rows: Row[] }[] {
  return (Object.keys(sectionNames) as ReviewSection[])
    .map((section) => ({ section, rows: rows.filter((row) => sectionOf(row) === section) }))
    .filter((each) => each.rows.length > 0)
}

/** Rows that ask for something: what was put off does not. */
export const asking = (items: readonly ReviewItem[]): ReviewItem[] => items.filter(({ section }) => section !== 'later')

/** The row `steps` away, staying within the list. Null only for an empty list. */
export function stepped(keys: readonly string[], chosen: string | null, steps: number): string | null {
  const at = chosen === null ? -1 : keys.indexOf(chosen)
  if (at < 0) return keys[steps < 0 ? keys.length - 1 : 0] ?? null
  return keys[Math.min(keys.length - 1, Math.max(0, at + steps))] ?? null
}

/** Where to go on after a row was dealt with: the next one nobody has seen, else the first such, else the row itself. */
export function nextUnseen(items: readonly ReviewItem[], done: string): string {
  const at = items.findIndex((item) => item.key === done)
  const after = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))].find(
    (item) => !item.seen && item.section !== 'later',
  )
  return after?.key ?? done
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

/** A row says what is the matter in so many characters; what comes after it stands in the second line. */
const rowChars = 44

/** Where a long sentence can be parted: "changed without you" and "2 settings and 1 new login key, Friday 11:20". */
const joints = [': ', ', so ', ', and ', ' and nobody ', ', nobody '] as const

/** A sentence as a row tells it: what is the matter, and the rest of it for the second line. */
export function inTwo(sentence: string): [string, string] {
  if (sentence.length <= rowChars) return [sentence, '']
  const cuts = joints.map((joint) => ({ joint, at: sentence.indexOf(joint) })).filter(({ at }) => at > 0)
  const first = cuts.toSorted((a, b) => a.at - b.at)[0]
  if (!first) return [sentence, '']
  return [sentence.slice(0, first.at), sentence.slice(first.at).replace(/^(: |, (so|and) |,? (and )?(?=nobody ))/, '')]
}

/** The first line of a row, without its subject. */
export const rowSentence = (item: ReviewItem): string => inTwo(sentenceOfItem(item))[0]

const dayMs = 24 * 3_600_000

/** Said of a row that came back by itself within the last day. */
function backWords({ snoozeEndedAtMs }: Finding, nowMs: number): string[] {
  if (snoozeEndedAtMs === null || nowMs - snoozeEndedAtMs > dayMs) return []
  const today = new Date(snoozeEndedAtMs).toDateString() === new Date(nowMs).toDateString()
  return [`snoozed until ${today ? 'today' : 'yesterday'}`]
}

/** Why a row waits and until when: a pause covers whatever was snoozed before it, and both must have ended. */
export function putOffBy({ section, finding: { snoozed }, pause }: ReviewItem) {
  const by = pause ?? snoozed
  if (section !== 'later' || !by) return null
  const untilMs = Math.max(pause?.untilMs ?? 0, snoozed?.untilMs ?? 0)
  return { word: pause ? ('Paused' as const) : ('Snoozed' as const), reason: by.reason, untilMs }
}

/** How much else is the matter with the row's machine: it stands apart from the second line, which may be cut. */
export function moreOf(item: ReviewItem): number {
  const also = alsoOf(item).length
  return machinesOf(item).length > 0 || putOffBy(item) !== null ? 0 : also
}

/** The second line: why it waits, the machines that share it, or the rest of the sentence and the likely cause. */
export function metaOf(item: ReviewItem, nowMs: number): string {
  const put = putOffBy(item)
  if (put) return put.reason
  const machines = machinesOf(item)
  if (machines.length > 0) return machines.map((each) => each.boxName).join(', ')
  return [...backWords(item.finding, nowMs), inTwo(sentenceOfItem(item))[1], item.finding.detail]
    .filter(Boolean)
    .join(' · ')
}

/** What waits, by its end: "Peak Realty, Elm Realty until Thursday". */
export function putOff({ items, clients }: Pick<ReviewPage, 'items' | 'clients'>, nowMs: number) {
  const waiting = (wanted: 'Snoozed' | 'Paused') =>
    items.flatMap((item) => {
      const put = putOffBy(item)
      if (put?.word !== wanted) return []
      return [item.finding, ...elsewhere(item)].map(({ subject }) => ({ name: subject, untilMs: put.untilMs }))
    })
  const snoozed = waiting('Snoozed')
  const away = clients.flatMap(({ section, name, pause }) =>
    section === 'later' && pause ? [{ name, untilMs: pause.untilMs }] : [],
  )
  const paused = [...waiting('Paused'), ...away]
  const words = (list: typeof snoozed) =>
    [...Map.groupBy(list, ({ untilMs }) => untilText(untilMs, nowMs))].map(
      ([until, own]) => `${own.map(({ name }) => name).join(', ')} until ${until}`,
    )
  return { snoozed, paused, snoozedWords: words(snoozed), pausedWords: words(paused) }
}

/** Under the names that need nothing: "1 snoozed until Thursday · 2 paused, the first until 4 December". */
export function putOffLine(page: Pick<ReviewPage, 'items' | 'clients'>, nowMs: number): string {
  const { snoozed, paused } = putOff(page, nowMs)
  const part = (list: typeof snoozed, word: string) => {
    const first = list.toSorted((a, b) => a.untilMs - b.untilMs)[0]
    if (!first) return []
    return [`${list.length} ${word}${list.length === 1 ? '' : ', the first'} until ${untilText(first.untilMs, nowMs)}`]
  }
  return [...part(snoozed, 'snoozed'), ...part(paused, 'paused')].join(' · ')
}

/** Under "All quiet": what was put off, by its end; null while nothing was. */
export function waitingWords(page: ReviewPage, nowMs: number): string | null {
  if (!page.allQuiet) return null
  const { snoozedWords, pausedWords } = putOff(page, nowMs)
  const parts = [
    ...(snoozedWords.length > 0 ? [`Snoozed: ${snoozedWords.join('; ')}.`] : []),
    ...(pausedWords.length > 0 ? [`Paused: ${pausedWords.join('; ')}.`] : []),
  ]
  return parts.length === 0 ? null : parts.join(' ')
}

/** What stands at the top of the list instead of, or above, the rows; null when rows say it all. */
export function headline(page: ReviewPage, oldest: string | null): string | null {
  const open = asking(page.items)
  const unseen = open.filter((item) => !item.seen).length
  const machines = page.machines === 1 ? '1 machine' : `${page.machines} machines`
  if (page.noNetworkSinceMs !== null)
    return 'No machine answers. That points to this computer’s own network or VPN, so no alarms were raised.'
  if (page.lastSweep === null)
    return `Nothing was read yet. R sweeps ${machines === '1 machine' ? 'it' : `all ${machines}`}.`
  const answered = `${page.expectedAnswered} of ${page.expected} ${page.expected < page.machines ? 'expected ' : ''}machines answered`
  if (page.allQuiet) return `All quiet. ${answered}${oldest ? `; the oldest fact is ${oldest} old` : ''}.`
  if (open.length > 0 && unseen === 0) {
    const later = page.items.length - open.length
    return `Review done. ${later === 0 ? `${open.length} left for later` : `${open.length} still open, ${later} put off`}.`
  }
  if (open.length === 0 && page.notSeen.length > 0)
    return `No trouble is known, but ${page.notSeen.length} of ${page.expected === 1 ? '1 machine' : `${page.expected} machines`} ${page.notSeen.length === 1 ? 'was' : 'were'} not seen: ${page.notSeen.join(', ')}.`
  if (open.length === 0) return `No trouble is open. ${answered}.`
  return null
}
