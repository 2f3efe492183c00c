import { channelName } from '../../../shared/channels.ts'
import { doorOfKey, type Sections } from '../../../shared/sections.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { dottedPath, isEqual, pathOfDotted } from '../operations.ts'
import { shapeOf, spelled } from './compiling/channel-shapes.ts'
import { durationMs } from './durations.ts'
import { type Settings, valueAt } from './settings.ts'

/** A setting as it was found, and what of the guided sections decides it. */
export interface FoundSetting {
  /** `sections.model.primary`, as the compiled operation names it. */
  readonly declared: string
  /** Of the runtime's own settings. */
  readonly path: readonly string[]
  readonly found: Settings
  readonly version: string
  /** What the layers of that agent declare together. */
  readonly sections: Sections
}

/** Values of the sections by their path; or why no words of theirs say it, as a sentence. */
export type SaidInSections = { readonly set: Readonly<Record<string, unknown>> } | { readonly why: string }

/** How one setting is said in the sections; `found` is never undefined. Null: by no word of them. */
interface Reading {
  readonly at: RegExp
  readonly to: string
  readonly read: (found: unknown) => unknown
  /** What they can say there. */
  readonly can: string
}

const text = (found: unknown) => (typeof found === 'string' ? found : null)
const yesOrNo = (found: unknown) => (typeof found === 'boolean' ? found : null)
const oneOf =
  (...words: readonly string[]) =>
  (found: unknown) =>
    words.includes(found as string) ? found : null
const wordFor = (words: Readonly<Record<string, unknown>>) => (found: unknown) =>
  Object.hasOwn(words, String(found)) ? words[String(found)] : null
const whole = (unitMs: number) => (found: unknown) => {
  const ms = durationMs(found)
  return ms !== null && ms % unitMs === 0 ? ms / unitMs : null
}
const days = { read: whole(86_400_000), can: 'whole days' }

/** Each place that a section writes and that one value of it says. The others follow from something else. */
const readings: readonly Reading[] = [
  { at: /^agents\.defaults\.model(\.primary)?$/, to: 'model.primary', read: text, can: 'one model' },
  {
    at: /^agents\.defaults\.model\.fallbacks$/,
    to: 'model.fallbacks',
    read: (found) => (Array.isArray(found) ? found : null),
    can: 'a list of models',
  },
  {
    at: /^agents\.defaults\.heartbeat\.every$/,
    to: 'heartbeat.everyMinutes',
    read: whole(60_000),
    can: 'whole minutes',
  },
  { at: /^agents\.defaults\.heartbeat\.activeHours\.start$/, to: 'heartbeat.from', read: text, can: 'a time of day' },
  { at: /^agents\.defaults\.heartbeat\.activeHours\.end$/, to: 'heartbeat.to', read: text, can: 'a time of day' },
  {
    at: /^agents\.defaults\.heartbeat\.target$/,
    to: 'heartbeat.mayWrite',
    read: wordFor({ none: false, owner: true, last: true }),
    can: 'that it may write to its owner, or not at all',
  },
  {
    at: /^logging\.level$/,
    to: 'logging.level',
    read: oneOf('error', 'warn', 'info', 'debug'),
    can: 'error, warn, info or debug',
  },
  { at: /^logging\.file$/, to: 'logging.file', read: text, can: 'a path' },
  {
    at: /^logging\.maxFileBytes$/,
    to: 'logging.mostMegabytes',
    read: (found) => (typeof found === 'number' && found % 1_000_000 === 0 ? found / 1_000_000 : null),
    can: 'whole megabytes',
  },
  { at: /^logging\.audit\.enabled$/, to: 'logging.audit', read: yesOrNo, can: 'yes or no' },
  {
    at: /^logging\.audit\.messages$/,
    to: 'logging.messageAudit',
    read: oneOf('off', 'direct', 'all'),
    can: 'off, direct or all',
  },
  { at: /^session\.maintenance\.pruneAfter$/, to: 'retention.conversationDays', ...days },
  { at: /^session\.maintenance\.resetArchiveRetention$/, to: 'retention.archiveDays', ...days },
  { at: /^cron\.sessionRetention$/, to: 'retention.automationDays', ...days },
  { at: /^update\.auto\.enabled$/, to: 'updates.automatic', read: yesOrNo, can: 'yes or no' },
  { at: /^update\.checkOnStart$/, to: 'updates.checkAtStart', read: yesOrNo, can: 'yes or no' },
  {
    at: /^tools\.exec\.mode$/,
    to: 'tools.commands',
    read: wordFor({ deny: 'off', allowlist: 'listed', ask: 'ask' }),
    can: 'off, listed or ask',
  },
  {
    at: /^tools\.fs\.workspaceOnly$/,
    to: 'tools.files',
    read: wordFor({ true: 'workspace', false: 'everywhere' }),
    can: 'the workspace or everywhere',
  },
  {
    at: /^tools\.elevated\.enabled$/,
    to: 'tools.elevated',
    read: wordFor({ true: 'owners', false: 'off' }),
    can: 'off, or for owners',
  },
]

