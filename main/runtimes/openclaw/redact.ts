import { createHmac } from 'node:crypto'
import { isSettings } from './settings.ts'

/**
 * Keys whose text is a secret wherever it stands. Chosen wide: a value wrongly taken for a secret costs a readable
 * setting, the other way round costs the secret.
 */
const secretKey =
  /(token|password|passphrase|secret|apikey|api_key|private_?key|credential|authorization|cookie|webhook_?url|connectionstring|signature|bearer|passcode|\bpin$|dsn$|^key$|^auth$)/i
/** Keys that hit the pattern and hold numbers or names, never a secret. */
const harmlessKey =
  /(maxtokens|max_tokens|tokens$|tokenlimit|tokenbudget|tokenstatus|tokenfile|passwordfile|secretfile|authmode|^mode$|^source$|^provider$|^type$)/i
/** Text that is a secret whatever its key is called. */
const secretText =
  /(-----BEGIN [A-Z ]*PRIVATE KEY|^\d{6,12}:[A-Za-z0-9_-]{30,}$|^(sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|hf|npm|AKIA|ya29|EAA)[-_A-Za-z0-9.]{16,}$|^eyJ[\w-]{10,}\.[\w-]{10,}\.|^Bearer\s|:\/\/[^/\s:@]+:[^/\s@]+@)/
/** Under these, every text is a secret: headers and environments carry them under any name. */
const secretFolder = /^(env|headers|vars|secrets)$/i
const wholeReference = /^\$\{[A-Z_][A-Z0-9_]*\}$/

/** `#` and the first 12 hex digits of an HMAC-SHA-256: tells that a secret changed, and nothing about it. */
export const fingerprintOf = (key: string, text: string): string =>
  `#${createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex').slice(0, 12)}`

/**
 * The config with every secret replaced by its keyed fingerprint. References (`${VAR}`, SecretRef objects) stay: they
 * name a secret and hold none.
 */
export function redact(value: unknown, key: string): unknown {
  const walk = (at: unknown, name: string, inside: boolean): unknown => {
    if (typeof at === 'string') return isSecret(name, at, inside) ? fingerprintOf(key, at) : at
    if (typeof at === 'number' && inside && !harmlessKey.test(name)) return fingerprintOf(key, String(at))
    if (Array.isArray(at)) return at.map((entry) => walk(entry, name, inside))
    if (!isSettings(at)) return at
    if (isReference(at)) return at
    return Object.fromEntries(
      Object.entries(at).map(([child, entry]) => [
        child,
        walk(entry, child, inside ? !isSwitch(child) : secretFolder.test(child)),
      ]),
    )
  }
  return walk(value, '', false)
}

const isSwitch = (name: string): boolean => /^(enabled|source|provider|id|mode|shellEnv)$/.test(name)

/** A SecretRef: `{source, provider, id}`. */
const isReference = (value: Record<string, unknown>): boolean =>
  typeof value.source === 'string' &&
  typeof value.id === 'string' &&
  /^(env|file|exec|store)$/.test(value.source) &&
  Object.keys(value).length <= 3

function isSecret(name: string, text: string, inside: boolean): boolean {
  if (text === '' || wholeReference.test(text)) return false
  if (secretText.test(text)) return true
  if (inside) return !isSwitch(name)
  return secretKey.test(name) && !harmlessKey.test(name)
}

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
