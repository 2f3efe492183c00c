import { createHash } from 'node:crypto'
import type { AgentId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { cleaned } from '../base/cleaned.ts'
import type { Landed } from '../facts/facts.ts'
import type { ObservedAgent, ObservedPeople } from '../runtimes/observed.ts'

type Value<R> = Extract<R, { read: true }> extends { value: infer T } ? T : never
type Settings = Record<string, unknown>

export interface ConfigValue {
  readonly fingerprint: string
  /** Without the runtime's own stamps; null: too large to keep. */
  readonly settings: Settings | null
  /** SHA-256 of a file that cannot be read as settings; empty: it can. */
  readonly brokenSha256: string
}

export interface Door {
  readonly name: string
  readonly enabled: boolean
  readonly direct: string
  readonly listed: readonly string[]
  readonly listedTotal: number
  readonly groups: string
  readonly chatMayChangeConfig: boolean | null
}

/** Null: that file could not be read. */
type KeyFile = Pick<Value<ObservedPeople['authorizedKeys'][number]['keys']>, 'list' | 'total' | 'digest'> | null

/** How each part reads, as far as a difference in it says something. */
export interface PartValues {
  config: ConfigValue
  access: readonly Door[]
  code: { kind: string; root: string; version: string; commit: string; branch: string }
  patches: readonly string[]
  'own-files': Omit<Value<ObservedAgent['ownFiles']>, 'modifiedAtMs'>
  service: { file: string; lines: readonly string[] }
  /** `everyone`: the users were known, so a file that is not in it is nobody's. */
  'authorized-keys': {
    login: string
    everyone: boolean
    files: Readonly<Record<string, { user: string; keys: KeyFile }>>
  }
  'login-keys': readonly { name: string; type: string; fingerprint: string; comment: string }[]
  users: readonly { name: string; uid: number; isAdmin: boolean }[]
  'remote-tools': {
    sawProcesses: boolean
    tools: readonly { name: string; kind: string; path: string; running: boolean | null }[]
  }
}
export type PartName = keyof PartValues

export interface Reading<P extends PartName> {
  /** Null: about the machine. */
  readonly agentId: AgentId | null
  readonly part: P
  /** Equal hashes: nothing changed, and the value need not be looked at. */
  readonly hash: string
  readonly value: () => PartValues[P]
  /** When the file behind it was last written, the box's own clock; null: it does not say. */
  readonly changedAtMs: number | null
  /** Owner of that file; null: not known, or it says nothing. */
  readonly ownerUid: number | null
}
export type PartReading = { [P in PartName]: Reading<P> }[PartName]

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

function reading<P extends PartName>(
  agentId: AgentId | null,
  part: P,
  value: PartValues[P],
  changedAtMs: number | null = null,
  ownerUid: number | null = null,
): Reading<P> {
  const clean = cleaned(value)
  return { agentId, part, hash: hashOf(clean), value: () => clean, changedAtMs, ownerUid }
}

/** What the runtime rewrites by itself (openclaw.md §11). */
const ownStamps = new Set(['meta', 'wizard'])

function settingsOf(redacted: string): Settings | null {
  try {
    const parsed: unknown = JSON.parse(redacted)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
    return cleanNames(Object.fromEntries(Object.entries(parsed).filter(([name]) => !ownStamps.has(name)))) as Settings
  } catch {
    return null
  }
}

/** Deeper than any config. What a box nests further would end the engine, and is left out. */
const deepest = 60

/** The names of settings are a box's own words too. */
function cleanNames(value: unknown, depth = 0): unknown {
  if (depth > deepest) return '…'
  if (typeof value === 'string') return untrusted(value, value.length)
  if (Array.isArray(value)) return value.map((entry) => cleanNames(entry, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [untrusted(name), cleanNames(inner, depth + 1)]),
  )
}

function configOf(agentId: AgentId, { config }: ObservedAgent): Reading<'config'>[] {
  if (!config.read) return []
  const { fingerprint, parses, redacted, sha256, modifiedAtMs } = config.value
  const brokenSha256 = parses ? '' : sha256
  return [
    {
      agentId,
      part: 'config',
      hash: hashOf([parses ? fingerprint : '', brokenSha256]),
      value: () => ({
        fingerprint: parses ? cleaned(fingerprint) : '',
        settings: parses ? settingsOf(redacted) : null,
        brokenSha256: cleaned(brokenSha256),
      }),
      changedAtMs: modifiedAtMs,
      ownerUid: null,
    },
  ]
}

const doorsOf = (agentId: AgentId, { doors }: ObservedAgent): Reading<'access'>[] =>
  doors.read
    ? [
        reading(
          agentId,
          'access',
          doors.value.map(
            ({ channel, account, enabled, direct, listed, listedTotal, groups, chatMayChangeConfig }) => ({
              name: `${channel}/${account}`,
              enabled,
              direct,
              listed: listed.toSorted(),
              listedTotal,
              groups,
              chatMayChangeConfig,
            }),
          ),
        ),
      ]
    : []

function codeOf(agentId: AgentId, { install, patchedFiles }: ObservedAgent): PartReading[] {
  const patches = patchedFiles.read ? [reading(agentId, 'patches', patchedFiles.value.files.toSorted())] : []
  if (!install.read) return patches
  const { kind, root, version, git, installedAtMs } = install.value
  if (git !== null && !git.read) return patches
  const { commit = '', branch = '' } = git?.value ?? {}
  return [reading(agentId, 'code', { kind, root, version, commit, branch }, installedAtMs), ...patches]
}

/** A mode is none of a content, and programs of before do not say it. */
const contentsOf = (files: PartValues['own-files']['files']): PartValues['own-files']['files'] =>
  files.map(({ path, sha256 }) => ({ path, sha256 }))

function filesOf(agentId: AgentId, { unit, ownFiles }: ObservedAgent): PartReading[] {
  const own = ownFiles.read ? ownFiles.value : null
  return [
    ...(unit.read
      ? [
          reading(
            agentId,
            'service',
            { file: unit.value.file, lines: unit.value.text === '' ? [] : unit.value.text.trimEnd().split(/\r?\n/) },
            unit.value.modifiedAtMs,
            unit.value.file === '' ? null : unit.value.ownerUid,
          ),
        ]
      : []),
    ...(own
      ? [
          reading(
            agentId,
            'own-files',
            { files: contentsOf(own.files), total: own.total, digest: own.digest },
            own.modifiedAtMs,
          ),
        ]
      : []),
  ]
}

function keysOf(people: ObservedPeople, login: string): Reading<'authorized-keys'> {
  const files = people.authorizedKeys.map(({ file, user, keys }) => {
    const kept = keys.read ? { list: keys.value.list, total: keys.value.total, digest: keys.value.digest } : null
    return [cleaned(file), { user, keys: kept }] as const
  })
  const readFiles = people.authorizedKeys.flatMap(({ keys }) => (keys.read ? [keys.value] : []))
  const newest = readFiles
    .filter(({ modifiedAtMs }) => modifiedAtMs !== null)
    .toSorted((a, b) => (b.modifiedAtMs ?? 0) - (a.modifiedAtMs ?? 0))[0]
  return reading(
    null,
    'authorized-keys',
    { login, everyone: people.users.read, files: Object.fromEntries(files) },
    newest?.modifiedAtMs ?? null,
    newest?.ownerUid ?? null,
  )
}

function peopleOf(people: ObservedPeople | null, login: string): PartReading[] {
  if (people === null) return []
  const { users, loginKeys, remoteTools } = people
  return [
    keysOf(people, login),
    ...(users.read
      ? [
          reading(
            null,
            'users',
            users.value.list.map(({ name, uid, isAdmin }) => ({ name, uid, isAdmin })),
            users.value.modifiedAtMs,
          ),
        ]
      : []),
    ...(loginKeys.read
      ? [
          reading(
            null,
            'login-keys',
            loginKeys.value.map(({ name, type, fingerprint, comment }) => ({ name, type, fingerprint, comment })),
            newestOf(loginKeys.value),
          ),
        ]
      : []),
    ...(remoteTools.read
      ? [
          reading(
            null,
            'remote-tools',
            {
              sawProcesses: remoteTools.value.sawProcesses,
              tools: remoteTools.value.tools.map(({ name, kind, path, running }) => ({ name, kind, path, running })),
            },
            newestOf(remoteTools.value.tools),
          ),
        ]
      : []),
  ]
}

const newestOf = (items: readonly { modifiedAtMs: number | null }[]): number | null =>
  items.reduce<number | null>(
    (newest, { modifiedAtMs }) => (modifiedAtMs !== null && modifiedAtMs > (newest ?? 0) ? modifiedAtMs : newest),
    null,
  )

/** Every part of an answer that could be read. What could not be read is left out: that is not a change. Pure. */
export const partsOf = ({ agents, observed }: Pick<Landed, 'agents' | 'observed'>): PartReading[] => [
  ...agents.flatMap(({ agentId, agent }) => [
    ...configOf(agentId, agent),
    ...doorsOf(agentId, agent),
    ...codeOf(agentId, agent),
    ...filesOf(agentId, agent),
  ]),
  ...peopleOf(observed.people, observed.machine.user),
]
