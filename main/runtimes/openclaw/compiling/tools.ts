import type { JudgedTool } from '../../../../shared/sections.ts'
import { isSettings, textAt, valueAt } from '../settings.ts'
import { holdsFingerprint, removeOwn, setForAll } from './agents.ts'
import { channelsWithHandles, handlesOn } from './channel-shapes.ts'
import { publicBundle } from './channels.ts'
import { type Draft, runtimeName, sectionPath } from './draft.ts'

/**
 * What nobody who merely wrote in may reach: commands, files, other conversations and their memory, the machine and its
 * settings. Tools that read or carry files are in no group of files (seen in what 2026.6.11 offers its model).
 */
export const deniedToStrangers: readonly string[] = [
  'group:runtime',
  'group:fs',
  'group:sessions',
  'group:memory',
  'group:messaging',
  'group:automation',
  'group:nodes',
  'group:ui',
  'group:agents',
  'file_fetch',
  'file_write',
  'dir_fetch',
  'dir_list',
  'image',
  'pdf',
  'view_image',
]

const from = (...names: string[]) => sectionPath('tools', ...names)
const execModes = { off: 'deny', listed: 'allowlist', ask: 'ask' } as const

export function compileTools(draft: Draft, isPublic: boolean): void {
  const { commands, files, elevated, judged = {} } = draft.sections.tools ?? {}
  if (commands !== undefined) {
    setForAll(draft, ['tools', 'exec', 'mode'], ['tools', 'exec', 'mode'], execModes[commands], from('commands'))
    // Older names of the same, which win where they stand beside it.
    for (const older of ['security', 'ask']) draft.remove(['tools', 'exec', older], from('commands'))
    removeOwn(
      draft,
      [
        ['tools', 'exec', 'security'],
        ['tools', 'exec', 'ask'],
      ],
      from('commands'),
    )
  }
  if (files === 'workspace' || files === 'everywhere')
    setForAll(
      draft,
      ['tools', 'fs', 'workspaceOnly'],
      ['tools', 'fs', 'workspaceOnly'],
      files === 'workspace',
      from('files'),
    )
  compileElevated(draft, elevated, isPublic)
  compileDenied(draft, judged, isPublic)
  if (isPublic) compileStrangers(draft)
}

function compileElevated(draft: Draft, elevated: 'off' | 'owners' | undefined, isPublic: boolean): void {
  const path = elevated === undefined ? 'sections.channels' : from('elevated')
  if (isPublic && elevated === 'owners')
    draft.cannot(
      path,
      'conflict',
      'Whoever writes is answered by this agent, so nothing runs with more rights than its own.',
    )
  const owners = elevated === 'owners' && !isPublic ? ownersOf(draft) : {}
  if (Object.keys(owners).length > 0) {
    draft.set(['tools', 'elevated', 'enabled'], true, path)
    setForAll(draft, ['tools', 'elevated', 'allowFrom'], ['tools', 'elevated', 'allowFrom'], owners, path)
    compileOwners(draft, owners, path)
    return
  }
  if (elevated === 'owners' && !isPublic)
    draft.cannot(path, 'inventory', 'There is no client with a handle for a channel of this agent, so it stays off.')
  if (isPublic) switchElevatedOff(draft, path, publicBundle)
  else if (elevated !== undefined) switchElevatedOff(draft, path)
}

/** Off, and the list of who might goes with it. */
function switchElevatedOff(draft: Draft, path: string, bundle?: string): void {
  draft.set(['tools', 'elevated', 'enabled'], false, path, bundle)
  draft.remove(['tools', 'elevated', 'allowFrom'], path, bundle)
  removeOwn(draft, [['tools', 'elevated']], path)
}

/** The client's own handles, by channel of this overlay. */
function ownersOf({ client, sections }: Draft): Record<string, string[]> {
  const channels = new Set(Object.keys(sections.channels ?? {}).map((key) => key.slice(0, key.indexOf('/'))))
  const entries = channelsWithHandles
    .filter((channel) => channels.has(channel))
    .map((channel) => [channel, handlesOn(channel, client?.handles ?? [])] as const)
  return Object.fromEntries(
    entries.filter(([, handles]) => handles.length > 0).map(([name, list]) => [name, [...list]]),
  )
}

