import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { VersionStep, WentBack } from '../change-answer.ts'
import { Unreadable } from '../reading.ts'
import { moveOver } from '../replace-file.ts'
import { withDatabase } from '../sqlite.ts'
import { entryOf } from './find-install.ts'
import { stateDatabase } from './read-state.ts'
import type { RunnableAgent } from './running-agent.ts'
import { isSettings } from './settings.ts'

/** Two parts of the runtime's state that have a form of their own, as its package names them. */
type Form = 'state' | 'agent'

/**
 * The runtime's package on a box and another version of it beside it, both whole, so that each way is two renames and
 * needs no disk.
 */
export interface PackageSwap extends VersionStep {
  /** Where the runtime is found, whichever version it is. */
  readonly root: string
  /** Beside it: everything that the change brought. */
  readonly folder: string
  /** The new package, as long as it is not in place. */
  readonly next: string
  /** The old package, while the new one is in place. */
  readonly before: string
  /** Forms of the databases before the change, by their path below the state folder. */
  readonly forms: Readonly<Record<string, number>>
  /** The newest forms that the old version says it reads; absent: it does not say. */
  readonly reads: Readonly<Partial<Record<Form, number>>>
}

interface Manifest {
  readonly name: string
  readonly version: string
  /** Range of Node versions; empty: any. */
  readonly node: string
  readonly reads: Partial<Record<Form, number>>
}

/** What the package file at `root` says; null: there is none. */
export function manifestAt(root: string): Manifest | null {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  } catch {
    return null
  }
  if (!isSettings(value)) return null
  const engines = isSettings(value.engines) ? value.engines : {}
  const own = isSettings(value.openclaw) ? value.openclaw : {}
  const forms = isSettings(own.schemaVersions) ? own.schemaVersions : {}
  const reads = (['state', 'agent'] as const).flatMap((form) =>
    typeof forms[form] === 'number' ? [[form, forms[form]] as const] : [],
  )
  return {
    name: String(value.name ?? ''),
    version: String(value.version ?? ''),
    node: typeof engines.node === 'string' ? engines.node : '',
    reads: Object.fromEntries(reads),
  }
}

/** Where another version lies beside the one that is installed. */
export function placesOf(root: string, id: string): Pick<PackageSwap, 'root' | 'folder' | 'next' | 'before'> {
  // npm passes over names in its folder that begin with a dot.
  const folder = path.join(path.dirname(root), `.wheelhouse-${id}`)
  return {
    root,
    folder,
    next: path.join(folder, 'lib', 'node_modules', 'openclaw'),
    before: path.join(folder, 'before'),
  }
}

const formOf = (file: string): Form => (file.startsWith('agents/') ? 'agent' : 'state')

/** Runs on a box. The form of each database of the state, by its path below the state folder. @throws Unreadable */
export function stateForms(stateDir: string): Record<string, number> {
  const files = [stateDatabase(stateDir), ...agentDatabases(stateDir)].filter((file) => existsSync(file))
  return Object.fromEntries(
    files.map((file) => [
      path.relative(stateDir, file).split(path.sep).join('/'),
      withDatabase(file, ({ userVersion }) => userVersion),
    ]),
  )
}

function agentDatabases(stateDir: string): string[] {
  try {
    return readdirSync(path.join(stateDir, 'agents')).map((agent) =>
      path.join(stateDir, 'agents', agent, 'agent', 'openclaw-agent.sqlite'),
    )
  } catch {
    return []
  }
}

/** A database in a form that a version does not read, as a sentence; empty: it reads them all, or does not say. Pure. */
export function whyNotRead(
  forms: Readonly<Record<string, number>>,
  { version, reads }: Pick<Manifest, 'version' | 'reads'>,
): string {
  const newer = Object.entries(forms).find(([file, form]) => form > (reads[formOf(file)] ?? Number.POSITIVE_INFINITY))
  return newer === undefined
    ? ''
    : `Its state is of form ${newer[1]} and ${version} reads up to ${reads[formOf(newer[0])]}, so it would not start. Going back needs a backup from before; messages since are not in it.`
}

/** Whether the state was moved to a form that the old version may not read; one that cannot be read counts as moved. */
function isMoved({ forms, reads }: PackageSwap, stateDir: string): boolean {
  try {
    return Object.entries(stateForms(stateDir)).some(
      ([file, form]) => form !== forms[file] && form > (reads[formOf(file)] ?? -1),
    )
  } catch {
    return true
  }
}

/** Whether the new version is in place, or was about to be. */
export const isSwapped = ({ before }: PackageSwap): boolean => existsSync(before)

/** Runs on a box. Two renames. Whoever is killed between them left both packages beside the place, whole. */
export function swapIn({ root, next, before }: PackageSwap): void {
  moveOver(root, before)
  moveOver(next, root)
}

/**
 * Runs on a box. Takes the swap back, if what lies there is what it put there and the state is still of a form that the old
 * version reads. May be done again after it was killed at any point. Nothing may run from it meanwhile.
 */
export function swapBack(swap: PackageSwap, stateDir: string): WentBack {
  const { root, folder, next, before, to } = swap
  const isOld = existsSync(next) ? 'never-left' : 'back'
  if (!isSwapped(swap)) return isOld
  if (existsSync(root)) {
    if (manifestAt(root)?.version !== to || existsSync(next)) return 'left-alone'
    if (isMoved(swap, stateDir)) return 'state-moved'
    // Not to where it came from: that it lies there says that it was never in place.
    moveOver(root, path.join(folder, 'after'))
  }
  // Also where somebody was killed between the two renames of either way.
  moveOver(before, root)
  return isOld
}

export const dropPackages = ({ folder }: Pick<PackageSwap, 'folder'>): void =>
  rmSync(folder, { recursive: true, force: true })

/** The agent as it runs from what lies in place now. */
export const withVersion = (agent: RunnableAgent, root: string): RunnableAgent => ({
  ...agent,
  entry: entryOf(root),
  version: manifestAt(root)?.version ?? '',
})

/** Why this runtime is not updated by this console, as a sentence; empty: it may be. */
export function whyNotUpdated({ install, version }: RunnableAgent, platform: string): string {
  if (install === null) return 'No OpenClaw was found there.'
  const { root, kind, packageManager } = install
  const by = 'Update it on the machine.'
  if (kind === 'git') return `It runs from a checkout of git in ${root}; only packages of npm are updated. ${by}`
  if (kind !== 'package' || packageManager !== 'npm') return `It was installed by ${packageManager}, not by npm. ${by}`
  if (platform === 'win32') return `An update on Windows is not carried out yet. ${by}`
  if (path.basename(root) !== 'openclaw' || path.basename(path.dirname(root)) !== 'node_modules')
    return `It does not lie where npm puts it: ${root}. ${by}`
  if (existsSync(path.join(root, '..', '..', 'package.json')))
    return `It belongs to the project in ${path.dirname(path.dirname(root))}. Update it in that project.`
  return version === '' ? 'Its version cannot be read.' : ''
}

/** @throws Unreadable when it is not what was previewed. */
export function refuseOther(
  agent: RunnableAgent,
  { from }: VersionStep,
  platform: string,
): asserts agent is RunnableAgent & { install: NonNullable<RunnableAgent['install']> } {
  const why = whyNotUpdated(agent, platform)
  if (why !== '') throw new Unreadable(why)
  if (agent.version !== from) throw new Unreadable(`It has ${agent.version} installed, not ${from}.`)
}
