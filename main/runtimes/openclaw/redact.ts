import { createHmac } from 'node:crypto'
import { isSecretName, isSecretNumberName, isSecretText, namesNextArgument } from '../secret-text.ts'
import { isSettings } from './settings.ts'

/** Under these, every text is a secret: headers and environments carry them under any name. */
const secretFolder = /^(env|headers|vars|secrets)$/i
const wholeReference = /^\$\{[A-Z_][A-Z0-9_]*\}$/

/** `#` and the first 12 hex digits of an HMAC-SHA-256: tells that a secret changed, and nothing about it. */
export const fingerprintOf = (key: string, text: string): string =>
  `#${createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex').slice(0, 12)}`

/** Text in which such a fingerprint stands for a secret. */
export const fingerprintShape = /#[0-9a-f]{12}(?![0-9a-f])/

/**
 * The config with every secret replaced by its keyed fingerprint. References (`${VAR}`, SecretRef objects) stay: they
 * name a secret and hold none.
 *
 * @param found gets each secret, in full, for those who have to keep it out of other texts.
 */
export function redact(value: unknown, key: string, found: Set<string> = new Set()): unknown {
  const hide = (text: string): string => {
    found.add(text)
    return fingerprintOf(key, text)
  }
  const walk = (at: unknown, name: string, inside: boolean): unknown => {
    if (typeof at === 'string') return isSecret(name, at, inside) ? hide(at) : at
    if (typeof at === 'number') return isSecretNumber(name, inside) ? hide(String(at)) : at
    if (Array.isArray(at))
      return at.map((entry, place) => walk(entry, namesNextArgument(at[place - 1]) || name, inside))
    if (!isSettings(at) || isReference(at)) return at
    const all = inside || (name !== 'auth' && isSecretName(name))
    return Object.fromEntries(
      Object.entries(at).map(([child, entry]) => [
        isSecretText(child) ? hide(child) : child,
        walk(entry, child, all ? !isSwitch(child) : secretFolder.test(child)),
      ]),
    )
  }
  return walk(value, '', false)
}

const standIn = /^#[0-9a-f]{12}$/

/** Paths of secrets that stand in plain text, or of the fingerprints that stand for them. At most 200. */
export function plainSecretsIn(value: unknown): string[] {
  const found: string[] = []
  const walk = (at: unknown, hidden: unknown, path: string): void => {
    if (found.length >= 200) return
    const isText = typeof at === 'string' || typeof at === 'number'
    if (isText && (at !== hidden || standIn.test(String(at)))) found.push(path)
    else if (Array.isArray(at) && Array.isArray(hidden))
      for (const [place, entry] of at.entries()) walk(entry, hidden[place], `${path}[${place}]`)
    else if (isSettings(at) && isSettings(hidden)) {
      const after = Object.entries(hidden)
      for (const [place, [name, entry]] of Object.entries(at).entries()) {
        const [nameAfter, entryAfter] = after[place] ?? ['', undefined]
        const inner = path === '' ? name : `${path}.${name}`
        if (name !== nameAfter || standIn.test(name)) found.push(path === '' ? 'a name' : `${path}: a name`)
        else walk(entry, entryAfter, inner)
      }
    }
  }
  walk(value, redact(value, '00'), '')
  return found
}

const isSwitch = (name: string): boolean => /^(enabled|source|provider|id|mode|shellEnv)$/.test(name)

/** A SecretRef: `{source, provider, id}` and nothing else, for a place beside them may hold the secret itself. */
const isReference = (value: Record<string, unknown>): boolean =>
  typeof value.source === 'string' &&
  typeof value.id === 'string' &&
  /^(env|file|exec|store)$/.test(value.source) &&
  !isSecretText(value.id) &&
  Object.keys(value).every((name) => name === 'source' || name === 'provider' || name === 'id')

function isSecret(name: string, text: string, inside: boolean): boolean {
  if (text === '' || wholeReference.test(text)) return false
  if (isSecretText(text)) return true
  if (inside) return !isSwitch(name)
  return isSecretName(name, text)
}

const isSecretNumber = (name: string, inside: boolean): boolean =>
  inside ? !isSwitch(name) && !/(max_?tokens|tokens)$/i.test(name) : isSecretNumberName(name)

/** What the runtime rewrites by itself and what therefore says nothing about the settings (openclaw.md §11). */
const ownStamps = new Set(['meta', 'wizard'])

/** Keyed fingerprint of the canonical form: keys sorted, the runtime's own stamps left out, secrets included. 64 hex digits. */
export function canonicalFingerprint(settings: Record<string, unknown>, key: string): string {
  const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => !ownStamps.has(name)))
  return createHmac('sha256', Buffer.from(key, 'hex')).update(canonical(rest)).digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isSettings(value)) return JSON.stringify(value) ?? 'null'
  const entries = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
  return `{${entries.join(',')}}`
}
