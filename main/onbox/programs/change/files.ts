import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { type RunnableAgent, readPlainFile, workspaceOf } from '../../../runtimes/change.ts'
import type { CarriedContent, WentBack } from '../../../runtimes/change-answer.ts'
import {
  homeOf,
  mostChangeBytes,
  mostFileBytes,
  moveOver,
  sha256Of,
  sha256OfFile,
  whyNotCarried,
  whyNotOfPatch,
  writeNewFile,
} from '../../../runtimes/runtimes.ts'
import { Refused } from './refused.ts'

/** A file of the workspace that a change carries. Both copies lie in the workspace, so that going back is one rename. */
export interface CarriedFile {
  readonly root: string
  readonly target: string
  /** The whole old file; null: there was none. */
  readonly before: string | null
  /** The whole new file; where none is to stand an empty one, for as long as the old one was not removed. */
  readonly after: string
  /** Empty: there was none. */
  readonly hashBefore: string
  /** Empty: none is to stand there. */
  readonly hashAfter: string
  /** It stays as the change made it, also where that goes back. */
  readonly stays?: boolean
}

/** A carried file with what is written when it is staged. */
export interface StagedFile {
  readonly file: CarriedFile
  readonly mode: number
  readonly bytes: Buffer
  readonly old: Buffer | null
}

const largestOld = 2_000_000

/** What of these files is not there yet as it is declared. Nothing is written. @throws Refused what may not be touched. */
export function findFiles(
  id: string,
  contents: readonly CarriedContent[],
  agent: RunnableAgent,
  settings: Parameters<typeof workspaceOf>[2],
): StagedFile[] {
  if (contents.length === 0) return []
  const root = rootOf(agent, workspaceOf(homeOf(process.env, homedir), agent.stateDir, settings))
  const found = contents.flatMap((wanted, at): StagedFile[] => {
    const { path: name, sha256 } = wanted
    const bytes = bytesOf(wanted)
    const target = path.join(root, ...name.split('/'))
    confine(root, target)
    const old = oldFile(target, name)
    const hashBefore = old === null ? '' : sha256Of(old.bytes)
    const mode = modeOf(wanted, old?.mode ?? 0o600)
    const isSameMode = wanted.mode === undefined || process.platform === 'win32' || old?.mode === mode
    if (hashBefore === (sha256 ?? '') && (old === null || isSameMode)) return []
    const beside = (what: string) => path.join(root, `.wheelhouse-${id}-${at}-${what}`)
    const file = {
      root,
      target,
      before: old === null ? null : beside('before'),
      after: beside('after'),
      hashBefore,
      hashAfter: sha256 ?? '',
      stays: wanted.back === 'keep',
    }
    return [{ file, mode, bytes, old: old?.bytes ?? null }]
  })
  if (found.reduce((sum, { bytes }) => sum + bytes.length, 0) > mostChangeBytes)
    throw new Refused('The files together are too large for one change.')
  return found
}

/** @throws Refused what is not carried, or did not arrive as it was sent. */
function bytesOf({ path: name, sha256, mode, content }: CarriedContent): Buffer {
  // What a patch may carry is wider than what a layer declares.
  const why = mode === undefined ? whyNotCarried(name) : whyNotOfPatch(name)
  if (why !== '') throw new Refused(`${name} is not carried: ${why}`)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_. -]*(\/[A-Za-z0-9_][A-Za-z0-9_. -]*)*$/.test(name))
    throw new Refused(`${name} is no plain path.`)
  const bytes = Buffer.from(content, 'base64')
  if (sha256 !== null && sha256Of(bytes) !== sha256) throw new Refused(`${name} did not arrive whole.`)
  if (mode === undefined && bytes.length > mostFileBytes) throw new Refused(`${name} is too large.`)
  return bytes
}

function modeOf({ mode, executable }: CarriedContent, oldMode: number): number {
  if (mode !== undefined) return Number.parseInt(mode, 8) & 0o777
  const plain = oldMode & ~0o111
  return executable ? plain | 0o100 : plain
}

/** The folder that files go into: one that holds nothing of the runtime itself. @throws Refused */
function rootOf(agent: RunnableAgent, workspace: string): string {
  if (!existsSync(workspace)) throw new Refused('The workspace of the agent is not there, so no file is put into it.')
  const root = realpathSync(workspace)
  const own = [agent.stateDir, agent.configPath].map((place) => realpathSync(place))
  if (own.some((place) => place === root || place.startsWith(root + path.sep)))
    throw new Refused('The workspace of the agent holds its config and its state, so no file is put into it.')
  return root
}

