import { doorInstance } from '../../shared/channels.ts'
import type { RuleId } from '../../shared/contract/index.ts'
import type { ChannelSection, Sections } from '../../shared/sections.ts'
import type { ObservedDoor } from '../runtimes/observed.ts'
import {
  applyOperations,
  dottedPath,
  ImpossibleOperation,
  type Operation,
  smallestOperations,
} from '../runtimes/operations.ts'
import { closeDoor, compileSections, doorsOf, type Settings, valueAt } from '../runtimes/runtimes.ts'
import type { SchemaIndex } from '../runtimes/setting-schema.ts'
import { ofDoors, touches } from './access.ts'
import { isLock, ruleOf } from './catalogue.ts'
import { settingFixes } from './fix-settings.ts'
import { judgeRules } from './judge.ts'
import { refusals } from './refusals.ts'
import type { Pairing } from './rows.ts'
import { kindOf, type RuleSubject } from './subject.ts'

/** An agent as it was read last, with what a change of it needs. */
export interface Fixable {
  readonly subject: RuleSubject
  /** Its settings, to the letter; secrets are fingerprints. */
  readonly found: Settings
  readonly pairing: Pairing
  readonly platform: string
  /** What its version knows; null: nobody asked it yet. */
  readonly schema: SchemaIndex | null
}

/** What is to be fixed; nothing of it: every lock that is broken there. */
export interface FixScope {
  readonly ruleId?: RuleId | undefined
  readonly door?: { readonly channel: string; readonly account: string } | undefined
}

/** Something that breaks a lock. */
export interface Target {
  readonly ruleId: RuleId
  readonly place: string
  readonly what: string
}

export interface Fix {
  readonly operations: Operation[]
  /** Rules that are broken and would hold. */
  readonly fixed: RuleId[]
  /** Rules that no setting alone mends, with what does. */
  readonly left: { ruleId: RuleId; words: string }[]
  /** What the operator has to know of it beside the settings. */
  readonly notes: string[]
  readonly before: RuleSubject
  readonly after: RuleSubject
  /** The accounts it is about as they are afterwards, each as if it were on. */
  readonly doors: ObservedDoor[]
}

/** Rules about whom one account answers directly. */
const aboutPeople: ReadonlySet<RuleId> = new Set(['own-people', 'no-wildcard', 'no-pairing', 'no-reopening'])

const keyOf = ({ ruleId, place, what }: Target): string => JSON.stringify([ruleId, place, what])

/** Locks that are broken, as far as they are meant. */
function brokenIn(subject: RuleSubject, { ruleId, door }: FixScope): Target[] {
  const at = door && subject.doors?.find((each) => doorInstance(each) === doorInstance(door))
  return judgeRules(subject).flatMap((verdict) => {
    if (!isLock(verdict.ruleId) || (ruleId !== undefined && verdict.ruleId !== ruleId)) return []
    if (door !== undefined && !ofDoors.has(verdict.ruleId)) return []
    return verdict.breaches
      .filter(({ place }) => door === undefined || (at !== undefined && touches(at, place)))
      .map(({ place, what }) => ({ ruleId: verdict.ruleId, place, what }))
  })
}

/** What turns an account on that is off. */
const turnOn = (settings: Settings, { channel, account }: ObservedDoor): Operation[] =>
  [
    ['channels', channel, 'enabled'],
    ['channels', channel, 'accounts', account, 'enabled'],
  ]
    .filter((path) => valueAt(settings, ...path) === false)
    .map((path) => ({ path, set: true }))

/**
 * The smallest change of settings that makes broken locks hold, on that agent as it was found. It lets in the client's own
 * handles of the inventory and the people a layer names, or nobody; it opens nothing. An account that is off is fixed so
 * that it may be turned on. Pure.
 */
