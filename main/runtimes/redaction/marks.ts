import { createHmac } from 'node:crypto'

/** What stands in a line for something that must not leave the box. */
export interface Marks {
  /** A key, a token, a password: its keyed fingerprint and nothing of it. */
  secret(text: string): string
  card(digits: string): string
  /** Somebody's number, address or name: one person stays one person, and the last three characters can be read. */
  person(kind: 'phone' | 'mail' | 'id' | 'name', text: string): string
}

/** A mark as {@link marksOf} makes it; what looks otherwise is no mark and is judged like any text. */
const mark = /(⟨(?:(?:secret|card) [0-9a-f]{8}|(?:phone|mail|id|name) [0-9a-f]{8}…[^⟨⟩]{1,3}|text \d{1,9} chars)⟩)/
const wholeMark = new RegExp(`^${mark.source}$`)

export const isMark = (text: string): boolean => text.startsWith('⟨') && wholeMark.test(text)

/** Instead of what somebody wrote. */
export const textMark = (text: string): string => `⟨text ${text.length} chars⟩`

/** Of one box at a time: lines come by the thousand. */
let latest: { readonly key: string; readonly marks: Marks } | null = null
/** The same few people stand in most lines that name anybody. Secrets are not remembered. */
const mostPeople = 1000

/** @param key hex key of the HMAC, per box. */
export function marksOf(key: string): Marks {
  if (latest?.key === key) return latest.marks
  const bytes = Buffer.from(key, 'hex')
  const people = new Map<string, string>()
  const fingerprint = (text: string): string => createHmac('sha256', bytes).update(text).digest('hex').slice(0, 8)
  const personOf = (text: string): string => {
    const known = people.get(text)
    if (known !== undefined) return known
    if (people.size >= mostPeople) people.clear()
    const print = fingerprint(text)
    people.set(text, print)
    return print
  }
  const marks: Marks = {
    secret: (text) => `⟨secret ${fingerprint(text)}⟩`,
    card: (digits) => `⟨card ${fingerprint(digits.replace(/\D/g, ''))}⟩`,
    person: (kind, text) => `⟨${kind} ${personOf(samePerson(kind, text))}…${lastThree(text)}⟩`,
  }
  latest = { key, marks }
  return marks
}

/** With and without country code, prefix, spaces or capitals it is the same person. */
function samePerson(kind: Parameters<Marks['person']>[0], text: string): string {
  const digits = text.replace(/\D/g, '')
  if (kind === 'phone') return digits.slice(-10)
  return kind === 'id' && digits.length >= 10 && /^\+?\d+$/.test(text) ? digits.slice(-10) : text.toLowerCase()
}

const lastThree = (text: string): string =>
  text
    .slice(-3)
    .replace(/[⟨⟩\s]/g, '_')
    .replace(/[\ud800-\udfff]/g, '_')

/** Changes what stands between marks; a line may come here that was redacted before. */
export function outside(text: string, change: (piece: string) => string): string {
  if (!text.includes('⟨')) return change(text)
  return text
    .split(mark)
    .map((piece, at) => (at % 2 === 1 || piece === '' ? piece : change(piece)))
    .join('')
}
