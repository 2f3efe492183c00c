import { channelName, doorName, fixedKind, fixedKindReason } from '../../../../shared/channels.ts'
import {
  type ChannelSection,
  DoorKey,
  doorOfKey,
  missingSafeguards,
  safeguardWords,
} from '../../../../shared/sections.ts'
import { isEqual, type Json } from '../../operations.ts'
import { isSettings, settingsAt, valueAt } from '../settings.ts'
import { type ChannelShape, handlesOn, shapeOf, spelled, usualShape } from './channel-shapes.ts'
import { type Draft, runtimeName, sectionPath } from './draft.ts'

interface Door {
  readonly channel: string
  readonly account: string
  /** Where its settings stand. */
  readonly place: readonly string[]
  readonly section: ChannelSection
  readonly shape: ChannelShape
  readonly from: string
  /** Every account of its channel is declared. */
  readonly allDeclared: boolean
}

/** Public doors are opened together with what makes them safe, or not at all. */
export const publicBundle = 'public'

/**
 * The channels: whether each is on, and who may talk to it. Answers whether one of them is public, which binds the tools
 * and conversations of the whole agent.
 */
export function compileChannels(draft: Draft): { isPublic: boolean } {
  const declared = declaredDoors(draft)
  let isPublic = false
  for (const [key, section] of declared) {
    const door = doorFor(draft, key, section, declared)
    if (door === null) continue
    compileEnabled(draft, door)
    const kind = section.kind ?? fixedKind(door.channel)
    const fixed = fixedKind(door.channel)
    if (fixed !== null && kind !== fixed) draft.cannot(`${door.from}.kind`, 'conflict', fixedKindReason(door.channel))
    else if (kind === 'clients-own') compileClientsOwn(draft, door)
    else if (kind === 'team') compileTeam(draft, door)
    else if (kind === 'public') isPublic = compilePublic(draft, door) || isPublic
  }
  return { isPublic }
}

/** Those of the overlay; and every other account of a channel that can only be the client's own, so that none stays open. */
function declaredDoors({ sections, found }: Draft): ReadonlyMap<string, ChannelSection> {
  const declared = new Map(Object.entries(sections.channels ?? {}))
  for (const key of [...declared.keys()]) {
    const { channel } = doorOfKey(key)
    if (fixedKind(channel) === null) continue
    for (const account of Object.keys(settingsAt(found, 'channels', channel, 'accounts'))) {
      const other = DoorKey.safeParse(`${channel}/${account}`)
      if (other.success && !declared.has(other.data)) declared.set(other.data, { kind: 'clients-own' })
    }
  }
  return declared
}

function doorFor(
  draft: Draft,
  key: string,
  section: ChannelSection,
  declared: ReadonlyMap<string, ChannelSection>,
): Door | null {
  const { channel, account } = doorOfKey(key)
  const from = sectionPath('channels', key)
  const shape = shapeOf(channel, draft.version)
  if (shape === null) {
    draft.cannot(
      from,
      'runtime',
      `Who may talk on ${channelName(channel)} is set by hand: this console does not know it.`,
    )
    return null
  }
  const accounts = settingsAt(draft.found, 'channels', channel, 'accounts')
  const others = [...declared.keys()]
    .map(doorOfKey)
    .some((other) => other.channel === channel && other.account !== account)
  const isNamed = account !== 'default' || Object.hasOwn(accounts, 'default')
  if (account !== 'default' && !Object.hasOwn(accounts, account)) {
    draft.cannot(from, 'inventory', `There is no ${doorName({ channel, account })} on this machine yet.`)
    return null
  }
  // What stands above the accounts counts for all of them, so the unnamed one gets a place of its own beside others.
  const apart = isNamed || (shape.accounts && (Object.keys(accounts).length > 0 || others))
  const place = apart ? ['channels', channel, 'accounts', account] : ['channels', channel]
  const allDeclared = Object.keys(accounts).every((other) => declared.has(`${channel}/${other}`))
  return { channel, account, place, section, shape, from, allDeclared }
}

