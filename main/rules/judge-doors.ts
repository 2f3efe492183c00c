import { doorInstance } from '../../shared/channels.ts'
import type { Breach } from '../../shared/contract/index.ts'
import { dottedPath } from '../../shared/value-path.ts'
import { samePerson } from '../facts/facts.ts'
import type { ObservedDoor } from '../runtimes/observed.ts'
import { doorsOf, isSettings, type Settings, settingsAt } from '../runtimes/runtimes.ts'
import { accessValues, referenceIn, textsIn } from './access-values.ts'
import { isHandleOf, wildcardIn } from './spelling.ts'
import { kindOf, type RuleSubject } from './subject.ts'
import type { Looked } from './verdict.ts'

/** Only doors that are on are open; what is off breaks nothing but the list it still carries. */
const on = ({ doors }: RuleSubject): readonly ObservedDoor[] | null => doors?.filter(({ enabled }) => enabled) ?? null

/** Judges every door that is on; nothing is known where the doors could not be read. */
function eachDoor(subject: RuleSubject, look: (door: ObservedDoor, place: string) => Partial<Looked>): Looked {
  const doors = on(subject)
  if (doors === null) return { breaches: [], unknown: ['its channels'] }
  const looks = doors.map((door) => look(door, doorInstance(door)))
  return {
    breaches: looks.flatMap(({ breaches }) => breaches ?? []),
    unknown: looks.flatMap(({ unknown }) => unknown ?? []),
  }
}

/** Handles that may be answered at a door; null: nobody wrote down whose they are. */
export function allowedAt(subject: RuleSubject, door: ObservedDoor): readonly string[] | null {
  const own = (subject.client?.handles ?? []).map(({ value }) => value).filter((value) => wildcardIn(value) === null)
  const named = kindOf(subject, door) === 'team' ? (subject.declared?.people[doorInstance(door)] ?? []) : []
  const all = [...own, ...named]
  return all.length === 0 ? null : all
}

function peopleAt(subject: RuleSubject, door: ObservedDoor, place: string): Partial<Looked> {
  const allowed = allowedAt(subject, door)
  const breaches: Breach[] = []
  for (const listed of door.listed) {
    if (!isHandleOf(door.channel, listed)) breaches.push({ place, what: `no handle ${listed}` })
    else if (allowed !== null && !allowed.some((one) => samePerson(one, listed)))
      breaches.push({ place, what: `person ${listed}` })
  }
  if (door.listedTotal > door.listed.length)
    breaches.push({ place, what: `${door.listedTotal - door.listed.length} more people` })
  return { breaches, unknown: allowed === null && door.listed.length > 0 ? [place] : [] }
}

export const judgeOwnPeople = (subject: RuleSubject): Looked =>
  eachDoor(subject, (door, place) => {
    if (kindOf(subject, door) === 'public') return {}
    if (door.direct === 'everyone') return { breaches: [{ place, what: 'everyone' }] }
    if (door.direct === 'unknown') return { unknown: [place] }
    return door.direct === 'nobody' ? {} : peopleAt(subject, door, place)
  })

/** A public account is open by one star, written plainly where its own settings stand, and by nothing else. */
function mayBeStar(subject: RuleSubject, path: readonly string[], value: unknown): boolean {
  const [first, channel = '', ...rest] = path
  if (first !== 'channels' || JSON.stringify(value) !== '["*"]') return false
  const account = rest[0] === 'accounts' ? (rest[1] ?? '') : 'default'
  const name = rest[0] === 'accounts' ? rest.slice(2) : rest
  if (name.length !== 1 || name[0] !== 'allowFrom' || kindOf(subject, { channel, account }) !== 'public') return false
  const at = settingsAt(subject.settings ?? {}, ...path.slice(0, -1))
  return at.dmPolicy === 'open'
}

/** Names of groups and rooms that stand for all of them, and hold an opening of their own. */
function starRooms(settings: Settings): Breach[] {
  const found: Breach[] = []
  for (const [channel, base] of Object.entries(settingsAt(settings, 'channels'))) {
    if (!isSettings(base)) continue
    const parts = [['', base] as const, ...Object.entries(settingsAt(base, 'accounts'))]
    for (const [account, own] of parts)
      for (const key of ['groups', 'channels', 'guilds', 'teams', 'spaces', 'direct', 'dms'])
        for (const [room, value] of Object.entries(settingsAt(own, key)))
          if (wildcardIn(room) !== null && room !== '*' && isSettings(value))
            found.push({
              place: dottedPath(['channels', channel, ...(account === '' ? [] : ['accounts', account]), key]),
              what: `wildcard ${room}`,
            })
  }
  return found
}

