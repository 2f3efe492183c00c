import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import {
  type CheckoutMove,
  dropPackages,
  type PackageSwap,
  type StartedProcess,
  swapBack,
} from '../../../runtimes/change.ts'
import type { ChangeState, ObservedChange, ObservedCommand, WentBack } from '../../../runtimes/change-answer.ts'
import { changeIdPattern, homeOf, moveOver, sha256OfFile, writeNewFile } from '../../../runtimes/runtimes.ts'
import { commandsBack, hasBegun, type PlannedCommand, ranUnseenAt } from './command-marks.ts'
import { dropDownload } from './download-note.ts'
import { type CarriedFile, dropCopies, isSettled, putBackFile } from './files.ts'
import { foldersLeft } from './move-folders.ts'
import { type BoxTime, bootId, boxTime, isSameBoot } from './time.ts'

/** What a change is, as its folder on the box holds it. Nothing of it changes after it was armed. */
export interface ChangePlan {
  readonly id: string
  readonly kind: 'config' | 'drill'
  readonly stateDir: string
  /** The file that is replaced. */
  readonly target: string
  /** The whole old file, beside the target, so that going back is one rename. */
  readonly before: string
  /** The old file once more, where a command that takes another back may write it again; null: no command does. */
  readonly again: string | null
  /** The whole new file, beside it. */
  readonly after: string
  readonly hashBefore: string
  readonly hashAfter: string
  readonly files: readonly CarriedFile[]
  /** Another version of the runtime; null: it stays. */
  readonly install: PackageSwap | null
  /** In their order. */
  readonly commands: readonly PlannedCommand[]
  readonly folders: readonly CheckoutMove[]
  /** Where those find programs: as it was for the login that staged it. */
  readonly searchPath: string
  /** The agent ran before it: once the old file is back it has to run again. */
  readonly ran: boolean
  readonly deadlineS: number
  readonly armedAtMs: number | null
  readonly armedUptimeS: number
  readonly bootId: string
}

const states: readonly ChangeState[] = ['staged', 'armed', 'committed', 'reverting', 'reverted']

/** Where all changes of this login stand: `~/.wheelhouse/changes`. */
export const changesFolder = (): string => path.join(homeOf(process.env, homedir), '.wheelhouse', 'changes')

/** @throws Error when it is no id: it becomes the name of a folder. */
export function folderOf(id: string): string {
  if (!changeIdPattern.test(id)) throw new Error('not the id of a change')
  return path.join(changesFolder(), id)
}

/** A new folder with its plan, and the marker `staged`. */
export function stageMarker(plan: ChangePlan): string {
  const folder = folderOf(plan.id)
  // What was downloaded for it made the folder before.
  if (plan.install === null) makeFolder(folder)
  try {
    writeNewFile(path.join(folder, 'plan.json'), Buffer.from(JSON.stringify(plan)), 0o600)
    writeNewFile(path.join(folder, 'staged'), Buffer.alloc(0), 0o600)
    return folder
  } catch (error) {
    if (plan.install === null) rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** The folder of a new change. @throws Error when it is there. */
export function makeFolder(folder: string): void {
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 })
  mkdirSync(folder, { mode: 0o700 })
}

/** Puts the moment of arming into the plan; the marker is not armed by it. */
export function rewritePlan(folder: string, plan: ChangePlan): void {
  const made = path.join(folder, 'plan.new')
  rmSync(made, { force: true })
  writeNewFile(made, Buffer.from(JSON.stringify(plan)), 0o600)
  moveOver(made, path.join(folder, 'plan.json'))
}