function compileEnabled(draft: Draft, { channel, account, place, section, shape, from }: Door): void {
  const { enabled } = section
  if (enabled === undefined) return
  if (enabled && place.length > 2 && valueAt(draft.found, 'channels', channel, 'enabled') === false)
    draft.cannot(
      `${from}.enabled`,
      'conflict',
      `${channelName(channel)} is switched off as a whole on this machine, so ${doorName({ channel, account })} cannot be on.`,
    )
  draft.set([...place, 'enabled'], enabled, `${from}.enabled`)
  if (enabled && !shape.bundled) compilePlugin(draft, channel, `${from}.enabled`)
}

/** The plugin that carries a channel has to be on, and on the list where there is one. */
function compilePlugin(draft: Draft, plugin: string, from: string): void {
  const plugins = settingsAt(draft.found, 'plugins')
  if (plugins.enabled === false || (Array.isArray(plugins.deny) && plugins.deny.includes(plugin)))
    draft.cannot(from, 'conflict', `Plugins are off or ${plugin} is refused on this machine, so it cannot be on.`)
  draft.set(['plugins', 'entries', plugin, 'enabled'], true, from)
  const { allow } = plugins
  if (!Array.isArray(allow) || allow.includes(plugin)) return
  const names = allow.filter((name): name is string => typeof name === 'string')
  draft.set(['plugins', 'allow'], [...names, plugin], from)
}

function compileClientsOwn(draft: Draft, door: Door): void {
  const path = `${door.from}.kind`
  if (draft.client === null) {
    draft.cannot(path, 'inventory', 'This machine has no client, so nobody can be let in as the client.')
    return
  }
  const handles = handlesOn(door.channel, draft.client.handles)
  if (handles.length === 0) {
    draft.cannot(
      path,
      'inventory',
      `${draft.client.name} has no handle for ${channelName(door.channel)} in the inventory, so nobody could write there.`,
    )
    return
  }
  compileListed(draft, door, handles, path)
}

function compileTeam(draft: Draft, door: Door): void {
  const path = `${door.from}.people`
  const people = door.section.people ?? []
  const handles = people.flatMap(({ name, handle }) => {
    const own = spelled(door.channel, handle)
    if (own === null)
      draft.cannot(path, 'inventory', `${name}: ${handle} is no handle of ${channelName(door.channel)}.`)
    return own === null ? [] : [own]
  })
  if (handles.length === 0) {
    draft.cannot(path, 'inventory', 'Nobody of the team is named, so nobody could write there.')
    return
  }
  compileListed(draft, door, [...new Set(handles)].sort(), path)
  // Two people who share one conversation read each other.
  if (new Set(handles).size > 1) compileScope(draft, 'per-channel-peer', path)
}

/** One account answers nobody, whoever is listed there or was let in before. */
export function compileNobody(draft: Draft, door: { readonly channel: string; readonly account: string }): void {
  const { channel, account } = door
  const accounts = settingsAt(draft.found, 'channels', channel, 'accounts')
  const isNamed = Object.hasOwn(accounts, account)
  const apart = isNamed || Object.keys(accounts).length > 0
  const place = apart ? ['channels', channel, 'accounts', account] : ['channels', channel]
  const shape = shapeOf(channel, draft.version) ?? usualShape
  const from = sectionPath('channels', `${channel}/${account}`)
  draft.set([...place, ...shape.policy], 'disabled', from)
  draft.set([...place, ...shape.allow], [], from)
  compileClosed(draft, { channel, place, shape, allDeclared: Object.keys(accounts).length < 2 }, from)
}

/** Only these people by direct message, no groups, no settings by chat. */
function compileListed(draft: Draft, door: Door, handles: readonly string[], from: string): void {
  const { place, shape } = door
  draft.set([...place, ...shape.policy], 'allowlist', from)
  draft.set([...place, ...shape.allow], [...handles], from)
  compileClosed(draft, door, from)
}

/** What is shut on every kind of account, and what would open a part of it again. */
function compileClosed(
  draft: Draft,
  { channel, place, shape, allDeclared }: Pick<Door, 'channel' | 'place' | 'shape' | 'allDeclared'>,
  from: string,
  bundle?: string,
): void {
  if (shape.groupPolicy) draft.set([...place, 'groupPolicy'], 'disabled', from, bundle)
  if (shape.groupAllowFrom) draft.set([...place, 'groupAllowFrom'], [], from, bundle)
  if (shape.configWrites) draft.set([...place, 'configWrites'], false, from, bundle)
  for (const older of shape.older) draft.remove([...place, ...older], from, bundle)
  const whole = ['channels', channel]
  for (const at of isEqual(place, whole) ? [place] : [place, whole])
    for (const rooms of ['direct', 'dms', 'groups', 'channels', 'guilds', 'teams', 'spaces'])
      closeInside(draft, [...at, rooms], from, bundle)
  if (allDeclared && !isEqual(place, whole)) closeWhole(draft, whole, shape, from, bundle)
}

