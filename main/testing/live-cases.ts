import { type Dice, dice, type Tree } from './any-doors.ts'
import type { OpenclawVersion } from './openclaw.ts'

/** The people of a case: in the channel's own list, in another list, let in by a pairing code, known to nobody. */
export const roles = ['own', 'other', 'paired', 'stranger'] as const
export type Role = (typeof roles)[number]

/**
 * A Telegram as one config sets it up. People stand in it by their role (`own`), a named group as `room`; both are
 * numbers of their own in each case that runs.
 */
export interface LiveCase {
  readonly name: string
  readonly telegram: Tree
  /** What else stands at the top of the config. */
  readonly more?: Tree
  /** A file that the config includes, below it. */
  readonly included?: Tree
  /** Its door is said to be more open than it is, on purpose. */
  readonly isSaidOpener?: true
}

const closed = { dmPolicy: 'allowlist', allowFrom: ['own'], groupPolicy: 'disabled' }
const inGroups = { dmPolicy: 'allowlist', allowFrom: ['own'], groupPolicy: 'allowlist' }

const handPicked: Record<string, Tree> = {
  'nothing set': {},
  'a list': { dmPolicy: 'pairing', allowFrom: ['own'] },
  'pairing and a star': { dmPolicy: 'pairing', allowFrom: ['*'], groupPolicy: 'disabled' },
  'an allowlist of a star': { dmPolicy: 'allowlist', allowFrom: ['*'], groupPolicy: 'disabled' },
  'one person': closed,
  'a star with spaces': { ...closed, allowFrom: ['own', ' * '] },
  'a list of nobody': { dmPolicy: 'allowlist', allowFrom: [], groupPolicy: 'allowlist' },
  'open to all': { dmPolicy: 'open', allowFrom: ['*'], groupPolicy: 'open' },
  'open without a star': { ...closed, dmPolicy: 'open' },
  'switched off in direct messages': { dmPolicy: 'disabled', allowFrom: ['*'] },
  'switched off': { enabled: false, dmPolicy: 'open', allowFrom: ['*'], groupPolicy: 'open' },
  'names and prefixes': { ...closed, allowFrom: ['tg:own', 'telegram:other', '@ann'] },
  'open groups': { ...closed, groupPolicy: 'open' },
  'open groups, one named': { ...closed, groupPolicy: 'open', groups: { room: {} } },
  'open groups, one named and off': { ...closed, groupPolicy: 'open', groups: { room: { enabled: false } } },
  'groups of their own people': { ...inGroups, groupAllowFrom: ['other'] },
  'groups of nobody': { ...inGroups, groupAllowFrom: [] },
  'groups of everyone': { ...inGroups, groupAllowFrom: ['*'] },
  'a named group and no people': { dmPolicy: 'disabled', groupPolicy: 'allowlist', groups: { room: {} } },
  'a named group': { ...inGroups, groups: { room: {} } },
  'a group with its own people': { ...inGroups, groups: { room: { allowFrom: ['other'] } } },
  'a group with people, no other list': { dmPolicy: 'disabled', groups: { room: { allowFrom: ['other'] } } },
  'a group with a star': { ...inGroups, groups: { room: { allowFrom: ['*'] } } },
  'a group of nobody': { ...inGroups, groups: { room: { allowFrom: [] } } },
  'an open group below closed ones': { ...closed, groups: { room: { groupPolicy: 'open' } } },
  'an open group': { ...inGroups, groups: { room: { groupPolicy: 'open' } } },
  'a closed group among open ones': {
    ...closed,
    groupPolicy: 'open',
    groups: { '*': {}, room: { groupPolicy: 'disabled' } },
  },
  'all groups': { ...inGroups, groups: { '*': { requireMention: true } } },
  'all groups with their own people': { ...inGroups, groups: { '*': { allowFrom: ['other'] } } },
  'a direct chat open to all': { ...closed, direct: { '*': { dmPolicy: 'open', allowFrom: ['*'] } } },
  'a direct chat of pairing': { ...closed, direct: { '*': { dmPolicy: 'pairing' } } },
  'a direct chat of one stranger': { ...closed, direct: { stranger: { allowFrom: ['stranger'] } } },
  'a direct chat that is off': { ...closed, allowFrom: ['own', 'other'], direct: { own: { enabled: false } } },
  'an account that reopens': { ...closed, accounts: { desk: { dmPolicy: 'open', allowFrom: ['*'] }, shop: {} } },
  'an account with a star': { dmPolicy: 'allowlist', accounts: { desk: { dmPolicy: 'allowlist', allowFrom: ['*'] } } },
  'an account beside the unnamed one': { ...inGroups, botToken: '', accounts: { shop: { groupPolicy: 'open' } } },
  'an account that is off': { ...inGroups, accounts: { desk: { enabled: false }, shop: { dmPolicy: 'pairing' } } },
}

