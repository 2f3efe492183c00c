import type { CarriedFolder, MovedFolder } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Prepared } from '../runtimes/change-answer.ts'

type Found = Extract<Prepared, { done: true }>['folders']

const short = (commit: string): string => untrusted(commit.slice(0, 8), 8)

/** A commit by its first digits, a tag by its name. */
export const refName = (ref: string): string => (ref.startsWith('refs/tags/') ? ref.slice(10, 60) : ref.slice(0, 8))

/** Folders of a change as their machine found them. Pure. */
export const movedFolders = (folders: readonly CarriedFolder[], found: Found): MovedFolder[] =>
  folders.map((folder) => {
    const seen = found.find(({ name }) => name === folder.name)
    return {
      ...folder,
      was: seen === undefined ? null : { commit: untrusted(seen.from, 64), branch: untrusted(seen.fromBranch, 300) },
      became: seen === undefined ? null : untrusted(seen.to, 64),
    }
  })

/** Where each folder is now and was before, a sentence each. Pure. */
export const folderWords = (folders: readonly CarriedFolder[], found: Found): string[] =>
  folders.map(({ name, to }) => {
    const seen = found.find((each) => each.name === name)
    if (seen === undefined) return `Folder ${name} was at ${refName(to)} already.`
    const is = to.startsWith('refs/') ? `${refName(to)} (${short(seen.to)})` : short(seen.to)
    const on = seen.fromBranch === '' ? '' : ` on ${untrusted(seen.fromBranch, 100)}`
    return `Folder ${name} is at ${is}; before it was at ${short(seen.from)}${on}.`
  })

/** Of a folder that is still where a change brought it that was taken back. Pure. */
export const leftWords = (name: string): string =>
  `Folder ${untrusted(name, 60)} is not as it was before the change: somebody edited it meanwhile, or git could not bring it back. Look at it with git status.`

/** What brings the folders of a finished change back, the last first. Pure. */
export const foldersBack = (folders: readonly MovedFolder[]): CarriedFolder[] =>
  folders
    .toReversed()
    .flatMap(({ name, path, was, became }) =>
      was === null || became === null ? [] : [{ name, path, to: was.commit, at: became, branch: was.branch }],
    )
