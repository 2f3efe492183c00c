import type { ObservedIntegration } from '../observed.ts'
import { isSettings, type Settings, settingsAt, textAt, valueAt } from './settings.ts'

type IntegrationKind = ObservedIntegration['kind']

/** What a name is about, and how the thing is called. */
export interface Named {
  readonly kind: IntegrationKind
  readonly name: string
}

/** One use of an integration: when, and whether it worked. What was asked and answered stays where it was. */
export interface Use extends Named {
  readonly atMs: number
  readonly ok: boolean
  readonly failure: string
}

/** An integration that the config or a folder of skills names. */
export interface SetUp extends Named {
  readonly because: string
}

/** Words in the name of a plugin, skill, tool or server, in the order they are looked for. */
const kindWords: readonly (readonly [IntegrationKind, readonly string[]])[] = [
  [
    'crm',
    [
      'hubspot',
      'salesforce',
      'pipedrive',
      'followupboss',
      'follow-up-boss',
      'zoho',
      'attio',
      'jobber',
      'servicetitan',
      'housecall',
      'jobnimbus',
      'buildium',
      'appfolio',
      'kvcore',
      'highlevel',
      'wealthbox',
      'redtail',
      'crm',
    ],
  ],
  ['calendar', ['calendar', 'gcal', 'gcalcli', 'caldav', 'khal', 'calendly', 'icalbuddy', 'booking']],
  [
    'email',
    [
      'imap',
      'smtp',
      'gmail',
      'outlook',
      'himalaya',
      'fastmail',
      'sendgrid',
      'postmark',
      'mailgun',
      'resend',
      'email',
      'mail',
      'inbox',
    ],
  ],
  [
    'other',
    [
      'notion',
      'trello',
      'airtable',
      'stripe',
      'quickbooks',
      'xero',
      'twilio',
      'docusign',
      'dropbox',
      'onedrive',
      'drive',
      'sheets',
      'contacts',
      'asana',
      'reminders',
      'zapier',
    ],
  ],
]

/** The integration a name is about; null for one of the runtime's own. Whole words only: `mailbox` is no `mail`. */
export function named(name: string): Named | null {
  const words = `-${name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')}-`
  for (const [kind, known] of kindWords) {
    const found = known.find((word) => words.includes(`-${word}-`))
    if (found !== undefined) return { kind, name: found }
  }
  return null
}

/** The integration a tool belongs to: by the server's name of `mcp__SERVER__TOOL`, else by its own. */
export function ofTool(tool: string): Named | null {
  const [, server, rest = ''] = /^mcp__(.+?)__(.*)$/.exec(tool) ?? []
  if (server === undefined) return named(tool)
  const found = named(server) ?? named(rest)
  return found === null ? null : { ...found, name: server.slice(0, 60) }
}

/** Programs that are integrations, by the word after their name where it tells them apart. */
const programs: Record<string, (word: string) => IntegrationKind> = {
  gog: (word) => (/^(gmail|mail)/.test(word) ? 'email' : /^cal/.test(word) ? 'calendar' : 'other'),
  himalaya: () => 'email',
  khal: () => 'calendar',
  gcalcli: () => 'calendar',
  icalbuddy: () => 'calendar',
  hubspot: () => 'crm',
  sf: () => 'crm',
  fub: () => 'crm',
}

/** The integrations whose programs a shell command starts. Only the first two words of each part are looked at. */
export function ofCommand(command: string): Named[] {
  const found = command.split(/[\n;|&]+/).flatMap((part): Named[] => {
    const words = part
      .trim()
      .split(/\s+/)
      .filter((word) => !/^(\w+=|sudo$|env$|command$|time$)/.test(word))
    const program = (words[0] ?? '')
      .replace(/^.*[\\/]/, '')
      .replace(/\.(exe|cmd)$/i, '')
      .toLowerCase()
    const kindOf = Object.hasOwn(programs, program) ? programs[program] : undefined
    return kindOf === undefined ? [] : [{ kind: kindOf(words[1] ?? ''), name: program }]
  })
  return found.filter((use, at) => found.findIndex((other) => keyOf(other) === keyOf(use)) === at)
}

const keyOf = ({ kind, name }: Named): string => `${kind}/${name}`