/** Those that need more than a Telegram. */
const others: readonly LiveCase[] = [
  {
    name: 'groups open for all channels',
    telegram: { allowFrom: ['own'] },
    more: { channels: { defaults: { groupPolicy: 'open' } } },
  },
  {
    name: 'an access group',
    telegram: { ...closed, allowFrom: ['accessGroup:staff'] },
    more: { accessGroups: { staff: { type: 'message.senders', members: { telegram: ['own'] } } } },
  },
  { name: 'a star with a prefix', telegram: { ...closed, allowFrom: ['own', 'tg:*'] }, isSaidOpener: true },
  { name: 'an included file that reopens', telegram: { dmPolicy: 'allowlist' }, included: { allowFrom: ['*'] } },
]

function anySettings(throws: Dice): Tree {
  const lists = [[], ['*'], ['own'], ['own', 'other'], ['other'], ['own', '*'], [' * ']]
  const settings: Tree = {}
  const maybe = (name: string, values: readonly unknown[], share = 0.5) => {
    if (throws.chance(share)) settings[name] = throws.one(values)
  }
  maybe('dmPolicy', ['pairing', 'allowlist', 'open', 'disabled'], 0.7)
  maybe('allowFrom', lists, 0.7)
  maybe('groupPolicy', ['allowlist', 'open', 'disabled'])
  maybe('groupAllowFrom', lists, 0.3)
  if (throws.chance(0.4)) {
    const group: Tree = {}
    if (throws.chance(0.4)) group.allowFrom = throws.one(lists)
    if (throws.chance(0.4)) group.groupPolicy = throws.one(['allowlist', 'open', 'disabled'])
    if (throws.chance(0.2)) group.enabled = throws.chance(0.5)
    settings.groups = { [throws.one(['room', '*'])]: group }
  }
  return settings
}

/** The same seed, the same case. */
export function anyCase(seed: number): LiveCase {
  const throws = dice(seed)
  const telegram = anySettings(throws)
  if (throws.chance(0.4)) {
    const names = throws.one([['desk'], ['desk', 'shop'], ['default', 'shop']])
    telegram.accounts = Object.fromEntries(names.map((name) => [name, anySettings(throws)]))
    if (throws.chance(0.4)) telegram.botToken = ''
  }
  return { name: `seed ${seed}`, telegram }
}

const all: readonly LiveCase[] = [
  ...Object.entries(handPicked).map(([name, telegram]) => ({ name, telegram })),
  ...others,
  ...Array.from({ length: 10 }, (_, at) => anyCase(at + 1)),
]

/**
 * Those that a version is tried with: the newer takes two of three, the older, which is slower, the rest and whatever has
 * accounts, whose meaning changed between them. With `WHEELHOUSE_LIVE_CASES=all` each takes all.
 */
export function liveCases(version: OpenclawVersion): readonly LiveCase[] {
  if (process.env.WHEELHOUSE_LIVE_CASES === 'all') return all
  const isThird = (at: number) => at % 3 === 2
  return version === '2026.6.11'
    ? all.filter(({ telegram }, at) => isThird(at) || telegram.accounts !== undefined)
    : all.filter((_, at) => !isThird(at))
}
