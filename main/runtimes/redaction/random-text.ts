import { letterPairs } from './letter-pairs.ts'

/** Signs of the table: a boundary between words, a digit, the letters. */
const signs = 28
const boundary = 0
const digit = 1

const costs = Float32Array.from(letterPairs, (char) => Number.parseInt(char, 36) / 4)

/**
 * How many bits a character of `token` costs on average, for one who knows the names, paths and words of such logs. A
 * change from small to capital letters begins a word. Words and names cost about 3, random text about 6.
 */
export function surprise(token: string): number {
  let cost = 0
  let length = 0
  let before = boundary
  let wasSmall = false
  for (let at = 0; at < token.length; at++) {
    const code = token.charCodeAt(at)
    const small = code >= 97 && code <= 122
    const capital = code >= 65 && code <= 90
    const isDigit = code >= 48 && code <= 57
    if (capital && wasSmall) {
      cost += costOf(before, boundary)
      before = boundary
      length += 1
    }
    const sign = small ? code - 95 : capital ? code - 63 : isDigit ? digit : boundary
    wasSmall = small
    if (sign === boundary && before === boundary) continue
    cost += costOf(before, sign)
    before = sign
    length += 1
  }
  return length === 0 ? 0 : cost / length
}

const costOf = (before: number, sign: number): number => costs[before * signs + sign] ?? 9

const uuidOnly = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i
/** What a bundler puts into the names of its files. */
const buildHash = /[-.][\w-]{8}(?=\.([cm]?js|css|d\.ts)(?![A-Za-z0-9]))/g
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
/** The beginning of one: the gateway hides the end of its own ids. */
const cutUuid = /(?<![0-9a-z])[0-9a-f]{8}(-[0-9a-f]{4}){2}(-[0-9a-f]{0,4}|-[0-9a-f]{4}-[0-9a-f]{0,12})$/i
/** What git prints when it moves on. */
const shaRange = /(?<![0-9a-z])[0-9a-f]{7,12}\.{2,3}[0-9a-f]{7,12}(?![0-9a-z])/g
const onlyHex = /^[0-9a-f]+$/i
/** Ids that model providers and the runtime make up: they name something and open nothing. */
const idPrefix =
  /^(req|msg|toolu|call|run|resp|chatcmpl|conv|evt|batch|asst|rs|fc|gen|item|trace|span)[-_][A-Za-z0-9]{4,64}$/
const integrity = /^sha(1|256|384|512)-/

/** Words before a string of hex digits that say what it is. */
const namesHash =
  /(commit|sha-?\d*|hash|head|rev|revision|digest|checksum|etag|trace|traceid|span|spanid|run|runid|fingerprint|integrity|md5|upstream|origin|branch|base|tip|tree|parent|build|built|blob|layer|image|from|to|now at|\.\.|->|→)["']?[^A-Za-z0-9]{0,4}(is |at )?["']?$/i
const namesSecret =
  /(token|secret|password|api.?key|auth|credential|bearer|private|signing)[^\s]{0,20}[^A-Za-z0-9]{0,6}$/i

/** The word before a text names an id or a hash: `runId=`, `"sha256":"`. */
const namesId =
  /(Id|ID|_id|-id|\bid|[Uu]uid|[Hh]ash|[Dd]igest|[Cc]ommit|[Ee]tag|[Cc]hecksum|[Rr]evision|sha\d*|[Ii]ntegrity|[Ff]ingerprint)["']?[=:]\s?["']?$/

/** 26 signs whose first ten are a moment between 2015 and 2045. */
function isUlid(token: string): boolean {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(token)) return false
  let ms = 0
  for (const char of token.slice(0, 10)) ms = ms * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(char)
  return ms > 1_420_000_000_000 && ms < 2_370_000_000_000
}

/** Without what names itself: uuids, build hashes, spans of commits. */
function named(token: string): string {
  let rest = token
  if (rest.includes('-')) rest = rest.replace(uuid, '').replace(cutUuid, '')
  if (rest.includes('.')) rest = rest.replace(buildHash, '').replace(shaRange, '')
  return rest
}

/** Shorter than this nothing is judged by its looks. */
const shortestRandom = 20
/** Above it a text costs more bits a character than names and words do; a short one has less to go by. */
const mostBits = (length: number): number => (length < 28 ? 4.15 : 4.4)

/**
 * Could this word of a log be a key that nobody named? Uuids, hashes and ids that say what they are, paths, names and
 * numbers are none.
 *
 * @param before what stands before it.
 */
export function looksRandom(token: string, before = ''): boolean {
  if (token.length < shortestRandom) return false
  const rest = named(token)
  if (rest.length < shortestRandom || /^[\d._:/+-]+$/.test(rest)) return false
  const saysSecret = namesSecret.test(before)
  if (onlyHex.test(rest)) return rest.length >= 32 && (saysSecret || !(namesHash.test(before) || namesId.test(before)))
  if (integrity.test(rest)) return false
  if (!saysSecret && (idPrefix.test(rest) || namesId.test(before) || isUlid(rest))) return false
  // Folders have names of all kinds; their parts are judged one by one.
  if (/^(~|\.{0,2})\//.test(rest)) return false
  return surprise(rest) > mostBits(rest.length)
}

/** {@link looksRandom} after whatever word: never less. */
function mayLookRandom(token: string): boolean {
  if (token.length < shortestRandom) return false
  const rest = named(token)
  if (rest.length < shortestRandom || /^[\d._:/+-]+$/.test(rest)) return false
  if (onlyHex.test(rest)) return rest.length >= 32
  if (integrity.test(rest) || /^(~|\.{0,2})\//.test(rest)) return false
  return surprise(rest) > mostBits(rest.length)
}

/** May {@link looksRandom} or {@link hideRandomParts} find a key in this word of a log, wherever it stands? */
export const couldBeRandom = (token: string): boolean =>
  mayLookRandom(token) ||
  (token.includes('/') && (token.split('/').some(mayLookRandom) || hideRandomParts(token, () => '') !== token))

function isOdd(part: string): boolean {
  if (part.length < 4 || !/[\dA-Z]/.test(part)) return false
  const rest = part.includes('.') ? part.replace(buildHash, '') : part
  return rest.length >= 4 && surprise(rest) > 4.6
}

/**
 * A key may hold slashes and stand in a path: neighbouring parts that no name looks like, 20 characters and more
 * together, are one.
 */
export function hideRandomParts(token: string, hide: (text: string) => string): string {
  if (!token.includes('/')) return token
  const parts = token.split('/')
  const odd = parts.map(isOdd)
  const shown: string[] = []
  for (let at = 0; at < parts.length; at++) {
    let end = at
    while (end < parts.length && (odd[end] || (end > at && (parts[end] ?? '').length < 4))) end += 1
    while (end > at && !odd[end - 1]) end -= 1
    const run = end > at ? parts.slice(at, end).join('/') : ''
    if (run.length >= shortestRandom && !uuidOnly.test(run)) {
      shown.push(hide(run))
      at = end - 1
    } else {
      const part = parts[at] ?? ''
      shown.push(looksRandom(part, parts[at - 1]) ? hide(part) : part)
    }
  }
  return shown.join('/')
}