const sectionsPath = (...names: readonly string[]): string => dottedPath(['sections', ...names])

/**
 * The reverse of `compileSections` for one setting: what the sections would have to say so that what was found is what is
 * declared. Whether they then come to that again is for whoever asks to see: by compiling it. Pure.
 */
export function saidInSections(setting: FoundSetting): SaidInSections {
  const [, section = '', ...names] = pathOfDotted(setting.declared) ?? []
  const value = valueAt(setting.found, ...setting.path)
  if (section === 'channels') return saidOfChannel(setting, names, value)
  if (isEqual(setting.path, ['tools', 'deny'])) return saidOfDenied(setting, value)
  if (section === 'flags' && setting.path.at(-1) === 'enabled') return saidOfFlag(names[0] ?? '', value)
  if (section === 'tools' && names[0] === 'judged') return saidOfTool(setting, names[1] ?? '', value)
  const dotted = dottedPath(setting.path)
  const reading = readings.find(({ at, to }) => at.test(dotted) && to.startsWith(`${section}.`))
  if (reading === undefined)
    return { why: `It follows from ${words(setting.declared)}, which says more than this one setting.` }
  if (value === undefined)
    return { why: `Nothing stands there, and ${words(`sections.${reading.to}`)} cannot say that nothing may.` }
  const read = reading.read(value)
  return read === null
    ? { why: `${shown(value)} has no word of ${words(`sections.${reading.to}`)}: it says ${reading.can}.` }
    : { set: { [`sections.${reading.to}`]: read } }
}

const words = (declared: string): string => declared.replace(/^sections\./, '')
const shown = (value: unknown): string =>
  untrusted(typeof value === 'string' && value !== '' ? value : JSON.stringify(value), 80)

/** Who may talk is a person's decision: of what was found, only that somebody may no longer, and on or off. */
function saidOfChannel(
  { path, version, sections }: FoundSetting,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): SaidInSections {
  const { channel, account } = doorOfKey(key)
  const own = path[0] === 'channels' && path[1] === channel
  const inside = path[2] === 'accounts' && path[3] === account ? path.slice(4) : path.slice(2)
  if (own && isEqual(inside, ['enabled']) && typeof value === 'boolean')
    return { set: { [sectionsPath('channels', key, 'enabled')]: value } }
  const isAllowed = own && isEqual(inside, shapeOf(channel, version)?.allow)
  if (isAllowed && rest[0] === 'people' && Array.isArray(value)) {
    const people = sections.channels?.[key]?.people ?? []
    const named = people.filter(({ handle }) => value.includes(spelled(channel, handle)))
    const handles = new Set(named.map(({ handle }) => spelled(channel, handle)))
    const stranger = value.find((handle) => !handles.has(handle as string))
    if (stranger !== undefined)
      return { why: `${shown(stranger)} is nobody of the team on ${channelName(channel)}. Name the person there.` }
    return { set: { [sectionsPath('channels', key, 'people')]: named } }
  }
  return {
    why: 'Who is answered is never taken over from a machine. Change it where the people are named: at the client, or in the layer.',
  }
}

/** Tools that are refused by the layers and are not there. */
function saidOfDenied({ declared, sections }: FoundSetting, value: unknown): SaidInSections {
  const { files, judged = {} } = sections.tools ?? {}
  const found = Array.isArray(value) ? value : []
  if (declared === 'sections.channels')
    return { why: 'A public channel refuses these tools, whoever else decides about them.' }
  if (files === 'off' && !found.includes('group:fs'))
    return { why: 'tools.files is off, which refuses group:fs. Change it there.' }
  const missing = Object.entries(judged).filter(
    ([name, { use, movesMoney }]) => (use === 'off' || use === 'ask' || movesMoney === true) && !found.includes(name),
  )
  const money = missing.find(([, { movesMoney }]) => movesMoney === true)
  if (money) return { why: `${money[0]} moves money, so it is never declared free.` }
  const entries = missing.map(([name]) => [sectionsPath('tools', 'judged', name, 'use'), 'free'])
  return entries.length === 0
    ? { why: 'No tool of the layers is missing on this list.' }
    : { set: Object.fromEntries(entries) }
}

/** A skill, a server of tools or a plugin that a judgement switched off. */
function saidOfTool({ path, sections }: FoundSetting, name: string, value: unknown): SaidInSections {
  if (path.at(-1) !== 'enabled' || value !== true)
    return { why: `It follows from tools.judged.${name}, which says more than this one setting.` }
  return sections.tools?.judged?.[name]?.movesMoney === true
    ? { why: `${name} moves money, so it is never declared free.` }
    : { set: { [sectionsPath('tools', 'judged', name, 'use')]: 'free' } }
}

const saidOfFlag = (name: string, value: unknown): SaidInSections =>
  typeof value === 'boolean'
    ? { set: { [sectionsPath('flags', name, 'on')]: value } }
    : { why: `Whether ${name} is on does not stand there.` }
