import * as z from 'zod'
import type { AgentId, BoxId, FolderId } from '../../shared/contract/index.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { ObservedAgent, ObservedFolder, type ObservedGit } from '../runtimes/observed.ts'
import type { BranchRows } from './branch-rows.ts'
import type { FactRows } from './rows.ts'

/** An install as the newest answer of its box showed it, kept so that it can be judged again when more is known. */
export interface KeptInstall {
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly atMs: number
  readonly install: ObservedAgent['install']
  readonly nodeVersion: string
  readonly ownCode: ObservedAgent['ownCode']
}

/** A tracked folder, the same way. */
export interface KeptFolder {
  readonly folderId: FolderId
  readonly boxId: BoxId
  readonly agentId: AgentId | null
  readonly atMs: number
  readonly root: string
  readonly git: ObservedFolder['git']
}

/** A checkout on a box, of the runtime or of own code. */
export interface Checkout {
  readonly boxId: BoxId
  readonly root: string
  readonly git: ObservedGit
}

const Install = ObservedAgent.pick({ install: true, ownCode: true }).extend({ nodeVersion: z.string() })
const Folder = ObservedFolder.pick({ root: true, git: true })

/** What was kept by a version that wrote it otherwise is left out: the next sweep writes it anew. */
export function keptInstalls(rows: FactRows): KeptInstall[] {
  return rows.installs().flatMap(({ observed, ...of }) => {
    const kept = Install.safeParse(observed)
    return kept.success ? [{ ...of, ...kept.data }] : []
  })
}

export function keptFolders(rows: BranchRows): KeptFolder[] {
  return rows.checkouts().flatMap(({ observed, ...of }) => {
    const kept = Folder.safeParse(observed)
    return kept.success ? [{ ...of, ...kept.data }] : []
  })
}

export const checkoutsOf = (installs: readonly KeptInstall[], folders: readonly KeptFolder[]): Checkout[] => [
  ...installs.flatMap(({ boxId, install }) =>
    install.read && install.value.git?.read ? [{ boxId, root: install.value.root, git: install.value.git.value }] : [],
  ),
  ...folders.flatMap(({ boxId, root, git }) => (git.read ? [{ boxId, root, git: git.value }] : [])),
]

/** A box that is this very computer: what it calls a folder or localhost is the same here. */
export const isThisComputer = ({ host, hops }: Pick<StoredBox, 'host' | 'hops'>): boolean =>
  hops.length === 0 && /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(host)
