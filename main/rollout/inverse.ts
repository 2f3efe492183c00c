import type { CarriedCommand, CarriedFile, SettingChange } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { applyOperations, dottedPath, isEqual, smallestOperations } from '../runtimes/operations.ts'
import { isSettings, type Settings, valueAt, whyNotCarried } from '../runtimes/runtimes.ts'
import type { Inverse, LanePlan } from './run-rows.ts'

/** An agent as it was read: its settings, secrets as fingerprints, and its own files by path; null: not read. */
export interface ReadAgent {
  readonly settings: Settings | null
  readonly files: ReadonlyMap<string, string> | null
  /** Of the runtime; empty or absent: not read. */
  readonly version?: string
}

const fingerprint = /^#[0-9a-f]{12}$/
const holdsSecret = (value: unknown): boolean =>
  typeof value === 'string'
    ? fingerprint.test(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret)

/** A machine lists as many of its files at most. */
const mostListed = 300

/** The content of a file that was read; null: there was none; undefined: nobody looked there. */
function fileAt({ files }: ReadAgent, path: string): string | null | undefined {
  const sha256 = files?.get(path)
  if (files === null || sha256 !== undefined) return sha256
  return whyNotCarried(path) === '' && files.size < mostListed ? null : undefined
}

/** The outermost part of a path at which nothing stood: what a change made goes as a whole. */
function firstMissing(settings: Settings, path: readonly string[]): readonly string[] {
  const depth = path.findIndex((_, at) => valueAt(settings, ...path.slice(0, at + 1)) === undefined)
  return depth === -1 ? path : path.slice(0, depth + 1)
}

/** Taking back goes the other way round, and where that does not hold the command is run anew. */
const inverseCommand = ({ run, undo, deadlineS, when }: CarriedCommand): CarriedCommand[] =>
  undo === null ? [] : [{ run: undo, undo: run, deadlineS, when: when === 'before' ? 'after' : 'before' }]

/**
 * What puts back what stood there before a change. Secrets stay on the machine and files whose content is not here are not
 * known, so what held them nobody here can put back. Pure.
 *
 * @param holds whether the content of a file is here.
 */
export function inverseOf(
  {
    changes,
    files,
    update = null,
    commands = [],
  }: Pick<LanePlan, 'changes' | 'files'> & Partial<Pick<LanePlan, 'update' | 'commands'>>,
  before: ReadAgent,
  holds: (sha256: string) => boolean,
): Inverse {
  const cannot: string[] = []
  const back = new Map<string, SettingChange>()
  const { settings } = before
  if (settings === null && changes.length > 0) cannot.push('What its settings said before was not read.')
  for (const { path } of settings === null ? [] : changes.toReversed()) {
    const stood = valueAt(settings, ...path)
    if (stood === undefined) {
      const missing = [...firstMissing(settings ?? {}, path)]
      back.set(dottedPath(missing), { path: missing, remove: true })
    } else if (holdsSecret(stood)) cannot.push(`${dottedPath(path)} held a secret, which stays on the machine.`)
    else back.set(dottedPath(path), { path: [...path], set: stood as Extract<SettingChange, { set: unknown }>['set'] })
  }
  const carried = files.flatMap((file): CarriedFile[] => {
    if (file.back === 'keep') return []
    const { path } = file
    const stood = fileAt(before, path)
    if (stood === undefined) {
      cannot.push(`What ${path} held before was not read.`)
      return []
    }
    if (stood !== null && !holds(stood)) {
      cannot.push(`What ${path} held before is not in this console.`)
      return []
    }
    return [{ path, sha256: stood, executable: file.executable }]
  })
  // Whether the old version still reads the state only the machine can tell.
  const goesBack = update === null ? null : { from: update.to, to: update.from }
  return {
    changes: [...back.values()],
    files: carried,
    update: goesBack,
    commands: commands.toReversed().flatMap(inverseCommand),
    folders: [],
    cannot,
    stays: commands.flatMap(({ run, undo }) =>
      undo === null ? [`“${untrusted(run, 120)}” was run and cannot be undone.`] : [],
    ),
  }
}

/**
 * What of an inverse is still to be done on an agent as it is now, or why it is left alone: a value that is neither what
 * the change made nor what stood there before is somebody else's. Pure.
 */
export function inverseNow(
  inverse: Inverse,
  made: Pick<LanePlan, 'changes' | 'files'>,
  now: ReadAgent,
): Pick<LanePlan, 'changes' | 'files' | 'update' | 'commands' | 'folders'> | string {
  const [cannot] = inverse.cannot
  if (cannot !== undefined) return cannot
  const { settings } = now
  if (settings === null) return 'Its settings were not read.'
  const [ours, back] = [applyOperations(settings, made.changes), applyOperations(settings, inverse.changes)]
  const strange = made.changes.find(({ path }) => {
    const stands = valueAt(settings, ...path)
    return !isEqual(stands, valueAt(ours, ...path)) && !isEqual(stands, valueAt(back, ...path))
  })
  if (strange) return `Somebody changed ${dottedPath(strange.path)} since; what they wrote is not touched.`
  const grown = inverse.changes.find((change) => {
    if ('set' in change) return false
    const own = made.changes.filter(({ path }) => change.path.every((name, at) => path[at] === name))
    return isGrown(valueAt(settings, ...change.path), change.path, own)
  })
  if (grown) return `Somebody wrote into ${dottedPath(grown.path)} since; what they wrote is not touched.`
  const other = inverse.files.find(({ path, sha256 }) => {
    const stands = fileAt(now, path)
    return stands !== sha256 && stands !== made.files.find((file) => file.path === path)?.sha256
  })
  if (other) return `${other.path} is not what the patch wrote any more; what stands there is not touched.`
  const { update } = inverse
  if (update !== null && now.version !== update.from && now.version !== update.to)
    return `It has ${now.version || 'a version that was not read'} now, not ${update.from}; what somebody else installed is not touched.`
  return {
    changes: smallestOperations(settings, inverse.changes),
    files: inverse.files,
    update: update !== null && now.version === update.from ? update : null,
    commands: inverse.commands,
    folders: inverse.folders,
  }
}

/** Does something stand inside that no change of ours put there? */
function isGrown(value: unknown, path: readonly string[], own: readonly SettingChange[]): boolean {
  if (value === undefined) return false
  if (own.some((change) => change.path.length === path.length)) return false
  return (
    isSettings(value) &&
    Object.entries(value).some(([name, inner]) => {
      const at = [...path, name]
      const inside = own.filter((change) => at.every((part, place) => change.path[place] === part))
      return inside.length === 0 || isGrown(inner, at, inside)
    })
  )
}
