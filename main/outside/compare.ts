import type { DiffLine } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { counted } from '../base/words.ts'
import { comparedAccess } from './compare-access.ts'
import { comparedKeys, comparedLoginKeys, comparedTools, comparedUsers } from './compare-people.ts'
import { diffLines } from './diff-lines.ts'
import { diffSettings } from './diff-settings.ts'
import { type Difference, named } from './difference.ts'
import type { ConfigValue, PartName, PartValues } from './parts.ts'

export const settingsWords = (diff: readonly DiffLine[]): string =>
  `${counted(diff.length, 'setting')} changed: ${named(diff.map(({ path }) => path))}`

function comparedConfig(before: ConfigValue, after: ConfigValue): Difference | null {
  const base = { part: 'config', weight: 'attention' } as const
  if (after.brokenSha256 !== '')
    return after.brokenSha256 === before.brokenSha256
      ? null
      : { ...base, sentence: 'Its config was edited and cannot be read as settings now', diff: [] }
  if (before.fingerprint === after.fingerprint) return null
  if (before.settings === null || after.settings === null)
    return { ...base, sentence: 'Its config changed; it is too large to tell what', diff: [] }
  const diff = diffSettings(before.settings, after.settings)
  return { ...base, diff, sentence: diff.length === 0 ? 'Its config changed' : settingsWords(diff) }
}

type Code = PartValues['code']
const changedField = (path: string, before: string, after: string): DiffLine[] =>
  before === after ? [] : [{ path, before: untrusted(before) || null, after: untrusted(after) || null }]

function comparedCode(before: Code, after: Code): Difference | null {
  const diff = [
    ...changedField('version', before.version, after.version),
    ...changedField('commit', before.commit.slice(0, 12), after.commit.slice(0, 12)),
    ...changedField('branch', before.branch, after.branch),
    ...changedField('installed as', before.kind, after.kind),
    ...changedField('installed at', before.root, after.root),
  ]
  const [first] = diff
  if (!first) return null
  const from = first.before === null ? '' : ` ${first.before}`
  return {
    part: 'code',
    weight: 'attention',
    sentence: `Its code: ${first.path}${from} → ${first.after ?? 'none'}`,
    diff,
  }
}

function comparedPatches(before: readonly string[], after: readonly string[]): Difference | null {
  const added = after.filter((file) => !before.includes(file))
  const gone = before.filter((file) => !after.includes(file))
  const files = [...added, ...gone].map((file) => untrusted(file, 300))
  if (files.length === 0) return null
  return {
    part: 'code',
    weight: 'attention',
    sentence:
      added.length > 0
        ? `${counted(added.length, 'file')} of its code edited: ${named(files)}`
        : `${counted(gone.length, 'file')} of its code as shipped again: ${named(files)}`,
    diff: [
      ...added.map((file) => ({ path: untrusted(file, 300), before: 'as shipped', after: 'edited' })),
      ...gone.map((file) => ({ path: untrusted(file, 300), before: 'edited', after: 'as shipped' })),
    ],
  }
}

type OwnFiles = PartValues['own-files']
function comparedFiles(before: OwnFiles, after: OwnFiles): Difference | null {
  if (before.digest === after.digest && before.total === after.total) return null
  const hashes = (value: OwnFiles) => new Map(value.files.map(({ path, sha256 }) => [path, sha256]))
  const [one, other] = [hashes(before), hashes(after)]
  const diff = [...new Set([...one.keys(), ...other.keys()])]
    .filter((path) => one.get(path) !== other.get(path))
    .map((path) => ({
      path: untrusted(path, 300),
      before: one.get(path)?.slice(0, 12) ?? null,
      after: other.get(path)?.slice(0, 12) ?? null,
    }))
  return {
    part: 'own-files',
    weight: 'attention',
    sentence:
      diff.length === 0
        ? 'Files of its workspace changed, beyond the first 300'
        : `${counted(diff.length, 'file')} of its workspace changed: ${named(diff.map(({ path }) => path))}`,
    diff,
  }
}

type Service = PartValues['service']
function comparedService(before: Service, after: Service): Difference | null {
  const diff = [...changedField('file', before.file, after.file), ...diffLines(before.lines, after.lines)]
  if (diff.length === 0) return null
  const sentence =
    before.file === ''
      ? `A new service file starts it: ${untrusted(after.file, 300)}`
      : after.file === ''
        ? 'Its service file is gone: nothing would start it again'
        : 'Its service file changed'
  return { part: 'service', weight: 'attention', sentence, diff }
}

const compared: { [P in PartName]: (before: PartValues[P], after: PartValues[P]) => Difference | null } = {
  config: comparedConfig,
  access: comparedAccess,
  code: comparedCode,
  patches: comparedPatches,
  'own-files': comparedFiles,
  service: comparedService,
  'authorized-keys': comparedKeys,
  'login-keys': comparedLoginKeys,
  users: comparedUsers,
  'remote-tools': comparedTools,
}

/** How a part differs from how it read last; null: not in a way that says anything. Pure. */
export const compare = <P extends PartName>(part: P, before: PartValues[P], after: PartValues[P]): Difference | null =>
  compared[part](before, after)

/**
 * What is kept of a part for the next comparison: where a piece could not be read this time, how it read before stands.
 * Pure.
 */
export function kept<P extends PartName>(part: P, before: PartValues[P], after: PartValues[P]): PartValues[P] {
  if (part === 'config') {
    const [one, other] = [before as ConfigValue, after as ConfigValue]
    return (other.brokenSha256 === '' ? other : { ...one, brokenSha256: other.brokenSha256 }) as PartValues[P]
  }
  if (part === 'authorized-keys') {
    const [one, other] = [before as PartValues['authorized-keys'], after as PartValues['authorized-keys']]
    if (one.login !== other.login) return after
    const missed = other.everyone ? {} : one.files
    const files = Object.entries(other.files).map(([file, found]) => [
      file,
      found.keys === null && one.files[file]?.user === found.user ? one.files[file] : found,
    ])
    const all = { ...missed, ...Object.fromEntries(files) } as typeof other.files
    return { ...other, everyone: one.everyone || other.everyone, files: all } as PartValues[P]
  }
  if (part === 'remote-tools') {
    const [one, other] = [before as PartValues['remote-tools'], after as PartValues['remote-tools']]
    if (other.sawProcesses) return after
    const onlyRan = one.tools.filter(({ name, path }) => path === '' && !other.tools.some((tool) => tool.name === name))
    return {
      sawProcesses: one.sawProcesses,
      tools: [...other.tools, ...onlyRan],
    } as PartValues['remote-tools'] as PartValues[P]
  }
  return after
}
