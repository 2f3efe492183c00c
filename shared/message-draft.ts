import type { Client, Finding } from './contract/index.ts'

/** What a message to a client is about. `silent`: they did not write; `unanswered`: they tried. */
export type DraftReason = 'offline' | 'nobody-logged-in' | 'unanswered' | 'silent' | 'model-refused' | 'generic'

export interface DraftAbout {
  reason: DraftReason
  /** When it began; null when nobody knows. */
  sinceMs: number | null
  /** Messages that came in and were not answered; null when nobody counted. */
  unanswered: number | null
  /** Which of their computers; empty where they have only one. */
  computer: string
}

/** Whom a message goes to, and where they are. */
export interface DraftFor extends Pick<Client, 'timeZone' | 'region' | 'humanFallback'> {
  /** Empty: nobody is known by name. */
  contactName: string
}

/** Whom to write to: the first contact with a way to be reached, else the first. */
export const contactOf = (client: Pick<Client, 'contacts'> | null): Client['contacts'][number] | null =>
  client?.contacts.find((contact) => contact.handle.trim() !== '') ?? client?.contacts[0] ?? null

const reasons: Partial<Record<string, DraftReason>> = {
  offline: 'offline',
  'nobody-logged-in': 'nobody-logged-in',
  unanswered: 'unanswered',
  wedged: 'unanswered',
  'model-refused': 'model-refused',
  silent: 'silent',
}

type Told = Pick<Finding, 'cause' | 'sentence' | 'detail' | 'evidence'>

/** Words of a model service that turns the account away. */
const refusal = /\b(401|402|403)\b|api key|credential|billing|quota/i

/** How many messages a trouble says were not answered; null where it counts none. */
export function unansweredOf(finding: Told | null): number | null {
  if (!finding || !['unanswered', 'wedged', 'silent'].includes(finding.cause)) return null
  const told = finding.evidence.find(({ name }) => name === 'Unanswered')?.value ?? ''
  const count = Number(/^\d+/.exec(told.replaceAll(',', ''))?.[0] ?? 0)
  return count > 0 ? count : null
}

/** What a trouble gives reason to write about. One that a client can do nothing about is `generic`. */
export function draftReason(finding: Told | null): DraftReason {
  if (!finding) return 'generic'
  if (unansweredOf(finding) !== null) return 'unanswered'
  const told = [finding.sentence, finding.detail, ...finding.evidence.map(({ value }) => value)]
  if (/^(failing$|model-)/.test(finding.cause) && told.some((text) => refusal.test(text))) return 'model-refused'
  return reasons[finding.cause] ?? 'generic'
}

const dayMs = 24 * 3_600_000

function localeOf(region: string): string {
  const [country = ''] = region.trim().toUpperCase().split('-')
  return /^[A-Z]{2}$/.test(country) ? `en-${country}` : 'en-GB'
}

/**
 * A moment as somebody at the client would say it, in their zone and their country's way of writing a time: "today at
 * 3:10 AM", "Thursday at 16:42", "12 March".
 */
export function momentThere(atMs: number, nowMs: number, place: Pick<DraftFor, 'timeZone' | 'region'>): string {
  const zone = place.timeZone ? { timeZone: place.timeZone } : {}
  const write = (ms: number, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(localeOf(place.region), { ...zone, ...parts }).format(ms).replace(/[\u00a0\u202f]/g, ' ')
  const day = (ms: number) => write(ms, { year: 'numeric', month: 'numeric', day: 'numeric' })
  if (nowMs - atMs >= 6 * dayMs) return write(atMs, { day: 'numeric', month: 'long' })
  const time = write(atMs, { hour: 'numeric', minute: '2-digit' })
  if (day(atMs) === day(nowMs)) return `today at ${time}`
  if (day(atMs) === day(nowMs - dayMs)) return `yesterday at ${time}`
  return `${write(atMs, { weekday: 'long' })} at ${time}`
}

const messages = (count: number): string => (count === 1 ? '1 message' : `${count} messages`)

/** The sentences of each reason: what is, and what they could do. `since` is " since today at 3:10 AM", or empty. */
function sentences({ reason, unanswered }: DraftAbout, which: string, since: string): string[] {
  switch (reason) {
    case 'offline':
      return [
        `the computer your assistant runs on${which} has been out of reach${since}.`,
        'Could you look whether it is switched on and online?',
        'If it shows a login screen, logging in is enough.',
      ]
    case 'nobody-logged-in':
      return [
        `the computer your assistant runs on${which} has restarted and is waiting at its login screen${since}, so your assistant cannot answer.`,
        'Could you log in there once, with the usual account?',
        'Locking the screen afterwards is fine, logging out is not.',
      ]
    case 'unanswered':
      return [
        unanswered === null
          ? `messages to your assistant have gone without an answer${since}.`
          : `${messages(unanswered)} to your assistant came in${since} and got no answer.`,
        'I am looking into it and will tell you when it answers again.',
        'Anything urgent of today is best answered by you.',
      ]
    case 'silent':
      return [
        `your assistant has had no message${since}, which is unusual for you.`,
        'That can be a quiet week, so I would like to be sure.',
        'Could you send it a short message and tell me whether it answers?',
      ]
    case 'model-refused':
      return [
        `the AI service behind your assistant has turned your account away${since}, so your assistant cannot answer.`,
        'The usual reasons are a card that ran out, a spending limit, or a key that was replaced.',
        'Could you look at the billing page of that account and tell me what it says?',
        'If there is a new key, do not write it in a message; call me and I will put it in with you.',
      ]
    case 'generic':
      return [
        `I am looking at something on the computer your assistant runs on${which}.`,
        'You need do nothing for now.',
        'If it did anything unusual in the last days, tell me what you saw.',
      ]
  }
}

/** While the assistant cannot answer, a person can. */
const awayReasons: ReadonlySet<DraftReason> = new Set(['offline', 'nobody-logged-in', 'unanswered', 'model-refused'])

/**
 * A message to somebody at the client, ready to be edited and sent by hand: in their time, without a word of how their
 * machine is built. Nothing is sent from here.
 */
export function messageDraft(about: DraftAbout, to: DraftFor, nowMs: number): string {
  const [first = ''] = to.contactName.trim().split(/\s+/)
  const since = about.sinceMs === null ? '' : ` since ${momentThere(about.sinceMs, nowMs, to)}`
  const which = about.computer ? ` (“${about.computer}”)` : ''
  const said = sentences(about, which, since)
  const human = to.humanFallback.trim()
  const until = human && awayReasons.has(about.reason) ? [`Until it answers again, people can reach ${human}.`] : []
  return `Hi ${first || 'there'}, ${[...said, ...until].join(' ')}`
}

/** The trouble of several that a message would be about: the first a client can help with, else the first; null for none. */
export const worthWriting = <T extends Told & Pick<Finding, 'open'>>(findings: readonly T[]): T | null => {
  const open = findings.filter((finding) => finding.open)
  return open.find((finding) => draftReason(finding) !== 'generic') ?? open[0] ?? null
}
