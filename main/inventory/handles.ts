import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Handle } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'

type Kind = Handle['kind']

/**
 * One form for each handle, so that the same person is the same text everywhere: E.164 for phones, lower case for
 * e-mail, digits for Telegram. Wildcards, letters that look like others and hidden characters are refused, because a
 * handle decides who is answered.
 *
 * @param region ISO 3166 of the client, such as `US-CA`; lets a phone number stand without its country code.
 * @throws FaultError `invalid-input` with the reason.
 */
export function normaliseHandle(kind: Kind, raw: string, region: string): string {
  const value = plainSpacing(raw)
  if (value === '') refuse('A handle cannot be empty.')
  if (/[*?]/.test(value)) refuse('A wildcard is not a handle: it would stand for everyone.')
  const odd = [...value].find((char) => char < ' ' || char > '~')
  if (odd !== undefined)
    refuse(`It holds ${nameOf(odd)}, which is not a plain letter, digit or sign and may look like another.`)
  const normal = { phone, email, telegram, other }[kind](value, region)
  if (normal.length > 200) refuse('A handle has at most 200 characters.')
  return normal
}

function phone(value: string, region: string): string {
  if (!/^\+?[\d ()./-]+$/.test(value)) refuse(`“${value}” is not a phone number: only digits, + and ( ) . - are read.`)
  const country = region.slice(0, 2).toUpperCase()
  const home = isSupportedCountry(country) ? (country as CountryCode) : undefined
  if (!value.startsWith('+') && home === undefined) {
    refuse('Write the number with its country code, such as +1 310 555 0142: there is no region to read it by.')
  }
  const parsed = parsePhoneNumberFromString(value, home)
  if (!parsed?.isValid())
    return refuse(
      `“${value}” has not the length of a phone number${home && !value.startsWith('+') ? ` in ${home}` : ''}.`,
    )
  return parsed.number
}

function email(value: string): string {
  const normal = value.toLowerCase()
  if (!/^[a-z0-9.!#$%&'+/=^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(normal)) {
    refuse(`“${value}” is not an e-mail address.`)
  }
  return normal
}

function telegram(value: string): string {
  const digits = value.replace(/^(telegram|tg):/i, '')
  if (!/^-?[1-9]\d{3,15}$/.test(digits)) {
    refuse('Telegram handles are numeric ids here: a name with @ can be given up and taken by somebody else.')
  }
  return digits
}

const other = (value: string): string => value

/** Spaces and dashes that phones and mail programs put into what is copied, as the plain ones. */
const plainSpacing = (raw: string): string =>
  raw
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/[\u2010-\u2013]/g, '-')
    .trim()

function nameOf(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(char) ? `“${char}” (${code})` : `the hidden character ${code}`
}

function refuse(detail: string): never {
  throw new FaultError({ code: 'invalid-input', field: 'handle', detail })
}

/**
 * Normalises a list. *Proved* is not for the operator to say: a handle keeps it only if it had it before.
 * @throws FaultError `invalid-input`; `already-exists` when one stands twice.
 */
export function normaliseHandles(handles: readonly Handle[], region: string, before: readonly Handle[] = []): Handle[] {
  const seen = new Set<string>()
  return handles.map(({ kind, value, label }) => {
    const normal = normaliseHandle(kind, value, region)
    const key = `${kind} ${normal}`
    if (seen.has(key)) throw new FaultError({ code: 'already-exists', what: 'handle', name: normal })
    seen.add(key)
    const proved = before.some((known) => known.kind === kind && known.value === normal && known.trust === 'proved')
    return { kind, value: normal, label: label.trim(), trust: proved ? 'proved' : 'typed' }
  })
}
