import type { Marks } from './marks.ts'
import { outside } from './marks.ts'

const mail = /[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g
/** Units of systemd and names of files look like addresses. */
const noDomain =
  /\.(service|socket|slice|timer|mount|scope|target|device|path|png|jpe?g|gif|svg|webp|[cm]?[jt]sx?|json|css|md|txt|log|ya?ml|toml|tgz|gz|zip|html?)$/i
const phoneDomain = /^(s\.whatsapp\.net|c\.us|lid|g\.us)$/i

const messengers =
  'telegram|tg|whatsapp|wa|imessage|bluebubbles|sms|signal|slack|discord|matrix|viber|zalo|msteams|teams|feishu|lark|wechat|googlechat|mattermost|tel|phone|direct|dm|peer|sender'
/** `telegram:111`, `telegram:direct:111`, `signal:+4917…`; a session key carries one at its end. */
const handle = new RegExp(
  `(?<![\\w@])((?:${messengers})(?::[a-z][a-z_-]{0,20}){0,3}:)([+-]?\\d{3,20}|[UWDCGB][A-Z0-9]{7,12})(?![\\w.:-])`,
  'gi',
)
/** `chatId=111`, `sender: 111`, `"userId": "U0123ABCD"` */
const namedHandle =
  /((?<![A-Za-z])(?:(?:chat|sender|user|peer|recipient|from|author|contact|participant|member|owner|conversation|group)_?(?:[Ii]d|ID|[Hh]andle|[Nn]umber|[Jj]id)|jid|msisdn|sender|recipient|peer)["']?\s{0,2}[=:]\s{0,2}["']?)([+-]?\d{3,20}|[UWDCGB][A-Z0-9]{7,12})(?![\w.:-])/g

/** With a plus and the country's code. */
const international = /(?<![\w+.])\+\d(?:[ ./()-]{0,2}\d){7,14}(?!\w)/g
/** `(555) 123-4567`, `555-123-4567`, `555.123.4567` */
const american = /(?<![\w.(-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?![\w-]|\.\d)/g
/** `0170 1234567`, `06 12 34 56 78` */
const national = /(?<![\w.:/+-])0\d{1,4}(?:[ /-]\d{2,8}){1,4}(?![\w.:/-])/g
/** Digits behind a word that says what they are. */
const called =
  /((?<![A-Za-z])(?:phone|tel|telephone|mobile|cell|call(?:ed|ing|er)?|sms|dial(?:ed|ing)?|text(?:ed|ing)|msisdn|whatsapp|imessage|phoneNumber|phone_number|number)["']?(?: ?(?:number|no\.?|to|from|is))?\s{0,2}[=:]?\s{0,2}["']?)(\(?\d(?:[ .()-]{0,2}\d){6,14})(?![\w])/gi

const digitsOf = (text: string): string => text.replace(/\D/g, '')
const isCount = (digits: string, least: number, most: number): boolean =>
  digits.length >= least && digits.length <= most

const digitRun = /(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w]|[.,]\d|-\d)/g

/** First digits and lengths of the cards there are: a moment in milliseconds begins with none of them. */
const cards =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}|(?:50\d\d|5[6-8]\d\d|6304|6759|676[1-3])\d{8,15})$/

/** Does it carry a card's check digit, and begin as cards do? */
export function isCard(text: string): boolean {
  const digits = digitsOf(text)
  if (!cards.test(digits)) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const value = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 0 ? value : value * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

export const hideCards = (text: string, marks: Marks): string =>
  outside(text, (piece) => piece.replace(digitRun, (run) => (isCard(run) ? marks.card(run) : run)))

/** Addresses, numbers and messengers' handles of people, wherever they stand. */
export function hidePeople(text: string, marks: Marks): string {
  let hidden = text
  if (hidden.includes('@'))
    hidden = outside(hidden, (piece) =>
      piece.replace(mail, (address) => {
        const [local = '', domain = ''] = address.split('@')
        if (local === 'git' || local === 'hg' || noDomain.test(domain)) return address
        return phoneDomain.test(domain) ? marks.person('phone', local) : marks.person('mail', address)
      }),
    )
  if (!/\d{3}|\d[ ().-]\d/.test(hidden)) return hidden
  const handles = (piece: string): string =>
    piece
      .replace(handle, (_, channel: string, value: string) => channel + person(value, marks))
      .replace(namedHandle, (_, name: string, value: string) => name + person(value, marks))
  const phone = (least: number, most: number) => (found: string) =>
    isCount(digitsOf(found), least, most) ? marks.person('phone', found) : found
  hidden = outside(hidden, handles)
  hidden = outside(hidden, (piece) =>
    piece.replace(called, (whole, word: string, number: string) =>
      isCount(digitsOf(number), 7, 15) && !looksLikeMoment(number) ? word + marks.person('phone', number) : whole,
    ),
  )
  hidden = outside(hidden, (piece) => piece.replace(international, phone(8, 15)))
  hidden = outside(hidden, (piece) => piece.replace(american, phone(10, 11)))
  return outside(hidden, (piece) => piece.replace(national, phone(9, 12)))
}

/** Milliseconds since 1970 of these decades. */
const looksLikeMoment = (text: string): boolean => /^1[5-9]\d{11}$/.test(text)

/** A messenger's own number for somebody, or a phone number in its place. */
export const person = (value: string, marks: Marks): string =>
  value.startsWith('+') ? marks.person('phone', value) : marks.person('id', value)

/** Fields whose value is a person, whatever it looks like. */
const personName =
  /^(?:(?:chat|sender|user|peer|recipient|from|author|contact|participant|member|owner|conversation|group)_?(?:id|handle|number|jid|e164)|jid|msisdn|phone|phone_?number|mobile|tel|e164|handle|sender|recipient|peer|participants?|allow_?from|owner_?allow_?from|lane|lane_?key)$/i
const personalName =
  /^(?:sender_?name|push_?name|user_?name|sender_?user_?name|first_?name|last_?name|full_?name|contact_?name)$/i

/** The value of a field that names somebody, hidden; null: the field does not, or the value is no person. */
export function hideNamedPerson(name: string, value: string, marks: Marks): string | null {
  if (personalName.test(name)) return value.trim().length > 1 ? marks.person('name', value) : null
  if (!personName.test(name)) return null
  if (/^(phone|mobile|tel|msisdn)|e164$/i.test(name) && isCount(digitsOf(value), 7, 15))
    return marks.person('phone', value)
  if (/^[+-]?\d{3,20}$/.test(value) || /^[UWDCGB][A-Z0-9]{7,12}$/.test(value)) return person(value, marks)
  return isCount(digitsOf(value), 7, 15) && /^[\d ()+./-]+$/.test(value) ? marks.person('phone', value) : null
}
