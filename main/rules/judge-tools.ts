import { doorInstance } from '../../shared/channels.ts'
import type { Breach } from '../../shared/contract/index.ts'
import { dottedPath } from '../../shared/value-path.ts'
import { samePerson } from '../facts/facts.ts'
import { isSettings, type Settings, settingsAt, textAt, valueAt } from '../runtimes/runtimes.ts'
import { textsIn } from './access-values.ts'
import { wildcardIn } from './spelling.ts'
import { kindOf, type RuleSubject } from './subject.ts'
import type { Looked } from './verdict.ts'

/** The settings of all agents, then those each agent has of its own; where they stand. */
function toolSettings(settings: Settings): { path: string[]; tools: Settings }[] {
  const found = [{ path: ['tools'], tools: settingsAt(settings, 'tools') }]
  for (const [name, agent] of Object.entries(settingsAt(settings, 'agents', 'entries')))
    found.push({ path: ['agents', 'entries', name, 'tools'], tools: settingsAt(agent, 'tools') })
  const list = valueAt(settings, 'agents', 'list')
  if (Array.isArray(list))
    for (const [at, agent] of list.entries())
      found.push({ path: ['agents', 'list', String(at), 'tools'], tools: settingsAt(agent, 'tools') })
  return found
}

const denied = (tools: Settings): Set<string> => new Set(textsIn(tools.deny).map((name) => name.toLowerCase()))

const closedProfiles = new Set(['minimal', 'messaging'])

/** Are commands off for this agent, wherever it is asked from? */
function commandsOff(tools: Settings): boolean {
  const names = denied(tools)
  const mode = textAt(tools, 'exec', 'mode') || textAt(tools, 'exec', 'security')
  return names.has('*') || names.has('exec') || names.has('group:runtime') || mode === 'deny'
}

/** Are files off? */
function filesOff(tools: Settings): boolean {
  const names = denied(tools)
  return names.has('*') || names.has('group:fs') || (names.has('read') && names.has('write'))
}

/** Does a profile that has neither commands nor files hold, with nothing allowed beside it? */
const closedByProfile = (tools: Settings): boolean =>
  closedProfiles.has(textAt(tools, 'profile')) && tools.alsoAllow === undefined && tools.allow === undefined

/**
 * What lies open to people who are not owners: commands, files. What all agents are denied none gets back; what only the
 * setting of the mode denies, an agent's own setting may give back.
 */
export function openTools(settings: Settings): ('commands' | 'files')[] {
  const [all, ...own] = toolSettings(settings)
  const global = all?.tools ?? {}
  const agents = own.length === 0 ? [{ tools: {} }] : own
  const byList = denied(global)
  const commands = agents.some(({ tools }) => {
    if (byList.has('*') || byList.has('exec') || byList.has('group:runtime') || closedByProfile(global)) return false
    const ownMode = textAt(tools, 'exec', 'mode') || textAt(tools, 'exec', 'security')
    return !commandsOff(tools) && !(commandsOff(global) && ownMode === '') && !closedByProfile(tools)
  })
  const files = agents.some(
    ({ tools }) => !filesOff(global) && !filesOff(tools) && !closedByProfile(global) && !closedByProfile(tools),
  )
  return [...(commands ? (['commands'] as const) : []), ...(files ? (['files'] as const) : [])]
}

/** Commands ask a person each time, or are off. */
function commandsAsk(settings: Settings): boolean {
  const [all, ...own] = toolSettings(settings)
  const asks = (tools: Settings) => textAt(tools, 'exec', 'mode') === 'ask' || textAt(tools, 'exec', 'ask') === 'always'
  const speaks = (tools: Settings) => textAt(tools, 'exec', 'mode') !== '' || textAt(tools, 'exec', 'ask') !== ''
  return asks(all?.tools ?? {}) && own.every(({ tools }) => !speaks(tools) || asks(tools) || commandsOff(tools))
}

function elevated(subject: RuleSubject, settings: Settings): Looked {
  const breaches: Breach[] = []
  const unknown: string[] = []
  const own = (subject.client?.handles ?? []).map(({ value }) => value)
  for (const { path, tools } of toolSettings(settings)) {
    if (valueAt(tools, 'elevated', 'enabled') === false) continue
    for (const [channel, list] of Object.entries(settingsAt(tools, 'elevated', 'allowFrom'))) {
      const place = dottedPath([...path, 'elevated', 'allowFrom', channel])
      for (const entry of textsIn(list)) {
        if (wildcardIn(entry) !== null) breaches.push({ place, what: 'everyone' })
        else if (own.length === 0) unknown.push(place)
        else if (!own.some((handle) => samePerson(handle, entry))) breaches.push({ place, what: `person ${entry}` })
      }
    }
  }
  return { breaches, unknown }
}

