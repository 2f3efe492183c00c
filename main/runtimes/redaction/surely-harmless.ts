import { everyShape } from '../secret-text.ts'
import { couldBeRandom } from './random-text.ts'

/*
 * What the rules of a redaction begin with, looked for in one pass over the characters. Every rule here is wider than the
 * one it stands for: whoever narrows a rule of the redaction need not look here, whoever adds or widens one must.
 */

const tokenSign = 1
const digitSign = 2
/** Between the digits of one number. */
const gapSign = 4
/** Ends a name: its value follows. */
const nameEnd = 8
/** Needs the whole pass: escapes, addresses, marks, whatever cannot be seen. */
const stopSign = 16

const signsOf = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  return (
    (/[A-Za-z0-9_+/.~%-]/.test(char) ? tokenSign : 0) |
    (/\d/.test(char) ? digitSign : 0) |
    (/[ ./()-]/.test(char) ? gapSign : 0) |
    (/[=:"]/.test(char) ? nameEnd : 0) |
    (/[^\x20-\x7e]|[\\@]/.test(char) ? stopSign : 0)
  )
})
const letterOf = Uint8Array.from({ length: 128 }, (_, code) => {
  const small = String.fromCharCode(code).toLowerCase()
  return /[a-z]/.test(small) ? small.charCodeAt(0) - 96 : 0
})

const threeLetters = 0x7fff
/** Marks where each of these runs of three letters stands in a table of all. */
function tableOf(runs: string): Uint8Array {
  const table = new Uint8Array(threeLetters + 1)
  for (const run of runs.split(' ')) {
    let number = 0
    for (const char of run) number = (number << 5) | (char.charCodeAt(0) - 96)
    table[number] = 1
  }
  return table
}

/** One run of letters of each word that {@link secretWords} has. */
const inSecretWords = tableOf('tok ssw ssc ssp ecr key ede aut oki bho nst sig bea asi pin dsn jwt otp cod')
/** As the names of secrets and the spoken ones begin: the rules of `secrets-in-text.ts` and `secret-text.ts`. */
const secretWords = new RegExp(
  [
    // A count of tokens is none.
    'token(?!s"?\\s?[=:]\\s?\\d{1,6}(?:[\\s,;&)}\\]]|$))',
    'pass(?:w|code|phrase)|secret|credential|authorization|cookie|webhook[-_\\s]?url|connectionstring|signature|bearer|basic\\s',
    '(?:api|access|private|client|signing|encryption|master|license|service|account|bot)[-_\\s]?key',
    '(?<![a-z0-9_])(?:key|auth|jwt|sig)(?![a-z0-9_])',
    '(?:pin|dsn|otp)(?![a-z])',
    '(?:verification|security|login|access|one-time|2fa|auth|pairing|backup|recovery) ?code',
  ].join('|'),
  'i',
)

const somebody = 'chat|sender|user|peer|recipient|from|author|contact|participant|member|owner|conversation|group'
/** As the names end that {@link names} has. */
const endsOfNames = tableOf(
  [
    ...['ext tml iew ain ody ion ipt pet ect age nce ent mpt ply wer ote put'],
    ...['dle ber jid one ile tel der eer ant nts rom ane key sdn ame env ars jar'],
    ['id', ...[...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `${letter}id`)].join(' '),
  ].join(' '),
)
/** Whose values are messages, people, or an environment: the rules of `words-in-text.ts` and `people-in-text.ts`. */
const names = new RegExp(
  [
    `(?:text|html|preview|plain|body|caption|transcript|snippet|subject|(?:user|assistant)_?message|utterance|content|prompt|reply|answer|question|quote|completion|input|output|note)(?:["']?\\s{0,2}[=:]|")`,
    `(?:(?:${somebody})_?(?:id|handle|number|jid)|jid|msisdn|sender|recipient|peer)["']?\\s{0,2}[=:]\\s{0,2}["']?(?:[+-]?\\d{3}|[uwdcgb][a-z0-9]{7})`,
    `(?:(?:${somebody})_?(?:id|handle|number|jid|e164)|jid|msisdn|phone|phone_?number|mobile|tel|e164|handle|sender|recipient|peer|participants?|allow_?from|lane|lane_?key)"`,
    '(?:sender|push|user|first|last|full|contact)_?name"|(?:env|environment|vars|jar)"',
  ].join('|'),
  'i',
)

/** `telegram:111`, `sms:direct:U0123ABCD` from its last colon on. */
const handleFrom = /[a-z_-]:(?:[+-]?\d{3}|[uwdcgb][a-z0-9]{7})/iy
const shape = new RegExp(everyShape.source)

