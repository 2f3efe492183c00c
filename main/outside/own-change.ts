import type { AgentId, DiffLine } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'
import { settingsWords } from './compare.ts'
import { settingPath } from './diff-settings.ts'
import { named } from './difference.ts'
import type { Found } from './judge-update.ts'

/** A change of one agent that this console made. */
export interface OwnChange {
  readonly agentId: AgentId
  /** SHA-256 of the config that it left on the machine; null: not known, as after a channel was stopped. */
  readonly sha256: string | null
  readonly paths: readonly (readonly string[])[]
  /** It ran commands of its own, which may have written any setting. Absent: it did not. */
  readonly ranCommands?: boolean
  /** Null: it was removed. */
  readonly files: readonly { readonly path: string; readonly sha256: string | null }[]
  /** Of the runtime that it left there; null: it did not touch it. */
  readonly version: string | null
}

/**
 * Leaves out what this console did itself: settings it changed, while the config is still the one it left, channels it
 * turned off, files it carried with the content that lies there. What somebody else changed besides stays. Pure.
 * @param sha256Of of an agent's config now; null: not read.
 */
export function withoutOwn(
  found: readonly Found[],
  made: readonly OwnChange[],
  sha256Of: (agentId: AgentId) => string | null,
): Found[] {
  const ours = new Set<AgentId>()
  const rest = found.flatMap((each): Found[] => {
    const { agentId, name, difference } = each
    const own = agentId === null ? [] : made.filter((change) => change.agentId === agentId)
    if (agentId === null || own.length === 0 || difference.diff.length === 0) return [each]
    if (name === 'code' && isOwnVersion(own, difference.diff)) return []
    if (name !== 'config' && name !== 'own-files') return [each]
    const isOwn = name === 'config' ? ownSettings(own, sha256Of(agentId)) : ownFiles(own)
    const diff = difference.diff.filter((line) => !isOwn(line))
    if (diff.length === difference.diff.length) return [each]
    if (diff.length > 0) return [{ ...each, difference: { ...difference, diff, sentence: sentences[name](diff) } }]
    if (name === 'config') ours.add(agentId)
    return []
  })
  return rest.filter(({ agentId, name }) => name !== 'access' || agentId === null || !ours.has(agentId))
}

const sentences = {
  config: settingsWords,
  'own-files': (diff: readonly DiffLine[]) =>
    `${counted(diff.length, 'file')} of its workspace changed: ${named(diff.map(({ path }) => path))}`,
}

function ownSettings(own: readonly OwnChange[], sha256: string | null): (line: DiffLine) => boolean {
  const pathsOf = (changes: readonly OwnChange[]) => new Set(changes.flatMap(({ paths }) => paths.map(settingPath)))
  const isAsLeft = own.some((change) => change.sha256 !== null && change.sha256 === sha256)
  const all = pathsOf(isAsLeft ? own : [])
  // All of a config that is still as it left it.
  const isWhole = own.some(({ sha256: left, ranCommands }) => ranCommands === true && left !== null && left === sha256)
  const off = pathsOf(own.filter((change) => change.sha256 === null))
  const within = (paths: ReadonlySet<string>, path: string) =>
    paths.has(path) || [...paths].some((each) => path.startsWith(`${each}.`) || path.startsWith(`${each}[`))
  return ({ path, after }) => isWhole || within(all, path) || (off.has(path) && after === 'false')
}

/** A version that this console brought, with whatever of the package came with it. */
const isOwnVersion = (own: readonly OwnChange[], diff: readonly DiffLine[]): boolean =>
  diff.some(({ path, after }) => path === 'version' && own.some(({ version }) => version !== null && version === after))

function ownFiles(own: readonly OwnChange[]): (line: DiffLine) => boolean {
  const files = own.flatMap((change) => change.files)
  return ({ path, after }) => files.some((file) => file.path === path && (file.sha256?.slice(0, 12) ?? null) === after)
}