/** Elevated tools list owners alone, and where others can write there are no commands. */
export function judgeOwnersTools(subject: RuleSubject): Looked {
  const { settings, doors } = subject
  if (settings === null || doors === null) return { breaches: [], unknown: ['its settings'] }
  const { breaches, unknown } = elevated(subject, settings)
  const others = doors.filter(
    (door) =>
      door.enabled &&
      (door.direct === 'everyone' ||
        door.groups === 'everyone' ||
        (kindOf(subject, door) === 'team' && door.direct === 'listed')),
  )
  if (others.length === 0 || !openTools(settings).includes('commands')) return { breaches, unknown }
  const reached = others
    .filter((door) => door.direct === 'everyone' || door.groups === 'everyone' || !commandsAsk(settings))
    .map((door) => ({ place: doorInstance(door), what: 'commands' }))
  return { breaches: [...breaches, ...reached], unknown }
}

/** Tools that are there and could do something: plugins, servers, skills. Channels are none. */
export function toolsOf(settings: Settings): { name: string; path: string[] }[] {
  const on = (value: unknown) => isSettings(value) && value.enabled !== false
  const channels = new Set(Object.keys(settingsAt(settings, 'channels')))
  const names = (...path: string[]) =>
    Object.entries(settingsAt(settings, ...path))
      .filter(([name, value]) => on(value) && !channels.has(name))
      .map(([name]) => ({ name, path: [...path, name] }))
  return [...names('plugins', 'entries'), ...names('mcp', 'servers'), ...names('skills', 'entries')]
}

/** A tool that moves money asks each time, or is off. What nobody judged is listed as unknown. */
export function judgeMoney({ settings, declared }: RuleSubject): Looked {
  if (settings === null) return { breaches: [], unknown: ['its settings'] }
  const names = denied(settingsAt(settings, 'tools'))
  const there = toolsOf(settings)
  const judged = declared?.tools ?? {}
  const breaches = Object.entries(judged).flatMap(([name, { movesMoney, use }]) => {
    const tool = there.find((each) => each.name === name)
    if (!movesMoney || use === 'off' || names.has(name.toLowerCase())) return []
    if (use === 'free') return [{ place: name, what: 'money without a person' }]
    const asks = tool?.path[0] === 'skills' ? commandsAsk(settings) : use === 'ask'
    return tool && !asks ? [{ place: name, what: 'money without a person' }] : []
  })
  const unknown = there
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(judged, name) && !names.has(name.toLowerCase()))
  return { breaches, unknown }
}

const perSender = new Set(['per-peer', 'per-channel-peer', 'per-account-channel-peer'])

/** An account that answers whoever writes, and what of its safeguards is missing. */
export function judgeSafeguards(subject: RuleSubject): Looked {
  const { settings, doors, declared, client } = subject
  if (settings === null || doors === null) return { breaches: [], unknown: ['its settings'] }
  const open = doors.filter(
    (door) =>
      door.enabled && kindOf(subject, door) === 'public' && (door.direct === 'everyone' || door.groups !== 'nobody'),
  )
  const shared = [
    ...(perSender.has(textAt(settings, 'session', 'dmScope')) ? [] : ['a conversation per sender']),
    ...openTools(settings).map((what) => `no ${what}`),
  ]
  const breaches = open.flatMap((door) => {
    const place = doorInstance(door)
    const number = client !== null && client.humanFallback !== '' ? 'a human number' : ''
    const lacking = (declared?.missing[place] ?? everySafeguard).filter((words) => words !== number)
    const groups = door.groups === 'nobody' ? [] : ['groups off']
    const chat = door.chatMayChangeConfig === false ? [] : ['no settings by chat']
    return [...new Set([...shared, ...groups, ...chat, ...lacking])].map((what) => ({ place, what }))
  })
  return { breaches, unknown: [] }
}

/** What no layer declares for a public account, in the words of the form. */
const everySafeguard: readonly string[] = [
  'a most per hour',
  'a person for the first answers',
  'a human number',
  'a fallback sentence',
]
