import type { ObservedDoor } from '../observed.ts'
import { clip } from '../reading.ts'
import { filledForChannel } from './door-defaults.ts'
import {
  accountsOf,
  allowOf,
  type Case,
  firstSet,
  isTelegramSeen,
  type PairingStore,
  policyOf,
  setting,
} from './door-settings.ts'
import { type HandleList, readHandles } from './handles.ts'
import { isSettings, type Settings, settingsAt, valueAt } from './settings.ts'
import { type Chat, directChats, isSame, letsIn, telegramGroups } from './telegram-chats.ts'
import { isAtLeast } from './versions.ts'

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
/** Doors that are told of one agent. */
const mostDoors = 100

/**
 * Who can reach the agent and whom it would answer, per channel and account: the config with account overrides and
 * that version's defaults, joined with the pairing store. Rules and defaults: openclaw.md §4, tried with live messages
 * on 2026.9.6; `dmPolicy` decides, but a `*` in `allowFrom` opens every policy except `disabled`. Of more than 100 those
 * that are off are left out first; what is on and left out stands as one account `(more)` that nobody knows.
 */
export function findDoors(settings: Settings, version: string, pairing: PairingStore): ObservedDoor[] {
  const channels = settingsAt(settings, 'channels')
  const cases: Case[] = []
  for (const [channel, base] of Object.entries(channels)) {
    if (notChannels.has(channel) || !isSettings(base)) continue
    for (const account of accountsOf(base)) {
      const own = settingsAt(base, 'accounts', account)
      cases.push({ channel, account, base, own, settings, version, pairing })
    }
  }
  if (cases.length <= mostDoors) return cases.map(doorOf)
  const on = cases.filter(isOn)
  if (on.length <= mostDoors) return [...on, ...cases.filter((each) => !isOn(each))].slice(0, mostDoors).map(doorOf)
  const left = on.splice(mostDoors - 1)
  return [...on.map(doorOf), unknownDoor(left[0]?.channel ?? '', left.length)]
}

const unknownDoor = (channel: string, count: number): ObservedDoor => ({
  channel: clip(channel, 60),
  account: '(more)',
  enabled: true,
  direct: 'unknown',
  listed: [],
  listedTotal: 0,
  groups: 'unknown',
  chatMayChangeConfig: null,
  because: [`${count} more accounts are on`],
})

const isOn = ({ base, own }: Case): boolean =>
  base.enabled !== false && own.enabled !== false && valueAt(own, 'disabled') !== true

function doorOf(of: Case): ObservedDoor {
  const { channel, account, settings, version } = of
  const because: string[] = []
  const say = (text: string) =>
    because.length < 20 && text !== '' && !because.includes(text) && because.push(clip(text))
  const enabled = isOn(of)
  if (!enabled)
    say(
      of.base.enabled === false
        ? `channels.${channel}.enabled is false`
        : `channels.${channel}.accounts.${account}.enabled is false`,
    )

  const allow = allowOf(of)
  const configured = readHandles(allow.value, settings.accessGroups)
  const stored = readHandles(
    of.pairing.entries
      .filter((entry) => entry.channel === channel && entry.account === account)
      .map(({ handle }) => handle),
  )
  const direct = directOf(of, configured, stored, say)
  if (allow.from !== '' && direct.usesList) say(allow.from)
  for (const remark of configured.remarks) say(remark)
  const { listed } = direct
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
  readonly listed: readonly string[]
  readonly usesList: boolean
}

const toNobody: Direct = { answer: 'nobody', listed: [], usesList: false }

function directOf(of: Case, configured: HandleList, stored: HandleList, say: (text: string) => void): Direct {
  const switchedOff = setting(of, 'dm', 'enabled')
  if (switchedOff.value === false) {
    say(`${switchedOff.from} is false`)
    return toNobody
  }
  const found = firstSet(policyOf(of, 'dmPolicy'), setting(of, 'dm', 'policy'))
  const policy = found.value === undefined && knownChannels.has(of.channel) ? 'pairing' : found.value
  say(
    found.from === ''
      ? `dmPolicy: default of ${of.version || 'this version'}`
      : `${found.from}: ${clip(String(found.value), 60)}`,
  )
  const chats = isTelegramSeen(of) ? directChats(of) : []
  if (chats.length > 0) say(setting(of, 'direct').from)
  const usual = usualDirect(of, { policy, configured, stored }, say)
  const general = chats.filter(({ name }) => name === '*')
  const direct =
    general.length === 0
      ? usual
      : general.map((chat) => starDirect(of, chat, { policy, configured, stored }, say)).reduce(widerDirect)
  return withChats(
    direct,
    chats.filter(({ name }) => name !== '*'),
    { policy, people: configured, stored },
  )
}

interface Given {
  readonly policy: unknown
  readonly configured: HandleList
  readonly stored: HandleList
}

