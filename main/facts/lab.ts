import type { BoxId } from '../../shared/contract/index.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { compareVersions } from './version-list.ts'

/** The operator's own machine, which gets everything first and which the others are measured by. */
export interface Lab {
  readonly boxId: BoxId
  readonly boxName: string
  readonly version: string
  /** What it runs from: the commit checked out there, or the one its package was built of; null: not said. */
  readonly commit: string | null
  readonly committedAtMs: number | null
  readonly needsNode: string
}

const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** The lab machine as one of its agents shows it; null where the install cannot be read. */
export function labOf(box: { boxId: BoxId; name: string }, install: ObservedAgent['install']): Lab | null {
  if (!install.read || install.value.version === '') return null
  const { version, needsNode, git, builtCommit } = install.value
  const commit = git?.read ? git.value.commit : builtCommit
  return {
    boxId: box.boxId,
    boxName: box.name,
    version,
    commit: commit !== null && commitName.test(commit) ? commit : null,
    committedAtMs: git?.read ? git.value.committedAtMs : null,
    needsNode,
  }
}

/** Of several, the one that is furthest. */
export const furthest = (labs: readonly Lab[]): Lab | null =>
  labs.toSorted(
    (a, b) => compareVersions(b.version, a.version) || (b.committedAtMs ?? 0) - (a.committedAtMs ?? 0),
  )[0] ?? null

/** Do two say the same to those who are measured by them? */
export const sameLab = (a: Lab | null, b: Lab | null): boolean =>
  a?.version === b?.version && a?.commit === b?.commit && a?.boxName === b?.boxName && a?.needsNode === b?.needsNode