/** Moves the marker from one state to the next, if it is there: whoever's rename goes through has decided. */
export function decide(folder: string, from: ChangeState, to: ChangeState): boolean {
  try {
    renameSync(path.join(folder, from), path.join(folder, to))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Null: there is no such change, or its folder was never finished. */
export const stateOf = (folder: string): ChangeState | null =>
  states.find((state) => existsSync(path.join(folder, state))) ?? null

/** @throws Error when it is not there or is no plan. */
export function readPlan(folder: string): ChangePlan {
  const plan = JSON.parse(readFileSync(path.join(folder, 'plan.json'), 'utf8')) as ChangePlan
  if (typeof plan.target !== 'string' || typeof plan.hashAfter !== 'string') throw new Error('not a plan')
  const { files = [], install = null, commands = [], folders = [], again = null, searchPath = '' } = plan
  return { ...plan, files, install, commands, folders, again, searchPath }
}

const wentBackFile = (folder: string): string => path.join(folder, 'went-back')

export const wentBackOf = (folder: string): WentBack | null => {
  try {
    return readFileSync(wentBackFile(folder), 'utf8') as WentBack
  } catch {
    return null
  }
}

/** What became of a change that was taken back, as a whole and of each part of it. */
export interface PutBack {
  readonly went: WentBack
  readonly config: WentBack
  /** In the order of the plan. */
  readonly files: readonly WentBack[]
  /** Null: the runtime stayed as it is. */
  readonly install: WentBack | null
}

/**
 * Takes a change back: each old file that is there is renamed into place if the file in place is the one that this change
 * activated; else it is not touched. May be done again after it was killed at any point. Null: it was decided otherwise
 * before.
 */
export function putBack(folder: string): PutBack | null {
  const first = putBackFirst(folder)
  return first === null ? null : putBackRest(folder, first)
}

/** Of going back: the runtime and the config, which decides who is answered. Null: it was decided otherwise before. */
export function putBackFirst(folder: string): Pick<PutBack, 'config' | 'install'> | null {
  if (!decide(folder, 'armed', 'reverting') && stateOf(folder) !== 'reverting') return null
  const plan = readPlan(folder)
  const install = plan.install === null ? null : swapBack(plan.install, plan.stateDir)
  // With the new version stays what was made for it.
  return { install, config: install === 'state-moved' ? 'left-alone' : putBackConfig(plan, folder) }
}

/** Of going back: all else. */
export function putBackRest(folder: string, { config, install }: Pick<PutBack, 'config' | 'install'>): PutBack {
  const plan = readPlan(folder)
  const isStaying = install === 'state-moved'
  const files = plan.files.map((file) => (isStaying ? 'left-alone' : putBackFile(file)))
  const whole = wholeOf([config, ...files, ...(install === null ? [] : [install])])
  // A command that was run is no change that never was.
  const went = isStaying ? install : whole === 'never-left' && hasBegun(folder, plan.commands) ? 'back' : whole
  note(folder, went)
  return { went, config, files, install }
}

/** Of going back: what became of the folders, in the order of the plan. */
export function withFolders(folder: string, back: PutBack, folders: readonly WentBack[]): PutBack {
  if (folders.length === 0 || back.install === 'state-moved') return back
  const went = wholeOf([back.went, ...folders])
  note(folder, went)
  return { ...back, went }
}

/** The old config once more, where what took a command back has written it since. */
export function putBackAgain(folder: string, back: PutBack): PutBack {
  if (back.config === 'left-alone') return back
  const config = putBackConfig(readPlan(folder), folder)
  if (config !== 'left-alone') return back
  note(folder, config)
  return { ...back, config, went: 'left-alone' }
}

const wholeOf = (each: readonly WentBack[]): WentBack =>
  each.includes('left-alone') ? 'left-alone' : each.includes('back') ? 'back' : 'never-left'

const rewrittenFile = (folder: string): string => path.join(folder, 'rewritten')

/** The new version, or a command, wrote the config itself: going back knows it for what this change made. */
export function noteRewritten(folder: string, sha256: string): void {
  const made = `${rewrittenFile(folder)}.new`
  rmSync(made, { force: true })
  writeNewFile(made, Buffer.from(sha256), 0o600)
  moveOver(made, rewrittenFile(folder))
}

function rewrittenOf(folder: string): string | null {
  try {
    return readFileSync(rewrittenFile(folder), 'utf8')
  } catch {
    return null
  }
}

/**
 * Is a config of that hash one that this change knows: the old one, the new one, what was noted as rewritten, or what was
 * written while a command ran whose end nobody saw? The last may be somebody else's: that the old config comes back counts more.
 */
export const isMade = (plan: ChangePlan, folder: string, sha256: string): boolean =>
  sha256 === plan.hashBefore || sha256 === plan.hashAfter || sha256 === rewrittenOf(folder) || wroteUnseen(plan, folder)

function wroteUnseen({ target, commands }: ChangePlan, folder: string): boolean {
  try {
    return commands.length > 0 && ranUnseenAt(folder, commands, statSync(target).mtimeMs)
  } catch {
    return false
  }
}

function putBackConfig(plan: ChangePlan, folder: string): WentBack {
  const isStaged = existsSync(plan.after)
  if (isStaged && !hasBegun(folder, plan.commands)) return 'never-left'
  // Before the file itself: another program may put it back at this moment.
  const old = [plan.before, ...(plan.again === null ? [] : [plan.again])].find((file) => existsSync(file))
  const hashNow = sha256OfFile(plan.target)
  if (hashNow === plan.hashBefore) return isStaged ? 'never-left' : 'back'
  if (old === undefined || !isMade(plan, folder, hashNow)) return isStaged ? 'never-left' : 'left-alone'
  moveOver(old, plan.target)
  return 'back'
}

/** Kept where there is room for it; going back itself needs none. */
function note(folder: string, went: WentBack): void {
  try {
    rmSync(wentBackFile(folder), { force: true })
    writeNewFile(wentBackFile(folder), Buffer.from(went), 0o600)
  } catch {}
}

/** The decision to go back is carried out in full. What somebody else wrote keeps its old file beside it. */
export function endPutBack(folder: string, { config, files, install }: PutBack): void {
  const plan = readPlan(folder)
  rmSync(plan.after, { force: true })
  dropAgain(plan)
  if (config !== 'left-alone') rmSync(plan.before, { force: true })
  plan.files.forEach((file, at) => {
    dropCopies([file], files[at] === 'left-alone')
  })
  if (plan.install !== null && install !== 'left-alone' && install !== 'state-moved') dropPackages(plan.install)
  decide(folder, 'reverting', 'reverted')
}

/** The change stays: nobody takes it back any more, and the old file is gone. False: it was decided otherwise before. */
export function commitChange(folder: string): boolean {
  if (!decide(folder, 'armed', 'committed') && stateOf(folder) !== 'committed') return false
  const plan = readPlan(folder)
  rmSync(plan.before, { force: true })
  rmSync(plan.after, { force: true })
  dropAgain(plan)
  dropCopies(plan.files)
  if (plan.install !== null) dropPackages(plan.install)
  rmSync(environmentFile(folder), { force: true })
  return true
}

function dropAgain({ again }: ChangePlan): void {
  if (again !== null) rmSync(again, { force: true })
}

/** How the agent was started, secrets of its environment included; kept while the change may go back. */
export const environmentFile = (folder: string): string => path.join(folder, 'environment.json')

const startedFile = (folder: string): string => path.join(folder, 'started.json')

/** What was started with the new version; whoever goes back ends it first. */
export function noteStarted(folder: string, started: StartedProcess): void {
  rmSync(startedFile(folder), { force: true })
  writeNewFile(startedFile(folder), Buffer.from(JSON.stringify(started)), 0o600)
}

/** Null: nothing was started that nothing else keeps. */
export function startedOf(folder: string): StartedProcess | null {
  try {
    const { pid, since } = JSON.parse(readFileSync(startedFile(folder), 'utf8')) as StartedProcess
    return Number.isInteger(pid) && pid > 1 ? { pid, since: String(since) } : null
  } catch {
    return null
  }
}

/** Removes what is left of a change that is decided or was never armed. */
export function forgetChange(folder: string): void {
  const state = stateOf(folder)
  if (state === 'armed' || state === 'reverting') return
  try {
    const plan = readPlan(folder)
    rmSync(plan.after, { force: true })
    rmSync(plan.before, { force: true })
    dropAgain(plan)
    dropCopies(plan.files)
    if (plan.install !== null) dropPackages(plan.install)
  } catch {}
  dropDownload(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** Its timer looks every second; this long after its time there is none. Two looks at a clock differ by less. */
const graceS = 5

/** Since a change was armed. Pure. */
const hasRestarted = (plan: ChangePlan, boot: string, { uptimeS }: Pick<BoxTime, 'uptimeS'>): boolean =>
  !isSameBoot(plan.bootId, boot) || uptimeS < plan.armedUptimeS - graceS

/** Seconds until an armed change goes back by itself; 0: it should have, or the box restarted since. Pure. */
export function leftOf(plan: ChangePlan, boot: string, now: Pick<BoxTime, 'uptimeS'>): number {
  if (hasRestarted(plan, boot, now)) return 0
  return Math.max(0, plan.deadlineS - (now.uptimeS - plan.armedUptimeS))
}

/** What somebody else wrote was left alone, and since then somebody removed every old file that lay beside it. */
const isLookedAt = (folder: string, plan: ChangePlan): boolean =>
  stateOf(folder) === 'reverted' &&
  ['left-alone', 'state-moved'].includes(wentBackOf(folder) ?? '') &&
  !existsSync(plan.before) &&
  !(plan.install !== null && existsSync(plan.install.before)) &&
  plan.files.every(isSettled) &&
  foldersLeft(folder, plan).length === 0

/** Nothing may be left of a change any more but its marker: never armed, looked at, or without a plan. */
export function isOver(folder: string): boolean {
  const state = stateOf(folder)
  if (state === null || state === 'staged') return true
  try {
    return isLookedAt(folder, readPlan(folder))
  } catch {
    return true
  }
}

export function observeChange(folder: string): ObservedChange | null {
  const state = stateOf(folder)
  if (state === null) return null
  const plan = readPlan(folder)
  if (isLookedAt(folder, plan)) return null
  const armed = state === 'armed'
  const now = boxTime()
  const boot = bootId()
  const left = leftOf(plan, boot, now)
  const sinceEndS = now.uptimeS - plan.armedUptimeS - plan.deadlineS
  return {
    id: plan.id,
    kind: plan.kind,
    state,
    stateDir: plan.stateDir,
    hashBefore: plan.hashBefore,
    hashAfter: plan.hashAfter,
    hashNow: sha256OfFile(plan.target),
    armedAtMs: plan.armedAtMs,
    leftS: armed ? Math.round(left) : null,
    overdue: (armed || state === 'reverting') && left === 0 && (hasRestarted(plan, boot, now) || sinceEndS > graceS),
    wentBack: wentBackOf(folder),
    commands: commandsOf(folder),
    leftFolders: leftFoldersOf(folder),
  }
}

/** Folders that it could not bring back, where it was taken back. */
export const leftFoldersOf = (folder: string): string[] =>
  stateOf(folder) === 'reverted' ? foldersLeft(folder, readPlan(folder)) : []

/** What became of its commands, where it was taken back. */
export const commandsOf = (folder: string): ObservedCommand[] =>
  stateOf(folder) === 'reverted' ? commandsBack(folder, readPlan(folder).commands) : []

/** Every change that this login still knows of; a folder that cannot be read is none. */
export const observeChanges = (): ObservedChange[] => folders().flatMap((folder) => observeReadable(folder) ?? [])

/** A folder whose plan cannot be read, such as one that was being removed, is no change: nothing can be done with it. */
export function observeReadable(folder: string): ObservedChange | null {
  try {
    return observeChange(folder)
  } catch {
    return null
  }
}

export function folders(): string[] {
  try {
    return readdirSync(changesFolder())
      .filter((name) => changeIdPattern.test(name))
      .slice(0, 100)
      .map(folderOf)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