function usualDirect(of: Case, { policy, configured, stored }: Given, say: (text: string) => void): Direct {
  if (policy === 'disabled') return toNobody
  // The pairing store counts under `pairing` alone; `allowlist` and `open` leave it aside.
  const usesStore = policy === 'pairing'
  if (usesStore && stored.handles.length > 0) say('pairing store')
  if (usesStore && of.pairing.unread !== '') say(`pairing store: ${of.pairing.unread}`)
  const isKnown = policy === 'pairing' || policy === 'allowlist' || policy === 'open'
  const listed = usesStore ? [...new Set([...configured.handles, ...stored.handles])] : configured.handles
  if (configured.everyone || (usesStore && stored.everyone)) {
    say('* lets everyone in')
    return { answer: 'everyone', listed, usesList: true }
  }
  if (!isKnown || configured.undecided) return { answer: 'unknown', listed, usesList: true }
  const isListed = configured.handles.length > 0
  // Without a star 2026.6.11 and 2026.9.6 drop whoever is not listed; what older ones do was never seen.
  if (policy === 'open' && !isAtLeast(of.version, '2026.6.11')) return { answer: 'everyone', listed, usesList: true }
  if (policy === 'pairing') return { answer: 'pairing-code', listed, usesList: isListed }
  return isListed ? { answer: 'listed', listed, usesList: true } : { ...toNobody, usesList: true }
}

/** What a chat called `*` makes of direct messages. Its own list is the only way in: no code is sent, nobody paired counts. */
function starDirect(of: Case, chat: Chat, given: Given, say: (text: string) => void): Direct {
  if (!chat.on) return toNobody
  const policy = chat.policy ?? given.policy
  if (chat.people === null) return usualDirect(of, { ...given, policy }, say)
  return usualDirect(
    of,
    { ...given, policy: policy === 'pairing' ? 'allowlist' : policy, configured: chat.people },
    say,
  )
}

const widest = ['nobody', 'listed', 'pairing-code', 'unknown', 'everyone'] as const
const widerDirect = (left: Direct, right: Direct): Direct => ({
  answer: widest.indexOf(left.answer) >= widest.indexOf(right.answer) ? left.answer : right.answer,
  listed: [...new Set([...left.listed, ...right.listed])],
  usesList: left.usesList || right.usesList,
})

/** Single chats let in people who are in no list, and keep out people who are. */
function withChats(direct: Direct, chats: readonly Chat[], given: Parameters<typeof letsIn>[1]): Direct {
  const answers = new Map<string, boolean | 'unknown'>()
  for (const chat of chats) {
    const [before, now] = [answers.get(chat.name), letsIn(chat, given)]
    answers.set(chat.name, before === true || now === true ? true : before === 'unknown' ? before : now)
  }
  const named = [...answers.keys()]
  const rest = direct.listed.filter((handle) => !named.some((name) => isSame(name, handle)))
  const listed = [...rest, ...named.filter((name) => answers.get(name) === true)]
  if (direct.answer !== 'everyone' && [...answers.values()].includes('unknown'))
    return { ...direct, answer: 'unknown', listed }
  if (direct.answer === 'nobody' || direct.answer === 'listed')
    return { ...direct, answer: listed.length > 0 ? 'listed' : 'nobody', listed }
  return { ...direct, listed }
}

function groupsOf(of: Case, direct: HandleList, say: (text: string) => void): ObservedDoor['groups'] {
  const found = firstSet(
    policyOf(of, 'groupPolicy'),
    { value: filledForChannel(of.channel), from: '' },
    { value: valueAt(of.settings, 'channels', 'defaults', 'groupPolicy'), from: 'channels.defaults.groupPolicy' },
  )
  const policy = found.value ?? 'allowlist'
  say(
    found.from === ''
      ? `groupPolicy: default of ${of.version || 'this version'}`
      : `${found.from}: ${clip(String(found.value), 60)}`,
  )
  if (policy === 'disabled') return 'nobody'
  if (policy !== 'open' && policy !== 'allowlist') return 'unknown'
  if (isTelegramSeen(of)) return telegramGroups(of, { policy, senders: groupSenders(of, direct, say) }, say)
  const rooms = roomsOf(of)
  if (rooms.opened) {
    say('a single group is open to everyone in it')
    return 'everyone'
  }
  if (policy === 'open') return rooms.named > 0 && !rooms.all ? 'listed' : 'everyone'
  if (roomMaps[of.channel] !== undefined) return rooms.all ? 'everyone' : rooms.named > 0 ? 'listed' : 'nobody'
  const senders = groupSenders(of, direct, say)
  if (senders.everyone) return rooms.named > 0 && !rooms.all ? 'listed' : 'everyone'
  if (senders.undecided) return 'unknown'
  return senders.handles.length > 0 ? 'listed' : 'nobody'
}

/** The list of people that counts in groups. */
function groupSenders(of: Case, direct: HandleList, say: (text: string) => void): HandleList {
  const list = setting(of, 'groupAllowFrom')
  const own = readHandles(list.value, of.settings.accessGroups)
  // Telegram takes an empty list for one; the others fall back.
  const isEmptyList = isTelegramSeen(of) && Array.isArray(list.value)
  const isOwn = own.handles.length > 0 || own.everyone || own.undecided || isEmptyList
  const senders = isOwn ? own : direct
  say(isOwn ? list.from : 'groupAllowFrom falls back to allowFrom')
  for (const remark of senders.remarks) say(remark)
  return senders
}

/** Which groups or rooms are named, whether `*` names all, and whether one of them opens itself to everyone. */
function roomsOf(of: Case): { named: number; all: boolean; opened: boolean } {
  const maps = [...(roomMaps[of.channel] ?? []), 'groups'].map((key) => setting(of, key).value).filter(isSettings)
  const entries = maps.flatMap((map) => Object.entries(map))
  const opened = entries.some(
    ([, found]) =>
      isSettings(found) &&
      found.enabled !== false &&
      (found.groupPolicy === 'open' || readHandles(found.allowFrom).everyone),
  )
  return { named: entries.filter(([name]) => name !== '*').length, all: entries.some(([name]) => name === '*'), opened }
}
