import * as z from 'zod'
import { untrusted } from '../../shared/untrusted.ts'
import type { Observed, ObservedAgent, ObservedGit, Read } from '../runtimes/observed.ts'
import { isSettings, type Settings } from '../runtimes/runtimes.ts'

const Checkout = z.object({
  commit: z.string(),
  /** Commits that its remote does not have; null: not told. */
  ahead: z.number().int().nullable(),
  /** Files that differ from the commit, new ones included; null: not told. */
  dirty: z.number().int().nullable(),
})
type Checkout = z.infer<typeof Checkout>

/** What of an agent a patch could carry. `why`: it was not read. Names and values are a box's own words; nothing here is believed. */
export const SnapshotContent = z.object({
  runtime: z.union([
    z.object({ kind: z.enum(['package', 'git', 'unknown']), version: z.string(), checkout: Checkout.nullable() }),
    z.object({ why: z.string() }),
  ]),
  settings: z.union([
    z.object({ values: z.custom<Settings>((value) => isSettings(value)) }),
    z.object({ why: z.string() }),
  ]),
  files: z.union([
    z.object({
      list: z.array(z.object({ path: z.string(), sha256: z.string(), mode: z.number().int().nullable() })),
      /** More than are listed: those after the last one were not told. */
      total: z.number().int(),
    }),
    z.object({ why: z.string() }),
  ]),
  /** Folders the operator tracks, by the name they had then. */
  folders: z.array(
    z.object({ name: z.string(), root: z.string(), git: z.union([Checkout, z.object({ why: z.string() })]) }),
  ),
})
export type SnapshotContent = z.infer<typeof SnapshotContent>

/** Deeper than any config; what a box nests further would end the engine. */
const deepest = 40

function isTooDeep(value: unknown, depth = 0): boolean {
  if (depth > deepest) return true
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((inner) => isTooDeep(inner, depth + 1))
  )
}

function settingsOf({ config }: ObservedAgent): SnapshotContent['settings'] {
  if (!config.read) return { why: untrusted(config.why) }
  const { parses, problem, redacted } = config.value
  if (!parses) return { why: `it cannot be read as settings: ${untrusted(problem)}` }
  if (redacted === '') return { why: 'it is too large to be told' }
  try {
    const values: unknown = JSON.parse(redacted)
    if (!isSettings(values)) return { why: 'it holds no settings' }
    return isTooDeep(values) ? { why: 'it is nested deeper than any config' } : { values }
  } catch {
    return { why: 'what the machine answered is no JSON' }
  }
}

const checkoutOf = ({ commit, ahead, dirtyFiles, newFiles }: ObservedGit): Checkout => ({
  commit: untrusted(commit, 64),
  ahead,
  dirty: dirtyFiles === null ? null : dirtyFiles + (newFiles ?? 0),
})

function runtimeOf({ install }: ObservedAgent): SnapshotContent['runtime'] {
  if (!install.read) return { why: untrusted(install.why) }
  const { kind, version, git } = install.value
  return { kind, version: untrusted(version, 60), checkout: git?.read ? checkoutOf(git.value) : null }
}

const gitOf = (git: Read<ObservedGit>): SnapshotContent['folders'][number]['git'] =>
  git.read ? checkoutOf(git.value) : { why: untrusted(git.why) }

/**
 * What a patch could carry of one agent, out of a whole answer of its machine. Pure.
 * @param nameOf what the operator calls a tracked folder by the id that was asked for; null: no such folder.
 */
export function contentOf(
  agent: ObservedAgent,
  { folders }: Pick<Observed, 'folders'>,
  nameOf: (folderId: string) => string | null,
): SnapshotContent {
  const { ownFiles } = agent
  return {
    runtime: runtimeOf(agent),
    settings: settingsOf(agent),
    files: ownFiles.read
      ? {
          list: ownFiles.value.files.map(({ path, sha256, mode }) => ({ path, sha256, mode: mode ?? null })),
          total: ownFiles.value.total,
        }
      : { why: untrusted(ownFiles.why) },
    folders: folders.flatMap(({ id, root, git }) => {
      const name = nameOf(id)
      return name === null ? [] : [{ name, root: untrusted(root, 4000), git: gitOf(git) }]
    }),
  }
}

/** How many values settings have. Pure. */
export const countValues = (value: unknown): number =>
  isSettings(value) ? Object.values(value).reduce<number>((sum, inner) => sum + countValues(inner), 0) : 1
