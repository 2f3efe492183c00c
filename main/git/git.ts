import type { Clock } from '../base/clock.ts'
import type { RemoteAddress } from './address.ts'
import { askRemote, type RemoteAnswer } from './ask-remote.ts'
import { countInReference, type Reference, readReference } from './read-reference.ts'

export { isBranch, type RemoteAddress, readAddress } from './address.ts'

/** git on the operator's own computer: checkouts to measure by, and remotes that are asked. Nothing is written or fetched. */
export interface OperatorGit {
  readReference(path: string, signal?: AbortSignal): Promise<Reference>
  /** Null where that checkout does not hold both commits. */
  count(path: string, commits: { from: string; to: string }, signal?: AbortSignal): Promise<number | null>
  askRemote(address: RemoteAddress, branch: string, signal?: AbortSignal): Promise<RemoteAnswer>
}

/** Remotes are asked from the root folder, which is in no checkout. */
export function createOperatorGit({ clock, homeDir }: { clock: Clock; homeDir: string }): OperatorGit {
  const [root] = /^([A-Za-z]:\\|\/)/.exec(homeDir) ?? ['/']
  return {
    readReference: (path, signal) => readReference(path, { clock, homeDir, signal }),
    count: (path, commits, signal) => countInReference(path, commits, { clock, homeDir, signal }),
    askRemote: (address, branch, signal) =>
      askRemote(address, branch, { clock, folder: root, ...(signal ? { signal } : {}) }),
  }
}
