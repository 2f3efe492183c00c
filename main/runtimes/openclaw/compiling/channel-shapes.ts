import type { Handle } from '../../../../shared/contract/index.ts'
import { isSqliteEra } from '../versions.ts'

/** Where a channel keeps what decides access, below its own place or that of an account. */
export interface ChannelShape {
  readonly policy: readonly string[]
  readonly allow: readonly string[]
  /** Older names of the two, which would count beside them. */
  readonly older: readonly (readonly string[])[]
  readonly groupPolicy: boolean
  readonly groupAllowFrom: boolean
  readonly configWrites: boolean
  readonly accounts: boolean
  /** Carried by the package itself; else by a plugin that has to be switched on. */
  readonly bundled: boolean
}

interface Known {
  /** What a handle must look like there (openclaw.md §4 and each channel's own page). */
  readonly handle: RegExp
  readonly shape?: (isMap: boolean) => Partial<ChannelShape>
}

const phone = /^\+[1-9]\d{6,14}$/
const phoneOrEmail = /^(\+[1-9]\d{6,14}|[^\s@*,;:]{1,64}@[a-z0-9.-]{3,190})$/
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
/** Slack and Discord let rooms in, not people, and had the direct rules in a place of their own. */
const byRoom = (isMap: boolean): Partial<ChannelShape> => ({
  groupAllowFrom: false,
  older: isMap
    ? []
    : [
        ['dm', 'policy'],
        ['dm', 'allowFrom'],
      ],
})

/** Channels whose settings were read in the schemas of 2026.6.11 and 2026.9.6. */
const knownChannels: Readonly<Record<string, Known>> = {
  telegram: { handle: /^[1-9]\d{3,15}$/, shape: () => ({ bundled: true }) },
  imessage: { handle: phoneOrEmail, shape: (isMap) => ({ bundled: !isMap }) },
  whatsapp: { handle: phone },
  signal: { handle: new RegExp(`^(\\+[1-9]\\d{6,14}|uuid:${uuid})$`) },
  sms: {
    handle: phone,
    shape: (isMap) => ({ groupPolicy: false, groupAllowFrom: false, configWrites: isMap }),
  },
  slack: { handle: /^[UW][A-Z0-9]{5,20}$/, shape: byRoom },
  discord: { handle: /^\d{15,22}$/, shape: byRoom },
  googlechat: {
    handle: /^users\/[A-Za-z0-9]{1,64}$/,
    shape: (isMap) => (isMap ? {} : { policy: ['dm', 'policy'], allow: ['dm', 'allowFrom'] }),
  },
  msteams: { handle: new RegExp(`^${uuid}$`), shape: () => ({ accounts: false }) },
}

/** Of a channel that says nothing else. */
export const usualShape: ChannelShape = {
  policy: ['dmPolicy'],
  allow: ['allowFrom'],
  older: [],
  groupPolicy: true,
  groupAllowFrom: true,
  configWrites: true,
  accounts: true,
  bundled: false,
}

/** Null: who may talk there cannot be said by this console. */
export function shapeOf(channel: string, version: string): ChannelShape | null {
  const known = Object.hasOwn(knownChannels, channel) ? knownChannels[channel] : undefined
  return known === undefined ? null : { ...usualShape, ...known.shape?.(isSqliteEra(version)) }
}

/** A handle in that channel's spelling; null when it is none there. No wildcard is one anywhere. */
export function spelled(channel: string, text: string): string | null {
  const bare = channel === 'telegram' ? text.replace(/^(telegram|tg):/i, '') : text
  const known = Object.hasOwn(knownChannels, channel) ? knownChannels[channel] : undefined
  return known?.handle.test(bare) ? bare : null
}

const kindsOf: Readonly<Record<string, readonly Handle['kind'][]>> = {
  telegram: ['telegram'],
  imessage: ['phone', 'email'],
  whatsapp: ['phone'],
  signal: ['phone', 'other'],
  sms: ['phone'],
}

/** The handles by which a client's people are known on a channel, each once. */
export function handlesOn(channel: string, handles: readonly Handle[]): string[] {
  const kinds = kindsOf[channel] ?? ['other']
  const own = handles.flatMap(({ kind, value }) => (kinds.includes(kind) ? [spelled(channel, value)] : []))
  return [...new Set(own.filter((handle) => handle !== null))].sort()
}

/** Channels that {@link handlesOn} knows. */
export const channelsWithHandles: readonly string[] = Object.keys(knownChannels)
