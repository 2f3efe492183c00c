import { isMark, type Marks, marksOf, outside, textMark } from './redaction/marks.ts'
import { hideCards, hideNamedPerson, hidePeople, isCard } from './redaction/people-in-text.ts'
import { changeJson, type JsonValue } from './redaction/redact-json.ts'
import { hideSecrets, isSecretPair } from './redaction/secrets-in-text.ts'
import { surelyHarmless } from './redaction/surely-harmless.ts'
import { hideMessages, isMessage, templateOf } from './redaction/words-in-text.ts'
import { isSecretNumberName, namesNextArgument } from './secret-text.ts'

/**
 * One line of a log without what must not be known elsewhere: keys, tokens, cookies, passwords, card numbers, private
 * keys, addresses with a login, words that look like keys, and what people wrote. Phone numbers, addresses and
 * messengers' handles become a keyed fingerprint and their last three characters, so that one person stays one person.
 * Of debug and trace lines the words of the program stay, not what was put into them.
 *
 * A line in which there is none of it comes back byte for byte. JSON stays JSON. Time grows with the length alone; a
 * line that was redacted before stays as it is.
 *
 * @param key hex key of the fingerprints, per box.
 */
export function redactLine(raw: string, key: string): string {
  return !isTemplate(raw) && surelyHarmless(raw) ? raw : redactFully(raw, key)
}

/** {@link redactLine} by every rule, also where a look was enough. */
export function redactFully(raw: string, key: string): string {
  const marks = marksOf(key)
  const template = isTemplate(raw)
  return redactJson(raw, marks, template, 0) ?? redactWords(raw, marks, template)
}

/** The runtime's own words for it; a quote inside a text is escaped, so these stand for themselves. */
const quietJson = /"(?:logLevelName|level|severity)"\s?:\s?"(?:debug|trace|silly|verbose)"/i
const quietText = /^(?:[\d\-:T.Z+,/ ]{8,40}\s)?\s{0,4}\[?(?:debug|trace|silly|verbose)\b/i

const isTemplate = (raw: string): boolean => (raw.startsWith('{') ? quietJson.test(raw) : quietText.test(raw))

const mostNested = 5

function redactJson(text: string, marks: Marks, template: boolean, nested: number): string | null {
  if (nested > mostNested || !/^\s{0,8}[{[]/.test(text)) return null
  return changeJson(text, (value) =>
    value.kind === 'number' ? redactNumber(value, marks) : redactValue(value, marks, template, nested),
  )
}

const redactNumber = ({ name, value, inSecret }: JsonValue, marks: Marks): string | null => {
  if (isSecretNumberName(name) || (inSecret && value.length > 3)) return marks.secret(value)
  return hideNamedPerson(name, value, marks) ?? (isCard(value) ? marks.card(value) : null)
}

/** Names in a secret's folder whose value is a switch. */
const aSwitch = /^(enabled|source|provider|id|mode|type|status|kind|shellEnv|reason|name)$/i
/** Fields of the log itself, and ids: a debug line keeps them. */
const ownField =
  /^(time|date|hostname|level|loglevelname|name|parentnames|subsystem|module|runtime|runtimeversion|channel|traceid|spanid|parentspanid|traceflags|agent_?id|session_?(id|key)|run_?id|full_?file_?path|file_?name(withline)?|file_?path(withline)?|file_?line|file_?column|method|[0-9]{1,2}|message|msg|error|errormessage|event|type|status|state|reason|code)$/i

function redactValue(found: JsonValue, marks: Marks, template: boolean, nested: number): string {
  const { name, value, inSecret, before } = found
  if (value === '' || isMark(value)) return value
  const inside = redactJson(value, marks, template, nested + 1)
  if (inside !== null) return inside
  const secretName = [name, namesNextArgument(before), name === 'value' ? before : ''].some((each) =>
    isSecretPair(each, value),
  )
  if (secretName || (inSecret && !aSwitch.test(name) && isSecretPair('secret', value))) return marks.secret(value)
  if (isMessage(name, value)) return textMark(value)
  const somebody = hideNamedPerson(name, value, marks)
  if (somebody !== null) return somebody
  if (template && !ownField.test(name) && /\s/.test(value)) return textMark(value)
  return redactWords(value, marks, template, name)
}

/** Escape sequences, and marks that cannot be seen or turn the direction: a secret may hide between them. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b\[[0-?]{0,12}[ -/]{0,2}[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/**
 * Texts that came back as they were: most values of a log stand in every line of it. What is harmless under one key is so
 * under every other.
 */
let harmless = new Set<string>()
const mostHarmless = 4000
const longestHarmless = 300

function redactWords(raw: string, marks: Marks, template: boolean, name = ''): string {
  const known = `${template ? 'debug ' : ''}${name}=${raw}`
  if (harmless.has(known)) return raw
  const seen = raw.replace(unseen, '')
  const hidden = redactSeen(seen, marks, template, name)
  if (hidden !== seen) return hidden
  if (harmless.size >= mostHarmless) harmless = new Set()
  if (raw.length <= longestHarmless) harmless.add(known)
  return raw
}

function redactSeen(text: string, marks: Marks, template: boolean, name: string): string {
  let hidden = template ? outside(text, templateOf) : text
  hidden = hideMessages(hidden)
  hidden = hideSecrets(hidden, marks, name)
  hidden = hideCards(hidden, marks)
  return hidePeople(hidden, marks)
}
