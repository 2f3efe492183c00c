import type { ObservedDoor } from '../observed.ts'
import { accountsOf, type Case, setting } from './door-settings.ts'
import { type HandleList, readHandles } from './handles.ts'
import { isSettings, type Settings, settingsAt, textAt } from './settings.ts'
import { isAtLeast } from './versions.ts'

/** A chat or a topic of Telegram with settings of its own, which count before those of its account. */
export interface Chat {
  /** `*`: every chat that is not named. */
  readonly name: string
  readonly on: boolean
  readonly policy: unknown
  /** Its own list, which is then the only one; null: the account's counts. */
  readonly people: HandleList | null
}

type Groups = ObservedDoor['groups']
const narrowest: readonly Groups[] = ['nobody', 'listed', 'unknown', 'everyone']
const wider = (left: Groups, right: Groups): Groups =>
  narrowest.indexOf(left) >= narrowest.indexOf(right) ? left : right

/** A chat and each of its topics. */
function chatsIn(map: unknown, policyKey: 'dmPolicy' | 'groupPolicy', groups: unknown): Chat[] {
  if (!isSettings(map)) return []
  return Object.entries(map).flatMap(([name, value]) => {
    if (!isSettings(value)) return []
    const chat = (scopes: readonly Settings[]): Chat => {
      const first = (key: string) => scopes.map((scope) => scope[key]).find((found) => found !== undefined)
      const list = first('allowFrom')
      return {
        name,
        on: scopes.every(({ enabled }) => enabled !== false),
        policy: first(policyKey),
        people: list === undefined ? null : readHandles(list, groups),
      }
    }
    const topics = Object.values(settingsAt(value, 'topics')).filter(isSettings)
    return [chat([value]), ...topics.map((topic) => chat([topic, value]))]
  })
}

/** Direct chats with settings of their own (2026.6.11, 2026.9.6). */
export const directChats = (of: Case): Chat[] =>
  chatsIn(setting(of, 'direct').value, 'dmPolicy', of.settings.accessGroups)

const bare = (handle: string): string => handle.replace(/^(telegram|tg):/i, '')

/** Whether the person of a direct chat is answered in it. */
export function letsIn(
  chat: Chat,
  { policy, people, stored }: { policy: unknown; people: HandleList; stored: HandleList },
): boolean | 'unknown' {
  const counts = chat.policy ?? policy
  if (!chat.on || counts === 'disabled') return false
  const has = (list: HandleList) => list.everyone || list.handles.some((handle) => bare(handle) === bare(chat.name))
  const list = chat.people ?? people
  if (has(list) || (chat.people === null && counts === 'pairing' && has(stored))) return true
  return list.undecided ? 'unknown' : false
}

export const isSame = (left: string, right: string): boolean => bare(left) === bare(right)

/**
 * Whom groups of a Telegram answer (2026.6.11, 2026.9.6). With `groupPolicy: allowlist` that needs both a group that the
 * config names, or `*` for all, and a list that has the person; a group that is named lets in everyone in it where no
 * list has anybody.
 */
export function telegramGroups(
  of: Case,
  { policy, senders }: { policy: 'open' | 'allowlist'; senders: HandleList },
  say: (text: string) => void,
): Groups {
  const { named, chats } = groupChats(of)
  if (isUnbound(of)) {
    say('groups of an account that is neither the default nor in a binding are dropped')
    return 'nobody'
  }
  if (named.length === 0 && policy === 'allowlist') {
    say('no group is named')
    return 'nobody'
  }
  let answer: Groups = 'nobody'
  const all = named.length === 0 ? [...chats, everyChat] : chats
  for (const chat of all) {
    const found = answerIn(chat, policy, senders)
    if (found === 'everyone') say(whyEveryone(chat, policy))
    answer = wider(answer, found)
  }
  return answer
}

/** No agent is found for groups of such an account (2026.6.11, 2026.9.6). */
function isUnbound({ account, base, own, settings }: Case): boolean {
  const bindings = settings.bindings ?? []
  const isOther = (binding: unknown) => textAt(binding, 'match', 'channel').toLowerCase() !== 'telegram'
  if (!Array.isArray(bindings) || !bindings.every((binding) => isSettings(binding) && isOther(binding))) return false
  const hasAgent = [own.groups, base.groups].some((groups) =>
    Object.values(isSettings(groups) ? groups : {}).some((group) =>
      Object.values(settingsAt(group, 'topics')).some((topic) => textAt(topic, 'agentId') !== ''),
    ),
  )
  if (hasAgent) return false
  const ids = accountsOf(base).map((id) => id.toLowerCase())
  const chosen = textAt(base, 'defaultAccount').trim().toLowerCase()
  const usual = ids.includes('default') ? 'default' : ids.toSorted()[0]
  return account.toLowerCase() !== (ids.includes(chosen) ? chosen : usual)
}

const everyChat: Chat = { name: '*', on: true, policy: undefined, people: null }

function whyEveryone(chat: Chat, policy: string): string {
  if (chat.name === '*') return 'all groups are open to everyone in them'
  const isAsUsual = chat.people === null && (chat.policy ?? policy) === 'allowlist'
  return isAsUsual
    ? 'a named group without a list of people is open to everyone in it'
    : 'a single group is open to everyone in it'
}

function answerIn(chat: Chat, policy: string, senders: HandleList): Groups {
  const counts = chat.policy ?? policy
  if (!chat.on || counts === 'disabled') return 'nobody'
  if (counts !== 'open' && counts !== 'allowlist') return 'unknown'
  if (chat.people === null && counts === 'open') return 'everyone'
  const people = chat.people ?? senders
  if (people.everyone) return 'everyone'
  if (people.undecided) return 'unknown'
  if (people.handles.length > 0) return 'listed'
  return chat.people === null && chat.name !== '*' ? 'everyone' : 'nobody'
}

/** The groups that are let in at all, and those with settings: 2026.6.11 keeps them apart where there are more accounts. */
function groupChats(of: Case): { named: string[]; chats: Chat[] } {
  const isOneOfMany = Object.keys(settingsAt(of.base, 'accounts')).length > 1
  const own = of.own.groups
  const isOwnEmpty = !isSettings(own) || Object.keys(own).length === 0
  const counts = own === undefined || (!isOneOfMany && isOwnEmpty) ? of.base.groups : own
  const named = isSettings(counts) ? Object.keys(counts) : []
  const isOwnOnly = isOneOfMany && !isAtLeast(of.version, '2026.8.0')
  if (!isOwnOnly || own !== undefined) return { named, chats: chatsIn(counts, 'groupPolicy', of.settings.accessGroups) }
  return { named, chats: named.map((name) => ({ ...everyChat, name })) }
}
