import { everyShape, isSecretName, isSecretNumberName } from '../secret-text.ts'
import { isMark, type Marks, outside } from './marks.ts'
import { hideRandomParts, looksRandom } from './random-text.ts'

const privateKey =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|$)/g

/** What follows the secret's own word in a name and says that this is no secret: `tokenCount`, `api_key_source`. */
const aboutSecret =
  /(token|password|secret|key|auth|credential|cookie|signature|bearer)s?[_.-]?(type|source|kind|mode|status|state|count|length|len|chars|bytes|size|path|file|files|dir|expires?|expires_?(at|in|on)|expiry|ttl|ms|age|limit|budget|provider|providers|profile|profiles|scopes?|field|header|env|present|configured|missing|valid|required|enabled|usage|rate|window|total|used|per_?(second|minute|day)|agent_?dir|choice|method|store|refresh(ed)?_?at)$/i
/** Names that hold a secret only where the value looks like one. */
const weakName =
  /^(key|auth|authorization|sig|signature|dsn|pin|cookie|cookies|credentials?|.{0,20}[._-](key|auth|credentials?))$/i
/** Everything up to the end is the value: schemes, and several pairs. */
const wholeLine = /^(proxy-?)?authorization$|^(set-)?cookie$|^x-[a-z-]{0,30}(token|key|auth|secret|signature)$/i

const plainWord =
  /^(required|missing|present|none|invalid|expired|ok|set|unset|mismatch|rejected|accepted|refreshed|rotated|valid|unknown|empty|configured|unconfigured|loaded|file|env|token|password|passwords|keychain|keyring|store|exec|redacted|\[?redacted\]?|default|generated|disabled|enabled|true|false|null|undefined|yes|no|on|off|auto|failed|denied|allowed|changed|unchanged|updated|created|deleted|revoked|skipped|absent|found|optional|string|number|boolean|object|trusted-proxy|oauth|api-?key|bearer|basic|n\/a|not|is|was|has|must|will|cannot|for|from|in|at|by|to|error|mode|local|remote|shared|hidden|masked|pending|resolved|unresolved|available|unavailable|ready|stale|fresh)[.,;:!)\]]?$/i
const stars = /^[*•.…xX_#-]+$/
const reference =
  /^(\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*|<[^<>]{1,40}>|%[A-Z_]{2,40}%|\{\{[^}]{0,60}\}\}|__OPENCLAW_REDACTED__)$/
const aPath = /^(~|\.{0,2})\/[\w.@+-]{1,80}(\/[\w.@+-]{0,80}){0,20}$|^[A-Za-z]:\\/
const aNumber = /^[+-]?[\d.,]{1,24}\s?(k|m|ms|s|%|kb|mb)?$/i

/** Is this the value of a secret, going by the name before it? */
export function isSecretPair(name: string, value: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (value.length < 2 || isMark(value) || !isSecretName(last, value) || aboutSecret.test(last)) return false
  if (plainWord.test(value) || stars.test(value) || reference.test(value)) return false
  if (aNumber.test(value)) return isSecretNumberName(last)
  if (weakName.test(last)) return looksLikeKey(value)
  return !aPath.test(value)
}