export function judgeWildcards(subject: RuleSubject): Looked {
  const { settings } = subject
  if (settings === null) return { breaches: [], unknown: ['its settings'] }
  const listed = accessValues(settings)
    .filter(({ kind, path, value }) => kind === 'people' && !mayBeStar(subject, path, value))
    .flatMap(({ path, value }) =>
      textsIn(value).flatMap((text) =>
        wildcardIn(text) === null ? [] : [{ place: dottedPath(path), what: `wildcard ${text}` }],
      ),
    )
  // The pairing store lets in by a star, too, and stands in no setting.
  const stored = eachDoor(subject, (door, place) => ({
    breaches: door.listed.flatMap((entry) =>
      wildcardIn(entry) === null ? [] : [{ place, what: `wildcard ${entry}` }],
    ),
  })).breaches
  const open = eachDoor(subject, (door, place) => ({
    breaches: door.direct === 'everyone' && kindOf(subject, door) !== 'public' ? [{ place, what: 'everyone' }] : [],
  })).breaches
  return { breaches: [...listed, ...starRooms(settings), ...stored, ...open], unknown: unseenIn(settings) }
}

export function judgeReferences({ settings }: RuleSubject): Looked {
  if (settings === null) return { breaches: [], unknown: ['its settings'] }
  const breaches = accessValues(settings).flatMap(({ path, value }) => {
    const found = referenceIn(value)
    return found === null ? [] : [{ place: dottedPath(path), what: `reference ${found}` }]
  })
  const included = includesIn(settings).map((place) => ({ place, what: 'reference $include' }))
  return { breaches: [...breaches, ...included], unknown: unseenIn(settings) }
}

/** From where on there is more than is looked at. */
const unseenIn = (settings: Settings): string[] =>
  accessValues(settings).flatMap(({ kind, path }) => (kind === 'unseen' ? [dottedPath(path)] : []))

/** Paths of `$include` that nobody resolved. */
export function includesIn(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => includesIn(each, [...path, String(at)]))
  if (!isSettings(value)) return []
  return Object.entries(value).flatMap(([name, each]) =>
    name === '$include' ? [dottedPath([...path, name])] : includesIn(each, [...path, name]),
  )
}

export const judgePairing = (subject: RuleSubject): Looked =>
  eachDoor(subject, (door, place) => ({
    breaches: door.direct === 'pairing-code' ? [{ place, what: 'pairing' }] : [],
    unknown: door.direct === 'unknown' ? [place] : [],
  }))

export const judgeGroups = (subject: RuleSubject): Looked =>
  eachDoor(subject, (door, place) => {
    if (door.groups === 'nobody') return {}
    if (door.groups === 'unknown') return { unknown: [place] }
    if (door.groups === 'listed' && kindOf(subject, door) === 'team') return {}
    return { breaches: [{ place, what: door.groups === 'everyone' ? 'all groups' : 'groups' }] }
  })

export const judgeConfigByChat = (subject: RuleSubject): Looked =>
  eachDoor(subject, (door, place) => ({
    breaches: door.chatMayChangeConfig === true ? [{ place, what: 'settings by chat' }] : [],
    unknown: door.chatMayChangeConfig === null ? [place] : [],
  }))

const width = { nobody: 0, unknown: 1, listed: 1, 'pairing-code': 2, everyone: 3 } as const

/** An account that opens what its channel keeps closed. A public one is judged by its safeguards instead. */
export function judgeReopening(subject: RuleSubject): Looked {
  const { settings, version } = subject
  if (settings === null) return { breaches: [], unknown: ['its settings'] }
  const bare = doorsOf(withoutAccounts(settings), version, { entries: [], unread: '' })
  const channelDoor = new Map(bare.map((door) => [door.channel, door]))
  return eachDoor(subject, (door, place) => {
    const base = channelDoor.get(door.channel)
    const own = settingsAt(settings, 'channels', door.channel, 'accounts', door.account)
    if (!base || Object.keys(own).length === 0 || kindOf(subject, door) === 'public') return {}
    const breaches: Breach[] = []
    if (width[door.direct] >= 2 && width[door.direct] > width[base.direct]) breaches.push({ place, what: 'reopened' })
    if (door.groups === 'everyone' && base.groups !== 'everyone') breaches.push({ place, what: 'groups reopened' })
    if (door.chatMayChangeConfig === true && base.chatMayChangeConfig === false)
      breaches.push({ place, what: 'settings by chat reopened' })
    return { breaches }
  })
}

function withoutAccounts(settings: Settings): Settings {
  const channels = Object.entries(settingsAt(settings, 'channels')).map(([channel, base]): [string, unknown] => {
    if (!isSettings(base)) return [channel, base]
    const { accounts: _named, ...rest } = base
    return [channel, rest]
  })
  return { ...settings, channels: Object.fromEntries(channels) }
}
