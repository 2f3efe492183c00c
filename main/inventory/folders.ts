import type { BoxId, FolderId, TrackedFolder } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Db } from '../store/store.ts'
import { nameProblem } from './check.ts'
import type { Recorder, Undone } from './record.ts'
import { type agentRows, type boxRows, folderRows } from './rows.ts'

/** Checkouts on machines that hold the operator's own code. */
export interface Folders {
  folders(query: { boxId?: BoxId | undefined }): TrackedFolder[]
  /** @throws FaultError `not-found`; `already-exists` for a name of the same machine; `invalid-input`. */
  saveFolder(
    input: Omit<TrackedFolder, 'folderId'> & { folderId?: FolderId | undefined },
  ): Undone<{ folder: TrackedFolder }>
  removeFolder(input: { folderId: FolderId }): Undone<object>
}

interface Parts {
  readonly db: Db
  readonly boxes: ReturnType<typeof boxRows>
  readonly agents: ReturnType<typeof agentRows>
  readonly record: Recorder
  readonly clock: Clock
}

/** Why a place on a machine cannot be tracked; null when it can. The machine's own system decides what is there. */
export function folderPathProblem(path: string): string | null {
  if (nameProblem(path) !== null) return `The path “${path.slice(0, 80)}” holds hidden characters.`
  if (/^(\/|~$|~[\\/]|[A-Za-z]:[\\/])/.test(path)) return null
  return 'The path is the whole one on the machine, such as /home/dana/skills, or begins at its home as ~/skills.'
}

/** git takes no such branch name, and one that begins with a dash would be an option (git-check-ref-format). */
export const branchProblem = (branch: string): string | null =>
  branch === '' || (/^[^-\s~^:?*[\\\p{Cc}][^\s~^:?*[\\\p{Cc}]*$/u.test(branch) && !/\.\.|@\{|\/$|\.lock$/.test(branch))
    ? null
    : `“${branch.slice(0, 80)}” is not a branch.`

export function createFolders({ db, boxes, agents, record, clock }: Parts): Folders {
  const rows = folderRows(db)
  const one = (folderId: FolderId) => {
    const found = rows.one(folderId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'folder' })
    return found
  }
  const refuseTaken = (folder: TrackedFolder) => {
    const same = rows
      .list(folder.boxId)
      .find((other) => other.folderId !== folder.folderId && other.name.toLowerCase() === folder.name.toLowerCase())
    if (same) throw new FaultError({ code: 'already-exists', what: 'folder', name: same.name })
  }
  const check = (folder: TrackedFolder) => {
    if (!boxes.one(folder.boxId)) throw new FaultError({ code: 'not-found', what: 'machine' })
    if (folder.agentId !== null && !agents.list(folder.boxId).some(({ agentId }) => agentId === folder.agentId))
      throw new FaultError({ code: 'not-found', what: 'agent' })
    for (const [field, problem] of [
      ['name', nameProblem(folder.name)],
      ['path', folderPathProblem(folder.path)],
      ['remote', folder.remote === '' ? null : nameProblem(folder.remote)],
      ['branch', branchProblem(folder.branch)],
    ] as const)
      if (problem !== null) throw new FaultError({ code: 'invalid-input', field, detail: problem })
    refuseTaken(folder)
  }
  const boxName = (boxId: BoxId) => boxes.one(boxId)?.name ?? 'the machine'
  return {
    folders: ({ boxId }) => rows.list(boxId),
    saveFolder: (input) =>
      record.make(() => {
        const before = input.folderId === undefined ? null : one(input.folderId)
        const folder: TrackedFolder = {
          ...input,
          folderId: input.folderId ?? newId<FolderId>(),
          name: input.name.trim(),
          path: input.path.trim(),
          remote: input.remote.trim(),
          branch: input.branch.trim(),
        }
        check(folder)
        rows.put(folder)
        const { boxId, name } = folder
        return {
          result: { folder },
          said: {
            boxId,
            kind: 'folder.saved',
            words: `The folder “${name}” of {box} is tracked: ${folder.path}.`,
            sentence: `${name} on ${boxName(boxId)} is tracked from the next sweep on.`,
          },
          inverse: {
            boxId,
            kind: 'folder.save-undone',
            words: `A change of the tracked folder “${name}” of {box} was taken back.`,
            sentence: before ? `${before.name} is as it was before.` : `${name} is not tracked any more.`,
            act: () => (before ? rows.put(before) : rows.mark(folder.folderId, clock.nowMs())),
          },
        }
      }),
    removeFolder: ({ folderId }) =>
      record.make(() => {
        const before = one(folderId)
        const { boxId, name } = before
        rows.mark(folderId, clock.nowMs())
        return {
          result: {},
          said: {
            boxId,
            kind: 'folder.removed',
            words: `The folder “${name}” of {box} is not tracked any more.`,
            sentence: `${name} on ${boxName(boxId)} is not tracked any more. Nothing was changed there.`,
          },
          inverse: {
            boxId,
            kind: 'folder.remove-undone',
            words: `The folder “${name}” of {box} is tracked again.`,
            sentence: `${name} is tracked again.`,
            act: () => {
              refuseTaken(before)
              rows.mark(folderId, null)
            },
          },
        }
      }),
  }
}