const shortestShape = 16
const shortestRandom = 20
/** Fewer digits together are no card and nobody's number. */
const fewestDigits = 7
const fewestOfCard = 13
/** First digits of cards. */
const maybeCard = /[2-6]/
/** Words before a number that say whose it is. */
const called = /phone|tel|mobile|cell|call|sms|dial|text|msisdn|whatsapp|imessage|number/i

/**
 * True: no rule of the redaction finds anything in this text, be it JSON or words. False says nothing. A few hundred
 * nanoseconds a line, where the rules take as many microseconds.
 */
export function surelyHarmless(text: string): boolean {
  let letters = 0
  let lastLetters = 0
  let token = 0
  let digits = 0
  let number = 0
  let isLongNumber = false
  let gap = 3
  let mayHoldShape = false
  let mayBeSecret = false
  let mayBeNamed = false
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 32
    if (code === opening && markEnd(text, at) < 0) return false
    if (code > 126 && unseen.test(text[at] ?? '')) return false
    // Whatever else is not ASCII no rule asks for: it stands between words.
    const signs = code > 126 ? 0 : (signsOf[code] ?? stopSign)
    if ((signs & stopSign) !== 0) return false

    if ((signs & tokenSign) !== 0) token += 1
    else {
      if (token >= shortestShape) {
        mayHoldShape = true
        if (token >= shortestRandom && couldBeRandom(text.slice(at - token, at + padding(text, at)))) return false
      }
      token = 0
    }

    if ((signs & digitSign) !== 0) {
      if (gap > 2) {
        digits = 0
        number = at
      }
      digits += 1
      gap = 0
      if (digits >= fewestDigits) {
        // One long number is an id, unless a word before it says that it is a person's.
        if (at - number >= digits || text[number - 1] === '+') return false
        if (digits >= fewestOfCard && maybeCard.test(text[number] ?? '')) return false
        isLongNumber = true
      }
    } else gap = (signs & gapSign) === 0 ? 3 : gap + 1

    if (code === opening) at = markEnd(text, at) - 1
    const letter = code > 126 ? 0 : (letterOf[code] ?? 0)
    if (letter !== 0) {
      letters = ((letters << 5) | letter) & threeLetters
      lastLetters = letters
      if (inSecretWords[letters] === 1) mayBeSecret = true
      continue
    }
    letters = 0
    if ((signs & nameEnd) !== 0) {
      // A name that ends in digits is `e164` alone.
      if (endsOfNames[lastLetters] === 1 || text[at - 1] === '4') mayBeNamed = true
      if (code === colon) {
        if (text[at + 1] === '/' && text[at + 2] === '/') return false
        handleFrom.lastIndex = at - 1
        if (at > 0 && handleFrom.test(text)) return false
      }
    } else if (code === dash && text[at + 1] === 'u') mayBeSecret = true
  }
  if (mayBeSecret && (secretWords.test(text) || loginFlag.test(text))) return false
  if (mayBeNamed && names.test(text)) return false
  if (isLongNumber && called.test(text)) return false
  return !(mayHoldShape && shape.test(text))
}

/** Marks that cannot be seen; the control characters of ASCII are stop signs. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

/** What stands for something hidden, where a text was redacted before: no rule looks into it. */
const mark =
  /⟨(?:(secret) [0-9a-f]{8}|card [0-9a-f]{8}|(?:phone|mail|id|name) [0-9a-f]{8}…[ !#-[\]-~]{1,3}|text \d{1,9} chars)⟩/y

/** Where a mark ends; -1: there is none, or it may be taken for something else. */
function markEnd(text: string, at: number): number {
  mark.lastIndex = at
  const found = mark.exec(text)
  if (!found) return -1
  if (found[1] === undefined || !/^\s{0,8}[{[]/.test(text)) return mark.lastIndex
  // As the name of a field, or before a field called `value`, its first word would name a secret.
  const inField = text.slice(at - 3, at) === '":"' && /^"[,}\]]/.test(text.slice(mark.lastIndex, mark.lastIndex + 2))
  return inField && !text.includes('"value"') ? mark.lastIndex : -1
}

const opening = 0x27e8
const colon = 58
const dash = 45
const loginFlag = /-u(?:ser)?[ =]/

/** Signs of equality that belong to what stands before. */
const padding = (text: string, at: number): number => (text[at] !== '=' ? 0 : text[at + 1] !== '=' ? 1 : 2)