export function proposeFix(of: Fixable, scope: FixScope): Fix {
  const { subject, found, pairing } = of
  const at = (settings: Settings): RuleSubject => ({
    ...subject,
    settings,
    doors: doorsOf(settings, subject.version, pairing),
  })
  const before = at(found)
  const on = asIfOn(before, found, scope)
  const wanted = brokenIn(at(on), scope)
  const { operations: drafted, notes } = draft(of, at, on, wanted, scope)
  const trial = trialOf(at, found, on, wanted, scope)
  const operations = trial.smallest(drafted)
  const rest = trial.left(operations)
  const after = at(applyOperations(found, operations))
  const left = [...new Set(rest.map(({ ruleId }) => ruleId))].map((ruleId) => ({
    ruleId,
    words: whyLeft(ruleId, rest),
  }))
  const channels = channelsOf(wanted)
  return {
    operations,
    fixed: [...new Set(wanted.map(({ ruleId }) => ruleId))].filter((ruleId) =>
      left.every((one) => one.ruleId !== ruleId),
    ),
    left,
    notes,
    before,
    after,
    doors: (at(applyOperations(on, operations)).doors ?? []).filter(({ channel }) => channels.has(channel)),
  }
}

function asIfOn(before: RuleSubject, found: Settings, scope: FixScope): Settings {
  const broken = brokenIn(before, scope)
  const meant = (before.doors ?? []).filter(
    (door) =>
      !door.enabled &&
      (scope.door === undefined
        ? broken.some(({ place }) => place.startsWith(`channels.${door.channel}.`))
        : doorInstance(scope.door) === doorInstance(door)),
  )
  return applyOperations(
    found,
    meant.flatMap((door) => turnOn(found, door)),
  )
}

const channelsOf = (targets: readonly Target[]): ReadonlySet<string> =>
  new Set(
    targets.flatMap(({ place }) => /^(?:channels\.([^.]+)|([^./]+)\/)/.exec(place)?.slice(1).filter(Boolean) ?? []),
  )

function whyLeft(ruleId: RuleId, rest: readonly Target[]): string {
  const what = rest.filter((one) => one.ruleId === ruleId)
  if (ruleId === 'public-safeguards')
    return `It lacks ${what.map((one) => one.what).join(', ')}. Declare that in its overlay, or make the account the client's own.`
  const places = [...new Set(what.map(({ place }) => place))].slice(0, 3).join(', ')
  return `No setting alone mends ${places}. ${ruleOf(ruleId).fix}`
}

type At = (settings: Settings) => RuleSubject

/** Everything that may be needed; what is not is taken out again. */
function draft(of: Fixable, at: At, on: Settings, wanted: readonly Target[], scope: FixScope) {
  const { subject, platform, schema } = of
  const { client, version } = subject
  const channels = channelsOf(wanted)
  const all = brokenIn(at(on), {})
  const doors = (at(on).doors ?? []).filter(
    (door) =>
      channels.has(door.channel) &&
      (door.direct === 'unknown' || all.some(({ place }) => place === doorInstance(door) || touches(door, place))),
  )
  const sections: Sections = {
    channels: Object.fromEntries(doors.map((door) => [doorInstance(door), sectionOf(subject, door)])),
    // Never sent: without them a public account is not looked at.
    escalation: { humanNumber: 'the client’s', fallbackSentence: 'the client’s' },
    ...(wanted.some(({ what }) => what === 'commands') ? { tools: { commands: 'ask' } } : {}),
  }
  const compiled = compileSections({ sections, raw: {}, client, version, platform, found: on, schema })
  let operations = possible(on, compiled.operations.filter(narrows).map(plainOperation))
  const notes: string[] = []
  const rest = () => brokenIn(at(applyOperations(on, operations)), scope)
  const add = (more: readonly Operation[]) => {
    operations = possible(on, [...operations, ...more])
  }
  for (const door of doors) {
    const instance = doorInstance(door)
    const isBroken = () => rest().filter(({ place, ruleId }) => place === instance && ruleId !== 'public-safeguards')
    if (isBroken().length === 0) continue
    const shut = closeDoor({ found: on, version, schema }, door)
    add(shut.filter((operation) => !decidesPeople(operation)))
    if (!isBroken().some(({ ruleId }) => aboutPeople.has(ruleId))) continue
    add(shut)
    const why = compiled.cannot.find(({ path }) => path.startsWith(`sections.channels.${instance}`))?.words ?? ''
    notes.push(`${why === '' ? '' : `${why} `}It is shut to everybody instead.`)
  }
  // A second look: what stands above an account shows once the account is right.
  const own = (client?.handles ?? []).map(({ value }) => value)
  for (let look = 0; look < 2; look++) add(settingFixes(applyOperations(on, operations), rest(), own))
  return { operations, notes }
}