/** Why something failed, in our words: what a service answered may quote what somebody wrote. */
export function failureWords(text: string): string {
  const told: readonly (readonly [RegExp, string])[] = [
    [
      /\b401\b|unauthori[sz]ed|invalid[_ ](grant|credentials|token|api key)|authenticat|reauth|expired|login failed/i,
      'its login was refused',
    ],
    [/\b403\b|forbidden|permission|insufficient scope/i, 'it may not do that'],
    [/\b429\b|rate.?limit|quota/i, 'it was asked too often'],
    [/ENOTFOUND|EAI_AGAIN|name resolution|unknown host/i, 'the name of its server was not found'],
    [
      /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|connection (refused|reset|closed)|socket/i,
      'its server could not be reached',
    ],
    [/timed? ?out|ETIMEDOUT|deadline/i, 'it took too long'],
    [/command not found|not recognized|ENOENT|no such file|exit(ed)? (with )?(code )?127/i, 'its program is not there'],
    [/\b404\b|not found/i, 'what it was asked for is not there'],
    [/\b5\d\d\b|internal server error|bad gateway|unavailable/i, 'its server failed'],
  ]
  return told.find(([pattern]) => pattern.test(text))?.[1] ?? 'it failed'
}

const nameOf = (name: string): string => name.slice(0, 60)

/** What the config says is set up. A switched-off entry is not. */
export function setUpIn(settings: Settings): SetUp[] {
  const isOn = (entry: unknown): boolean => !(isSettings(entry) && entry.enabled === false)
  const entriesOf = (...path: string[]) =>
    Object.entries(settingsAt(settings, ...path)).filter(([, entry]) => isOn(entry))
  const plugins = entriesOf('plugins', 'entries').flatMap(([id, entry]): SetUp[] => {
    const found = named(id)
    if (found === null) return []
    const accounts = Object.keys(settingsAt(entry, 'config', 'accounts'))
    const because = `plugins.entries.${nameOf(id)}`
    return accounts.length > 0
      ? accounts.slice(0, 10).map((account) => ({ ...found, name: nameOf(`${found.name} ${account}`), because }))
      : [{ ...found, name: nameOf(id), because }]
  })
  const skills = entriesOf('skills', 'entries').flatMap(([id]): SetUp[] =>
    skillNamed(id, `skills.entries.${nameOf(id)}`),
  )
  const servers = entriesOf('mcp', 'servers').map(
    ([id]): SetUp => ({ kind: named(id)?.kind ?? 'other', name: nameOf(id), because: `mcp.servers.${nameOf(id)}` }),
  )
  const presets = valueAt(settings, 'hooks', 'presets')
  const gmail =
    textAt(settings, 'hooks', 'gmail', 'account') !== '' || (Array.isArray(presets) && presets.includes('gmail'))
  const hooks: SetUp[] =
    gmail && valueAt(settings, 'hooks', 'enabled') !== false
      ? [{ kind: 'email', name: 'gmail', because: 'hooks.gmail' }]
      : []
  return [...plugins, ...skills, ...servers, ...hooks]
}

/** A skill that is an integration. `gog` is several; its calendar is what a client misses first. */
export function skillNamed(id: string, because: string): SetUp[] {
  if (id === 'gog') return [{ kind: 'calendar', name: 'gog', because }]
  const found = named(id)
  return found === null ? [] : [{ ...found, name: nameOf(id), because }]
}

/**
 * Every integration that is set up or was used, with its last proof and its last failure.
 *
 * @param cannotTell why there may be no proof of one that works; empty when there would be one.
 */
export function summarizeUses(
  setUp: readonly SetUp[],
  uses: readonly Use[],
  cannotTell: string,
): ObservedIntegration[] {
  const names = new Map<string, Named & { because: string }>()
  for (const entry of setUp) if (!names.has(keyOf(entry))) names.set(keyOf(entry), entry)
  for (const use of uses) if (!names.has(keyOf(use))) names.set(keyOf(use), { ...use, because: 'its uses' })
  return [...names].map(([key, { kind, name, because }]) => {
    const own = uses.filter((use) => keyOf(use) === key)
    const newest = (ok: boolean): Use | undefined =>
      own.filter((use) => use.ok === ok).reduce<Use | undefined>((a, b) => (a && a.atMs >= b.atMs ? a : b), undefined)
    const [worked, failed] = [newest(true), newest(false)]
    return {
      kind,
      name,
      because,
      workedAtMs: worked?.atMs ?? null,
      failedAtMs: failed?.atMs ?? null,
      failure: failed?.failure ?? '',
      failuresSince: own.filter((use) => !use.ok && use.atMs > (worked?.atMs ?? 0)).length,
      cannotTell: own.length > 0 ? '' : cannotTell,
    }
  })
}
