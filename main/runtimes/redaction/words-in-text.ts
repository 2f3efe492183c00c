import { outside, textMark } from './marks.ts'

/** Fields that hold what somebody wrote, whatever it is. */
const always =
  /^(text|body|body_?(text|html|preview|plain)|(text|html|plain)_?body|text_?(plain|html)|html|plain_?text|raw_?text|caption|message_?(text|body)|transcript|snippet|subject|user_?message|assistant_?message|quoted_?text|reply_?text|utterance)$/i
/** Fields that hold it often: one word is no message. */
const often =
  /^(content|prompt|system_?prompt|user_?prompt|preview|reply|answer|question|quote|completion|input|output|note)$/i
const oneWord = /^[\w./:@+-]{0,40}$/

/** Values that say something about a message and are none. */
const plainValue =
  /^(|true|false|null|undefined|none|empty|ok|yes|no|on|off|text|html|json|markdown|plain|unknown|redacted|\[.{0,20}\]|\d+( ?(chars?|bytes?|words?|lines?|ms|kb|mb))?)$/i

/** Is the value of a field what somebody wrote? */
export const isMessage = (name: string, value: string): boolean =>
  !plainValue.test(value) && (always.test(name) || (often.test(name) && !oneWord.test(value)))

/** Names before a quote or an equals sign, for texts that are no JSON. */
const pair = /(?<![A-Za-z])([A-Za-z][A-Za-z_]{2,24})(["']?\s{0,2}[=:]\s{0,2})/g
const nextPair = /\s[\w.-]{1,40}=/
const sentence = /^[A-Za-z\u00c0-\uffff][^\s]*\s+\S+\s*\S/

/** Hides what somebody wrote: `text="…"`, `body=…` up to the next name, `Subject: …` to the end. */
export const hideMessages = (text: string): string => (/[=:]/.test(text) ? outside(text, hideMessagesIn) : text)

function hideMessagesIn(text: string): string {
  let hidden = ''
  let done = 0
  pair.lastIndex = 0
  for (let found = pair.exec(text); found !== null; found = pair.exec(text)) {
    const [whole, name = '', sign = ''] = found
    if (!always.test(name) && !often.test(name)) continue
    const from = found.index + whole.length
    const to = endOfMessage(text, from, name, sign)
    if (to <= from) continue
    hidden += text.slice(done, from) + textMark(text.slice(from, to))
    done = to
    pair.lastIndex = to
  }
  return hidden + text.slice(done)
}

/** Where what follows the sign ends; `from` itself when it is no message. */
function endOfMessage(text: string, from: number, name: string, sign: string): number {
  const quote = text[from]
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = endOfQuote(text, from + 1, quote)
    return isMessage(name, text.slice(from + 1, end)) ? Math.min(text.length, end + 1) : from
  }
  if (quote === '{' || quote === '[' || !always.test(name)) return from
  if (sign.includes('=')) {
    const next = text.slice(from).search(nextPair)
    const end = next < 0 ? text.length : from + next
    return isMessage(name, text.slice(from, end).trim()) ? end : from
  }
  return sentence.test(text.slice(from, from + 400)) ? text.length : from
}

function endOfQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === quote) return at
  }
  return text.length
}

/** What is left of the words of a debug or trace line: its own template, without what was put into it. */
export function templateOf(text: string): string {
  const open = text.search(/[{[]\s{0,3}["{[]/)
  const words = open < 0 ? text : text.slice(0, open)
  const quoted = words.replace(/"[^"]{1,2000}"|'[^']{24,2000}'|`[^`]{1,2000}`/g, (whole) =>
    /^.[\w./:@+-]{1,40}.$/.test(whole) ? whole : textMark(whole.slice(1, -1)),
  )
  return open < 0 ? quoted : quoted + textMark(text.slice(open))
}
