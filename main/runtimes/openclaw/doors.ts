import type { ObservedDoor } from '../observed.ts'
import { clip } from '../reading.ts'
import { type HandleList, readHandles } from './handles.ts'
import { isSettings, type Settings, settingsAt, valueAt } from './settings.ts'
import { isAtLeast } from './versions.ts'

/** People who were let in by a pairing code, per channel and account (`default` where none is named). */
export interface PairingStore {
  readonly entries: readonly { channel: string; account: string; handle: string }[]
  /** Empty: it was read. */
  readonly unread: string
}

/** Keys of a channel that are not a channel. */
const notChannels = new Set(['defaults', 'modelByChannel'])
/** Channels whose unset direct policy is known to be `pairing`. */
const knownChannels = new Set(
  'telegram imessage whatsapp signal slack discord googlechat msteams matrix mattermost line irc feishu zalo zalouser nextcloud-talk bluebubbles nostr'.split(
    ' ',
  ),
)
/** Channels whose groups are let in by a map of rooms, not by people. */
const roomMaps: Readonly<Record<string, readonly string[]>> = {
  slack: ['channels'],
  discord: ['guilds'],
  msteams: ['teams'],
  googlechat: ['groups', 'spaces'],
  mattermost: ['groups'],
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

/**
 * Who can reach the agent and whom it would answer, per channel and account: the config with account overrides and
 * that version's defaults, joined with the pairing store. Rules and defaults: openclaw.md §4, tried with live messages
 * on 2026.9.6; `dmPolicy` decides, but a `*` in `allowFrom` opens every policy except `disabled`.
 */
export function findDoors(settings: Settings, version: string, pairing: PairingStore): ObservedDoor[] {
  const channels = settingsAt(settings, 'channels')
  const doors: ObservedDoor[] = []
  for (const [channel, base] of Object.entries(channels)) {
    if (notChannels.has(channel) || !isSettings(base)) continue
    for (const account of accountsOf(base)) {
      const own = settingsAt(base, 'accounts', account)
      doors.push(doorOf({ channel, account, base, own, settings, version, pairing }))
    }
  }
  return doors.slice(0, 100)
}

function accountsOf(base: Settings): string[] {
  const named = Object.keys(settingsAt(base, 'accounts')).slice(0, 50)
  if (named.length === 0) return ['default']
  const hasOwn = ownCredentials.some((key) => base[key] !== undefined && base[key] !== '')
  return hasOwn && !named.includes('default') ? ['default', ...named] : named
}

interface Case {
  readonly channel: string
  readonly account: string
  readonly base: Settings
  readonly own: Settings
  readonly settings: Settings
  readonly version: string
  readonly pairing: PairingStore
}

/** The value that counts for one account and where it stands. */
function setting(of: Case, ...path: string[]): { value: unknown; from: string } {
  const name = path.join('.')
  const own = valueAt(of.own, ...path)
  if (own !== undefined) return { value: own, from: `channels.${of.channel}.accounts.${of.account}.${name}` }
  const base = valueAt(of.base, ...path)
  return { value: base, from: base === undefined ? '' : `channels.${of.channel}.${name}` }
}

const firstSet = (...found: { value: unknown; from: string }[]) =>
  found.find(({ value }) => value !== undefined) ?? { value: undefined, from: '' }

function doorOf(of: Case): ObservedDoor {
  const { channel, account, settings, version } = of
  const because: string[] = []
  const say = (text: string) =>
    because.length < 20 && text !== '' && !because.includes(text) && because.push(clip(text))
  const enabled = of.base.enabled !== false && of.own.enabled !== false && valueAt(of.own, 'disabled') !== true
  if (!enabled)
    say(
      of.base.enabled === false
        ? `channels.${channel}.enabled is false`
        : `channels.${channel}.accounts.${account}.enabled is false`,
    )

  const allow = firstSet(setting(of, 'allowFrom'), setting(of, 'dm', 'allowFrom'))
  const configured = readHandles(allow.value, settings.accessGroups)
  const stored = readHandles(
    of.pairing.entries
      .filter((entry) => entry.channel === channel && entry.account === account)
      .map(({ handle }) => handle),
  )
  const direct = directOf(of, configured, stored, say)
  if (allow.from !== '' && direct.usesList) say(allow.from)
  for (const remark of configured.remarks) say(remark)
  const listed =
    direct.answer === 'nobody'
      ? []
      : direct.usesStore
        ? [...new Set([...configured.handles, ...stored.handles])]
        : [...configured.handles]
  const groups = groupsOf(of, configured, say)
  const writes = firstSet(setting(of, 'configWrites'), {
    value: valueAt(settings, 'channels', 'defaults', 'configWrites'),
    from: 'channels.defaults.configWrites',
  })
  if (enabled && writes.value === undefined) say(`configWrites: default of ${version || 'this version'}`)
  return {
    channel: clip(channel, 60),
    account: clip(account, 100),
    enabled,
    direct: enabled ? direct.answer : 'nobody',
    listed: enabled ? listed.slice(0, 200).map((handle) => clip(handle)) : [],
    listedTotal: enabled ? listed.length : 0,
    groups: enabled ? groups : 'nobody',
    chatMayChangeConfig: !enabled
      ? false
      : writes.value === undefined || typeof writes.value === 'boolean'
        ? writes.value !== false
        : null,
    because,
  }
}

interface Direct {
  readonly answer: ObservedDoor['direct']
  readonly usesList: boolean
  readonly usesStore: boolean
}

function directOf(of: Case, configured: HandleList, stored: HandleList, say: (text: string) => void): Direct {
  const switchedOff = setting(of, 'dm', 'enabled')
  if (switchedOff.value === false) {
    say(`${switchedOff.from} is false`)
    return { answer: 'nobody', usesList: false, usesStore: false }
  }
  const found = firstSet(setting(of, 'dmPolicy'), setting(of, 'dm', 'policy'))
  const policy = found.value === undefined && knownChannels.has(of.channel) ? 'pairing' : found.value
  say(
    found.value === undefined
      ? `dmPolicy: default of ${of.version || 'this version'}`
      : `${found.from}: ${clip(String(found.value), 60)}`,
  )
  if (policy === 'disabled') return { answer: 'nobody', usesList: false, usesStore: false }
  // The pairing store counts under `pairing` alone; `allowlist` and `open` leave it aside.
  const usesStore = policy === 'pairing'
  if (usesStore && stored.handles.length > 0) say('pairing store')
  if (usesStore && of.pairing.unread !== '') say(`pairing store: ${of.pairing.unread}`)
  const isKnown = policy === 'pairing' || policy === 'allowlist' || policy === 'open'
  if (configured.everyone || (usesStore && stored.everyone)) {
    say('* lets everyone in')
    return { answer: 'everyone', usesList: true, usesStore }
  }
  if (!isKnown || configured.undecided) return { answer: 'unknown', usesList: true, usesStore }
  const isListed = configured.handles.length > 0
  if (policy === 'open' && !isAtLeast(of.version, '2026.8.0'))
    return { answer: 'everyone', usesList: true, usesStore: false }
  if (policy === 'pairing') return { answer: 'pairing-code', usesList: isListed, usesStore }
  return { answer: isListed ? 'listed' : 'nobody', usesList: true, usesStore: false }
}

function groupsOf(of: Case, direct: HandleList, say: (text: string) => void): ObservedDoor['groups'] {
  const found = firstSet(setting(of, 'groupPolicy'), {
    value: valueAt(of.settings, 'channels', 'defaults', 'groupPolicy'),
    from: 'channels.defaults.groupPolicy',
  })
  const policy = found.value ?? 'allowlist'
  say(
    found.value === undefined
      ? `groupPolicy: default of ${of.version || 'this version'}`
      : `${found.from}: ${clip(String(found.value), 60)}`,
  )
  if (policy === 'disabled') return 'nobody'
  if (policy !== 'open' && policy !== 'allowlist') return 'unknown'
  const rooms = roomsOf(of)
  if (rooms.opened) {
    say('a single group is open to everyone in it')
    return 'everyone'
  }
  if (policy === 'open') return rooms.named > 0 && !rooms.all ? 'listed' : 'everyone'
  if (roomMaps[of.channel] !== undefined) return rooms.all ? 'everyone' : rooms.named > 0 ? 'listed' : 'nobody'
  const own = readHandles(setting(of, 'groupAllowFrom').value, of.settings.accessGroups)
  const isOwn = own.handles.length > 0 || own.everyone || own.undecided
  const senders = isOwn ? own : direct
  say(isOwn ? setting(of, 'groupAllowFrom').from : 'groupAllowFrom falls back to allowFrom')
  for (const remark of senders.remarks) say(remark)
  if (senders.everyone) return rooms.named > 0 && !rooms.all ? 'listed' : 'everyone'
  if (senders.undecided) return 'unknown'
  return senders.handles.length > 0 ? 'listed' : 'nobody'
}

/** Which groups or rooms are named, whether `*` names all, and whether one of them opens itself to everyone. */
function roomsOf(of: Case): { named: number; all: boolean; opened: boolean } {
  const maps = [...(roomMaps[of.channel] ?? []), 'groups'].map((key) => setting(of, key).value).filter(isSettings)
  const entries = maps.flatMap((map) => Object.entries(map))
  const opened = entries.some(
    ([, room]) =>
      isSettings(room) &&
      room.enabled !== false &&
      (room.groupPolicy === 'open' || readHandles(room.allowFrom).everyone),
  )
  return { named: entries.filter(([name]) => name !== '*').length, all: entries.some(([name]) => name === '*'), opened }
}