function sectionOf(subject: RuleSubject, door: ObservedDoor): ChannelSection {
  const kind = kindOf(subject, door)
  if (kind === 'team') {
    const people = subject.declared?.people[doorInstance(door)] ?? []
    return { kind, people: people.map((handle) => ({ name: handle, handle })) }
  }
  if (kind === 'clients-own') return { kind }
  const safeguards = { sessionPerSender: true, toolsDenied: true, groupsOff: true, mostPerHour: 1, firstApprovals: 1 }
  return { kind, safeguards }
}

const plainOperation = ({ from: _from, ...operation }: Operation & { from: string }): Operation => operation

/** A fix opens nothing, a public account neither. */
const narrows = (operation: Operation): boolean =>
  !('set' in operation) || (operation.set !== 'open' && JSON.stringify(operation.set) !== '["*"]')

const decidesPeople = ({ path }: Operation): boolean =>
  /^(dmPolicy|policy|allowFrom)$/.test(path.at(-1) ?? '') && path[0] === 'channels'

const isPolicy = ({ path }: Operation): boolean => /policy$/i.test(path.at(-1) ?? '')

/** Those that can be done, of one place the last. */
function possible(settings: Settings, operations: readonly Operation[]): Operation[] {
  const last = new Map(operations.map((operation) => [dottedPath(operation.path), operation]))
  return [...last.values()].filter((operation) => {
    try {
      applyOperations(settings, [operation])
      return true
    } catch (error) {
      if (error instanceof ImpossibleOperation) return false
      throw error
    }
  })
}

const sameAnswers = (one: ObservedDoor | undefined, other: ObservedDoor | undefined): boolean =>
  one?.direct === other?.direct && one?.listed.toSorted().join() === other?.listed.toSorted().join()

/** Tries what is left broken by a change, so that nothing stays in it that it does not need. */
function trialOf(at: At, found: Settings, on: Settings, wanted: readonly Target[], scope: FixScope) {
  const asFound = judgeRules(at(found))
  const asOn = judgeRules(at(on))
  const doorsBefore = at(on).doors ?? []
  const left = (operations: readonly Operation[]) => brokenIn(at(applyOperations(on, operations)), scope)
  const isRefused = (operations: readonly Operation[]) =>
    refusals(asFound, judgeRules(at(applyOperations(found, operations)))).length > 0 ||
    refusals(asOn, judgeRules(at(applyOperations(on, operations)))).length > 0
  const isAboutPeople = (door: ObservedDoor) =>
    wanted.some(({ ruleId, place }) =>
      ruleId === 'no-references' ? touches(door, place) : aboutPeople.has(ruleId) && place === doorInstance(door),
    )
  return {
    left,
    smallest(drafted: readonly Operation[]): Operation[] {
      let kept = smallestOperations(found, drafted)
      const allowed = new Set(left(kept).map(keyOf))
      const whole = at(applyOperations(on, kept)).doors ?? []
      const isEnough = (operations: readonly Operation[]) => {
        if (left(operations).some((target) => !allowed.has(keyOf(target))) || isRefused(operations)) return false
        const doors = at(applyOperations(on, operations)).doors ?? []
        return doorsBefore.every((door) => {
          const same = (each: ObservedDoor) => doorInstance(each) === doorInstance(door)
          return sameAnswers(doors.find(same), isAboutPeople(door) ? whole.find(same) : door)
        })
      }
      // Again until nothing goes: what one operation did to another account may have kept the next.
      for (let last = 0; last !== kept.length; ) {
        last = kept.length
        // A policy says it for every version; an empty list does so for some.
        for (const operation of kept.toSorted((one, other) => Number(isPolicy(one)) - Number(isPolicy(other)))) {
          // Nobody is listed beside a policy that opens: another version reads it otherwise.
          if (valueAt(on, ...operation.path) === 'open') continue
          const without = kept.filter((each) => each !== operation)
          if (isEnough(without)) kept = without
        }
      }
      return kept
    },
  }
}