/** Every folder on the way to a file that is there has to be a real one: a link may lead anywhere. @throws Refused */
function confine(root: string, target: string): void {
  for (let folder = path.dirname(target); folder !== root; folder = path.dirname(folder)) {
    const stat = lstatSync(folder, { throwIfNoEntry: false })
    if (stat !== undefined && !stat.isDirectory())
      throw new Refused(`${path.relative(root, folder)} is a link or a file, so nothing is put below it.`)
  }
}

function oldFile(target: string, name: string): { bytes: Buffer; mode: number } | null {
  const stat = lstatSync(target, { throwIfNoEntry: false })
  if (stat === undefined) return null
  if (!stat.isFile()) throw new Refused(`${name} is a link or a folder there; it is not replaced.`)
  const { bytes, ownerUid } = readPlainFile(target, largestOld)
  const own = process.getuid?.()
  if (own !== undefined && own !== 0 && own !== ownerUid) throw new Refused(`${name} belongs to another user.`)
  return { bytes, mode: stat.mode & 0o777 }
}

/** Writes both copies, whole. */
export function writeStaged(staged: readonly StagedFile[]): void {
  for (const { file, mode, bytes, old } of staged) {
    writeNewFile(file.after, bytes, mode, file.root)
    if (file.before !== null && old !== null)
      writeNewFile(file.before, old, statSync(file.target).mode & 0o777, file.target)
  }
}

/** Are they still byte for byte as they were staged? */
export const areStill = (files: readonly CarriedFile[]): boolean =>
  files.every(({ target, before, hashBefore }) =>
    before === null ? !existsSync(target) : sha256Of(readFileSync(target)) === hashBefore,
  )

/** Are they as the change made them? */
export const areMade = (files: readonly CarriedFile[]): boolean =>
  files.every(({ target, hashAfter }) => sha256OfFile(target) === hashAfter)

/** Puts them in place, one rename each, or removes them. */
export function putFiles(files: readonly CarriedFile[]): void {
  for (const { root, target, after, hashAfter } of files) {
    confine(root, target)
    if (hashAfter === '') {
      // In this order: as long as the empty one lies there, going back knows that nothing was removed.
      rmSync(after)
      rmSync(target)
      continue
    }
    makeFolders(root, path.dirname(target))
    moveOver(after, target)
  }
}

function makeFolders(root: string, folder: string): void {
  if (folder === root || existsSync(folder)) return
  makeFolders(root, path.dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(root)
  chownSync(folder, uid, gid)
}

/**
 * Takes one back, if it is the one that was put there and its old copy still lies beside it; a folder that is empty then
 * goes too. May be done again.
 */
export function putBackFile({ root, target, before, after, hashBefore, hashAfter, stays }: CarriedFile): WentBack {
  if (existsSync(after)) return 'never-left'
  if (stays) return 'back'
  // Before the file itself: another program may put it back at this moment.
  const isLost = before !== null && !existsSync(before)
  const now = sha256OfFile(target)
  if (now !== hashBefore && (now !== hashAfter || isLost)) return 'left-alone'
  if (now === hashAfter && !isLost) {
    if (before === null) rmSync(target)
    else {
      makeFolders(root, path.dirname(target))
      moveOver(before, target)
    }
  }
  if (before === null) removeEmpty(root, path.dirname(target))
  return 'back'
}

/** Nothing of one that was left alone is to be looked at: no old copy, or where there was none, nobody's own. */
export const isSettled = ({ target, before, hashAfter, stays }: CarriedFile): boolean =>
  stays || (before === null ? ['', hashAfter].includes(sha256OfFile(target)) : !existsSync(before))

function removeEmpty(root: string, folder: string): void {
  if (folder === root) return
  try {
    rmdirSync(folder)
  } catch {
    return
  }
  removeEmpty(root, path.dirname(folder))
}

/** Removes the copies. */
export function dropCopies(files: readonly CarriedFile[], keepBefore = false): void {
  for (const { before, after } of files) {
    rmSync(after, { force: true })
    if (before !== null && !keepBefore) rmSync(before, { force: true })
  }
}
