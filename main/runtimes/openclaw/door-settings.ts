import { filledForAccount } from './door-defaults.ts'
import { type Settings, settingsAt, valueAt } from './settings.ts'
import { isAtLeast } from './versions.ts'

/** People who were let in by a pairing code, per channel and account (`default` where none is named). */
export interface PairingStore {
  readonly entries: readonly { channel: string; account: string; handle: string }[]
  /** Empty: it was read. */
  readonly unread: string
}

/** One account of a channel, and all that decides whom it answers. */
export interface Case {
  readonly channel: string
  readonly account: string
  readonly base: Settings
  readonly own: Settings
  readonly settings: Settings
  readonly version: string
  readonly pairing: PairingStore
}

/** Keys that make the unnamed account of a channel a real one beside named accounts. */
const ownCredentials = [
  'botToken',
  'tokenFile',
  'token',
  'appToken',
  'cliPath',
  'dbPath',
  'account',
  'phoneNumber',
  'serviceAccount',
  'serviceAccountFile',
  'appId',
  'httpUrl',
]

/** The accounts that a channel has: those with a name, and the unnamed one where it has a login of its own. */
export function accountsOf(base: Settings): string[] {
  const named = Object.keys(settingsAt(base, 'accounts'))
  if (named.length === 0) return ['default']
  const hasOwn = ownCredentials.some((key) => base[key] !== undefined && base[key] !== '')
  return hasOwn && !named.includes('default') ? ['default', ...named] : named
}

/** A value and where it stands; `from` is empty where nothing is set or the runtime fills it in. */
export interface Found {
  readonly value: unknown
  readonly from: string
}

/** The value that counts for one account and where it stands. */
export function setting(of: Case, ...path: string[]): Found {
  const name = path.join('.')
  const own = valueAt(of.own, ...path)
  if (own !== undefined) return { value: own, from: `channels.${of.channel}.accounts.${of.account}.${name}` }
  const base = valueAt(of.base, ...path)
  return { value: base, from: base === undefined ? '' : `channels.${of.channel}.${name}` }
}

export const firstSet = (...found: Found[]): Found =>
  found.find(({ value }) => value !== undefined) ?? { value: undefined, from: '' }

/** A policy that counts for one account. */
export function policyOf(of: Case, key: 'dmPolicy' | 'groupPolicy'): Found {
  const isNamed = Object.hasOwn(settingsAt(of.base, 'accounts'), of.account)
  if (isNamed && valueAt(of.own, key) === undefined) {
    const value = filledForAccount(of.channel, of.version, key)
    if (value !== undefined) return { value, from: '' }
  }
  return setting(of, key)
}

/** Telegram of these versions reads its lists in ways of its own. */
export const isTelegramSeen = ({ channel, version }: Case): boolean =>
  channel === 'telegram' && isAtLeast(version, '2026.6.11')

/**
 * The list of people that counts. A star of a Telegram account opens nothing where the channel itself lists people (seen
 * on 2026.6.11 and 2026.9.6): it falls away.
 */
export function allowOf(of: Case): Found {
  const found = firstSet(setting(of, 'allowFrom'), setting(of, 'dm', 'allowFrom'))
  const [own, base] = [of.own.allowFrom, of.base.allowFrom]
  if (!isTelegramSeen(of) || !Array.isArray(own) || !Array.isArray(base)) return found
  const isStar = (entry: unknown) => String(entry).trim() === '*'
  const isListed = base.some((entry) => String(entry).trim() !== '' && !isStar(entry))
  if (!isListed || !own.some(isStar)) return found
  const rest = own.filter((entry) => !isStar(entry))
  return rest.length > 0 ? { value: rest, from: found.from } : { value: base, from: 'channels.telegram.allowFrom' }
}