/** Commands that only an owner may give; nobody else becomes one by being answered. */
function compileOwners(draft: Draft, owners: Readonly<Record<string, string[]>>, path: string, bundle?: string): void {
  const named = Object.entries(owners).flatMap(([channel, handles]) => handles.map((handle) => `${channel}:${handle}`))
  draft.set(['commands', 'ownerAllowFrom'], named, path, bundle)
}

const needsPerson = ({ movesMoney, use }: JudgedTool) => use !== 'off' && (movesMoney === true || use === 'ask')

/** Where a tool that is no name of the runtime's own is switched: a skill, a server of tools, a plugin. */
const places = [
  ['skills', 'entries'],
  ['mcp', 'servers'],
  ['plugins', 'entries'],
] as const

/**
 * The list of refused tools. What was found on it stays there unless a person judged that tool free; a tool that needs a
 * person each time is refused, because the runtime cannot ask for a single tool. A skill does its work by commands, so it
 * may stay where each of those asks.
 */
function compileDenied(draft: Draft, judged: Readonly<Record<string, JudgedTool>>, isPublic: boolean): void {
  const denied = new Map<string, string>()
  if (draft.sections.tools?.files === 'off') denied.set('group:fs', from('files'))
  const freed = new Map<string, string>()
  for (const [name, tool] of Object.entries(judged)) {
    const path = from('judged', name, tool.use === undefined ? 'movesMoney' : 'use')
    const place = places.find((at) => isSettings(valueAt(draft.found, ...at, name)))
    if (tool.use === 'free' && tool.movesMoney !== true) freed.set(name, path)
    if (tool.use !== 'off' && !needsPerson(tool)) continue
    if (place?.[0] === 'skills' && needsPerson(tool) && commandsAsk(draft)) continue
    if (place === undefined) denied.set(name, path)
    else draft.set([...place, name, 'enabled'], false, path)
    if (needsPerson(tool)) sayRefused(draft, name, tool)
  }
  if (denied.size + freed.size > 0 || isPublic) writeDenied(draft, denied, freed, isPublic)
}

function sayRefused(draft: Draft, name: string, { movesMoney }: JudgedTool): void {
  const why = movesMoney === true ? ': it moves money' : ''
  const words = `${runtimeName(draft.version)} cannot ask a person before a single tool, so ${name} is off${why}.`
  draft.cannot(from('judged', name), 'runtime', words)
}

/** Does every command ask a person, as far as this overlay or the machine says? */
function commandsAsk({ sections, found }: Draft): boolean {
  const mode = sections.tools?.commands ?? textAt(found, 'tools', 'exec', 'mode')
  return mode === 'ask'
}

function writeDenied(
  draft: Draft,
  denied: ReadonlyMap<string, string>,
  freed: ReadonlyMap<string, string>,
  isPublic: boolean,
): void {
  const [path = 'sections.channels'] = [...denied.values(), ...freed.values()]
  const found = valueAt(draft.found, 'tools', 'deny')
  const kept = textsOf(found).filter((name) => !freed.has(name))
  if (holdsFingerprint(kept)) {
    draft.cannot(path, 'secret', 'The list of refused tools holds a secret (tools.deny).')
    return
  }
  const all = [...new Set([...kept, ...denied.keys(), ...(isPublic ? deniedToStrangers : [])])]
  if (all.length > 0 || found !== undefined)
    draft.set(['tools', 'deny'], all, path, isPublic ? publicBundle : undefined)
}

const textsOf = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((entry): entry is string => typeof entry === 'string') : []

/** What strangers' messages may not reach through tools that stay. */
function compileStrangers(draft: Draft): void {
  const path = 'sections.channels'
  for (const way of ['allowWithinProvider', 'allowAcrossProviders']) {
    draft.set(['tools', 'message', 'crossContext', way], false, path, publicBundle)
    removeOwn(draft, [['tools', 'message', 'crossContext', way]], path)
  }
  draft.set(['tools', 'sessions', 'visibility'], 'self', path, publicBundle)
  const owners = ownersOf(draft)
  // Where nothing is said, whoever is answered may give commands (`/model`, `/reset`): seen on 2026.6.11 and 2026.9.6.
  draft.set(['commands', 'allowFrom'], { '*': [], ...owners }, path, publicBundle)
  if (Object.keys(owners).length > 0) compileOwners(draft, owners, path, publicBundle)
}
