import { describe, expect, it, test } from 'vitest'
import {
  contactOf,
  type DraftAbout,
  type DraftFor,
  type DraftReason,
  draftReason,
  messageDraft,
  momentThere,
  unansweredOf,
  worthWriting,
} from './message-draft.ts'

/** Friday 20 November 2026, 16:00 UTC: 8:00 in Los Angeles, 17:00 in Berlin. */
const nowMs = Date.UTC(2026, 10, 20, 16)
const hour = 3_600_000
const losAngeles = { timeZone: 'America/Los_Angeles', region: 'US-CA' }
const dana: DraftFor = { ...losAngeles, contactName: 'Dana Bright', humanFallback: '+1 415 555 0143' }
const about = (reason: DraftReason, change: Partial<DraftAbout> = {}): DraftAbout => ({
  reason,
  sinceMs: nowMs - 5 * hour,
  unanswered: null,
  computer: '',
  ...change,
})

it.each([
  ['today, twelve hours', nowMs - 5 * hour, losAngeles, 'today at 3:00 AM'],
  ['their yesterday, not ours', nowMs - 9 * hour, losAngeles, 'yesterday at 11:00 PM'],
  ['weekday', nowMs - 4 * 24 * hour, losAngeles, 'Monday at 8:00 AM'],
  ['date', nowMs - 40 * 24 * hour, losAngeles, 'October 11'],
  ['twenty-four hours', nowMs - 5 * hour, { timeZone: 'Europe/Berlin', region: 'DE-BY' }, 'today at 12:00'],
  ['no region', nowMs - 5 * hour, { timeZone: 'Europe/Berlin', region: '' }, 'today at 12:00'],
])('writes a moment as it is said there: %s', (_, atMs, place, words) => {
  expect(momentThere(atMs, nowMs, place)).toBe(words)
})

it.each<[DraftAbout, string]>([
  [
    about('offline'),
    'Hi Dana, the computer your assistant runs on has been out of reach since today at 3:00 AM. Could you look whether it is switched on and online? If it shows a login screen, logging in is enough. Until it answers again, people can reach +1 415 555 0143.',
  ],
  [
    about('nobody-logged-in', { computer: 'front-desk' }),
    'Hi Dana, the computer your assistant runs on (“front-desk”) has restarted and is waiting at its login screen since today at 3:00 AM, so your assistant cannot answer. Could you log in there once, with the usual account? Locking the screen afterwards is fine, logging out is not. Until it answers again, people can reach +1 415 555 0143.',
  ],
  [
    about('unanswered', { unanswered: 4 }),
    'Hi Dana, 4 messages to your assistant came in since today at 3:00 AM and got no answer. I am looking into it and will tell you when it answers again. Anything urgent of today is best answered by you. Until it answers again, people can reach +1 415 555 0143.',
  ],
  [
    about('silent'),
    'Hi Dana, your assistant has had no message since today at 3:00 AM, which is unusual for you. That can be a quiet week, so I would like to be sure. Could you send it a short message and tell me whether it answers?',
  ],
  [
    about('model-refused', { sinceMs: null }),
    'Hi Dana, the AI service behind your assistant has turned your account away, so your assistant cannot answer. The usual reasons are a card that ran out, a spending limit, or a key that was replaced. Could you look at the billing page of that account and tell me what it says? If there is a new key, do not write it in a message; call me and I will put it in with you. Until it answers again, people can reach +1 415 555 0143.',
  ],
  [
    about('generic'),
    'Hi Dana, I am looking at something on the computer your assistant runs on. You need do nothing for now. If it did anything unusual in the last days, tell me what you saw.',
  ],
])('is warm, exact and theirs (%#)', (what, text) => {
  expect(messageDraft(what, dana, nowMs)).toBe(text)
})

const all: DraftReason[] = ['offline', 'nobody-logged-in', 'unanswered', 'silent', 'model-refused', 'generic']

describe.each(all)('%s', (reason) => {
  const text = messageDraft(about(reason, { unanswered: 1 }), { ...dana, contactName: '', humanFallback: ' ' }, nowMs)

  it('says nothing of how the machine is built', () => {
    expect(text).not.toMatch(
      /ssh|gateway|server|box\b|node\b|config|runtime|openclaw|daemon|token|host\b|port\b|router/i,
    )
  })

  it('keeps to the words of the console', () => expect(text).not.toMatch(/!|please|oops|undefined|null|NaN|\s\s/i))

  it('greets somebody whose name nobody knows', () => expect(text).toMatch(/^Hi there, /))

  it('names no human number where none is known', () => expect(text).not.toContain('reach .'))
})

test('one message is counted as one', () => {
  expect(messageDraft(about('unanswered', { unanswered: 1 }), dana, nowMs)).toContain(
    '1 message to your assistant came in',
  )
})

const evidence = (name: string, value: string) => ({ name, value, takenAtMs: nowMs })
const finding = (cause: string, told: { name: string; value: string; takenAtMs: number }[] = [], detail = '') =>
  ({ cause, sentence: 'is in trouble', detail, evidence: told }) as Parameters<typeof draftReason>[0]

it.each([
  [null, 'generic'],
  [finding('offline'), 'offline'],
  [finding('nobody-logged-in'), 'nobody-logged-in'],
  [finding('silent', [evidence('Unanswered', 'none')]), 'silent'],
  [finding('silent', [evidence('Unanswered', '3 messages')]), 'unanswered'],
  [finding('unanswered', [evidence('Unanswered', '1 message')]), 'unanswered'],
  [finding('failing', [evidence('Last error', '401 invalid api key')]), 'model-refused'],
  [finding('failing', [evidence('Last error', 'took too long')]), 'generic'],
  [finding('disk-full', [evidence('Free', '401 MB')]), 'generic'],
])('reads the reason off the trouble (%#)', (trouble, reason) => expect(draftReason(trouble)).toBe(reason))

it('counts what the trouble counted', () => {
  expect(unansweredOf(finding('unanswered', [evidence('Unanswered', '1,204 messages')]))).toBe(1204)
  expect(unansweredOf(finding('offline', [evidence('Unanswered', '4 messages')]))).toBeNull()
})

it('writes to the first who can be reached', () => {
  const sam = { name: 'Sam', role: '', handle: '' }
  const lee = { name: 'Lee', role: 'office', handle: '+13105550142' }
  expect(contactOf({ contacts: [sam, lee] })).toBe(lee)
  expect(contactOf({ contacts: [sam] })).toBe(sam)
  expect(contactOf(null)).toBeNull()
})

it('writes about the first open trouble a client can help with', () => {
  const of = (cause: string, open = true) => ({ ...finding(cause)!, open })
  expect(worthWriting([of('offline', false), of('disk-full'), of('nobody-logged-in')])?.cause).toBe('nobody-logged-in')
  expect(worthWriting([of('disk-full'), of('behind')])?.cause).toBe('disk-full')
  expect(worthWriting([])).toBeNull()
})