const looksLikeKey = (value: string): boolean =>
  /^(bearer|basic|digest|token)\s+\S{4,}/i.test(value) ||
  /^[^\s=]{1,60}=[^\s]{4,}/.test(value) ||
  (/^[\w+/=.~!@#$%^&*-]{8,}$/.test(value) &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^[a-z-]+([:./][\w+-]+)+$/.test(value))

/**
 * Keys, tokens, cookies, passwords, addresses with a login in them, and words that look like keys.
 * @param name of the field whose value this is; empty: none.
 */
export function hideSecrets(text: string, marks: Marks, name: string): string {
  let hidden = text
  if (hidden.includes('-----BEGIN')) hidden = outside(hidden, (piece) => piece.replace(privateKey, marks.secret))
  if (/[=:]/.test(hidden)) hidden = outside(hidden, (piece) => hidePairs(piece, marks))
  if (hidden.includes('://')) hidden = outside(hidden, (piece) => hideAddresses(piece, marks))
  hidden = outside(hidden, (piece) =>
    piece.replace(everyShape, (found) => (isProse(found) ? found : marks.secret(found))),
  )
  hidden = outside(hidden, (piece) => hideSpoken(piece, marks))
  return outside(hidden, (piece) => hideRandom(piece, marks, name))
}

/** "Basic authentication", "Bearer credentials": words, no key. */
const isProse = (found: string): boolean =>
  /^(bearer|basic)\s+[A-Za-z]?[a-z-]+[.,;:)]?$/i.test(found) && found.length < 30

const nameChar = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 95 ||
  code === 45 ||
  code === 46

/** The name that ends before `at`, over a few spaces and a quote. */
function nameBefore(text: string, at: number, least: number): string {
  let end = at
  for (let spaces = 0; spaces < 3 && end > least && text[end - 1] === ' '; spaces++) end -= 1
  for (let marks = 0; marks < 3 && end > least && /["'\\\]]/.test(text[end - 1] ?? ''); marks++) end -= 1
  let from = end
  while (from > least && end - from < 61 && nameChar(text.charCodeAt(from - 1))) from -= 1
  return end - from > 60 ? '' : text.slice(from, end).replace(/^[-.]+/, '')
}

/** Where the value after a sign stands: in its quotes, or up to the next space or bracket. */
function valueAfter(text: string, at: number, toTheEnd: boolean): { from: number; to: number } {
  let from = at
  if (text[from] === '>') from += 1
  for (let spaces = 0; spaces < 3 && text[from] === ' '; spaces++) from += 1
  const escaped = text[from] === '\\'
  const quote = text[escaped ? from + 1 : from] ?? ''
  if (quote === '"' || quote === "'" || quote === '`') {
    const begin = from + (escaped ? 2 : 1)
    return { from: begin, to: endOfQuoted(text, begin, quote, escaped) }
  }
  let to = from
  const ends = toTheEnd ? /["'`\r\n]/ : /[\s,;&)}\]"'`<>|]/
  while (to < text.length && !ends.test(text[to] ?? '')) to += 1
  return { from, to }
}

function endOfQuoted(text: string, from: number, quote: string, escaped: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') {
      if (escaped && text[at + 1] === quote) return at
      at += 1
    } else if (text[at] === quote) return at
  }
  return text.length
}

function hidePairs(text: string, marks: Marks): string {
  let hidden = ''
  let done = 0
  for (let at = nextSign(text, 0); at >= 0; at = nextSign(text, Math.max(at + 1, done))) {
    if (text[at] === ':' && (text.startsWith('://', at) || text[at + 1] === ':')) continue
    const name = nameBefore(text, at, done)
    if (name === '' || !isSecretName(name.slice(name.lastIndexOf('.') + 1))) continue
    const { from, to } = valueAfter(text, at + 1, wholeLine.test(name))
    const value = text.slice(from, to)
    if (!isSecretPair(name, value) || isTalk(text, at, from, to)) continue
    hidden += text.slice(done, from) + marks.secret(value)
    done = to
  }
  return hidden + text.slice(done)
}

function nextSign(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '=' || text[at] === ':') return at
  return -1
}

/** `token: fetching a new one`: a sentence goes on behind a small word. */
const isTalk = (text: string, sign: number, from: number, to: number): boolean =>
  text[sign] === ':' &&
  from > sign + 1 &&
  /^[a-z][a-z'-]{0,20}$/.test(text.slice(from, to)) &&
  /^ [a-z(]/i.test(text.slice(to, to + 2))

const address = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>`⟨⟩]{1,8000}/gi

function hideAddresses(text: string, marks: Marks): string {
  return text.replace(address, (whole) => {
    const [, scheme = '', authority = '', path = '', rest = ''] =
      /^([^:]+:\/\/)([^/?#]*)([^?#]*)([\s\S]*)$/.exec(whole) ?? []
    return scheme + hideLogin(authority, marks) + hidePath(authority, path, marks) + hideParameters(rest, marks)
  })
}

function hideLogin(authority: string, marks: Marks): string {
  const at = authority.lastIndexOf('@')
  if (at < 0) return authority
  const login = authority.slice(0, at)
  return /^(git|hg|svn)$/.test(login) || isMark(login) ? authority : marks.secret(login) + authority.slice(at)
}

const keysFollow = /^(webhooks?|hooks|services|token|tokens|secret|bot)$/i

function hidePath(authority: string, path: string, marks: Marks): string {
  let follows = authority === 'hooks.slack.com'
  let before = ''
  return hideRandomParts(path, marks.secret)
    .split('/')
    .map((segment) => {
      if (isMark(segment)) return segment
      const bot = /^(bot)(\d{6,}(?::|%3A).+)$/i.exec(segment)
      const hide = segment.length > 5 && follows && /\d|[A-Z]/.test(segment)
      const known = before
      before = segment
      follows ||= keysFollow.test(segment)
      if (bot) return `bot${marks.secret(bot[2] ?? '')}`
      return hide || looksRandom(segment, known) ? marks.secret(segment) : segment
    })
    .join('/')
}

const hideParameters = (text: string, marks: Marks): string =>
  text
    .split(/([?&#;])/)
    .map((parameter) => {
      const at = parameter.indexOf('=')
      if (at < 1) return parameter
      const [name, value] = [parameter.slice(0, at), parameter.slice(at + 1)]
      const isKey = isSecretPair(name, value) || (/^(code|state|ticket|assertion|k)$/i.test(name) && value.length > 7)
      return isKey && !isMark(value) ? `${name}=${marks.secret(value)}` : parameter
    })
    .join('')

/** "the password is hunter2", "verification code: 482913" */
const spoken =
  /(?<![\w/+-])((?:password|passwort|passcode|passphrase|pin|otp|(?:verification|security|login|access|one-time|2fa|auth|pairing|backup|recovery) ?code)(?=[\s:="'])(?: (?:is|was|to|of))?\s{0,2}[:=]?\s{0,2}["']?)([^\s"',;⟨⟩]{4,80})/gi
/** `--token abc`, `-u name:password` */
const flag = /((?<![\w-])(--?[A-Za-z][\w-]{0,60})\s{1,3}["']?)([^\s"'⟨⟩-][^\s"'⟨⟩]{1,400})/g
const login = /((?<![\w-])(?:-u|--user|--proxy-user)[ =]{1,2}["']?)([^\s"':]{1,80}:[^\s"'⟨⟩]{2,200})/g

function hideSpoken(text: string, marks: Marks): string {
  let hidden = text.replace(spoken, (whole, word: string, value: string) => {
    const isCode = /code/i.test(word)
    const isKey = /\d/.test(value) || (isCode && /^[A-Z]{6,}$/.test(value))
    return isKey && !aPath.test(value) && !/^\d+(ms|s|m|h|d|%)$/.test(value) ? word + marks.secret(value) : whole
  })
  if (!hidden.includes('-')) return hidden
  hidden = hidden.replace(login, (_, word: string, value: string) => word + marks.secret(value))
  return hidden.replace(flag, (whole, word: string, name: string, value: string) =>
    isSecretPair(name.replace(/^-+/, ''), value) ? word + marks.secret(value) : whole,
  )
}

const candidate = /[A-Za-z0-9_+/.~%-]{20,}={0,2}/g

const hideRandom = (text: string, marks: Marks, name: string): string =>
  text.replace(candidate, (token: string, at: number) =>
    looksRandom(token, at === 0 && name !== '' ? `${name}=` : text.slice(Math.max(0, at - 48), at))
      ? marks.secret(token)
      : hideRandomParts(token, marks.secret),
  )