const opens = new Set(['dmPolicy', 'allowFrom', 'groupPolicy', 'groupAllowFrom'])

/** Single people and rooms lose what they have of their own, unless that shuts them. */
function closeInside(draft: Draft, at: readonly string[], from: string, bundle?: string): void {
  if (at.length > 12) return
  for (const [name, value] of Object.entries(settingsAt(draft.found, ...at))) {
    if (opens.has(name) && value !== 'disabled') draft.remove([...at, name], from, bundle)
    else if (isSettings(value)) closeInside(draft, [...at, name], from, bundle)
  }
}

/** What stands above the accounts opens none of them any more: it would open the next one that is set up. */
function closeWhole(draft: Draft, whole: readonly string[], shape: ChannelShape, from: string, bundle?: string): void {
  const shut = (path: readonly string[], value: Json) => {
    const at = [...whole, ...path]
    if (valueAt(draft.found, ...at) !== undefined) draft.set(at, value, from, bundle)
  }
  shut(shape.policy, 'allowlist')
  shut(shape.allow, [])
  if (shape.groupPolicy) shut(['groupPolicy'], 'disabled')
  if (shape.groupAllowFrom) shut(['groupAllowFrom'], [])
}

function compilePublic(draft: Draft, door: Door): boolean {
  const { channel, account, section, place, shape, from } = door
  const { client, sections } = draft
  // The client's own human number in the inventory counts like one of the overlay.
  const number = client !== null && client.humanFallback !== '' ? client.humanFallback : undefined
  const missing = missingSafeguards(section, { humanNumber: number, ...sections.escalation })
  if (missing.length > 0) {
    const words = missing.map((name) => safeguardWords[name]).join(', ')
    draft.cannot(`${from}.kind`, 'conflict', `${doorName({ channel, account })} stays shut: it lacks ${words}.`)
    return false
  }
  const guard = `${from}.safeguards`
  draft.set([...place, ...shape.policy], 'open', `${from}.kind`, publicBundle)
  draft.set([...place, ...shape.allow], ['*'], `${from}.kind`, publicBundle)
  compileClosed(draft, door, `${guard}.groupsOff`, publicBundle)
  compileScope(draft, 'per-account-channel-peer', `${guard}.sessionPerSender`, publicBundle)
  const name = runtimeName(draft.version)
  draft.cannot(
    `${guard}.mostPerHour`,
    'runtime',
    `${name} has no limit of messages out in an hour: they are counted here, and more are a finding.`,
  )
  draft.cannot(
    `${guard}.firstApprovals`,
    'runtime',
    `${name} cannot hold an answer back until a person approves it, so nobody is asked first.`,
  )
  return true
}

const scopes = ['main', 'per-peer', 'per-channel-peer', 'per-account-channel-peer']

/** The narrowest that anything asks for counts for the whole agent; what was found narrower stays. */
function compileScope(draft: Draft, scope: string, from: string, bundle?: string): void {
  const path = ['session', 'dmScope']
  const asked = draft.drafted.map(({ operation }) =>
    operation.path.join('.') === 'session.dmScope' && 'set' in operation ? String(operation.set) : 'main',
  )
  const found = String(valueAt(draft.found, ...path) ?? 'main')
  const narrowest = Math.max(...[scope, found, ...asked].map((name) => scopes.indexOf(name)))
  draft.set(path, scopes[narrowest] ?? scope, from, bundle)
  const bindings = valueAt(draft.found, 'bindings')
  const isOverruled =
    Array.isArray(bindings) && bindings.some((binding) => valueAt(binding, 'session', 'dmScope') !== undefined)
  if (isOverruled)
    draft.cannot(
      from,
      'conflict',
      'A binding on this machine sets how conversations are kept apart by itself (bindings).',
    )
}
