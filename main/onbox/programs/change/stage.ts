import { lstatSync, statSync } from 'node:fs'
import path from 'node:path'
import {
  askChannels,
  askValidity,
  type CheckoutMove,
  candidateOf,
  checkDownloaded,
  clip,
  entryOf,
  findGateway,
  findMove,
  findRunnable,
  loadConfig,
  type RunnableAgent,
  readPlainFile,
  searchPathOf,
  sideOf,
  smallestOperations,
  why,
} from '../../../runtimes/change.ts'
import type { Prepared, PrepareRequest } from '../../../runtimes/change-answer.ts'
import { sha256Of, writeNewFile } from '../../../runtimes/runtimes.ts'
import { findFiles, writeStaged } from './files.ts'
import { type ChangePlan, folderOf, forgetChange, stageMarker } from './marker.ts'
import { Refused } from './refused.ts'

const largest = 4_000_000
const noChannels: Extract<Prepared, { done: true }>['channels'] = {
  read: false,
  why: 'No channel is switched on.',
  source: '',
}

/** A failure as the operator reads it. */
export const refusalOf = (error: unknown): string => {
  if (error instanceof Refused) return clip(error.message)
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'Its disk is full.' : why(error)
}

export interface Staged {
  readonly agent: RunnableAgent
  readonly plan: ChangePlan
  readonly folder: string
  /** For the machine's own check of a config. */
  readonly checkMs: number
}

/**
 * Snapshot, stage, validate: both files lie beside the config, whole, before anything is armed. Nothing is kept of a
 * change that is refused, or that has nothing to do.
 */
export async function stage(request: PrepareRequest): Promise<{ answer: Prepared; staged: Staged | null }> {
  const folder = folderOf(request.id)
  let isBegun = false
  try {
    const agent = await findRunnable(request.stateDir)
    if (agent === null) throw new Refused('There is no agent in this folder.')
    const file = agent.configPath
    const raw = readOwn(file)
    const hashBefore = sha256Of(raw)
    if (request.baseSha256 !== null && hashBefore !== request.baseSha256)
      throw new Refused('The config on the machine changed since the plan was made.')
    const found = loadConfig(file)
    if (found.parsed.problem !== '') throw new Refused(`The config cannot be read: ${found.parsed.problem}`)
    const operations = smallestOperations(found.parsed.settings, request.operations)
    const made = candidateOf(file, raw.toString('utf8'), operations, (name) =>
      readPlainFile(name, largest).bytes.toString('utf8'),
    )
    if ('why' in made) throw new Refused(made.why)
    const before = sideOf(agent, { raw: found }, request.fingerprintKey)
    const install = request.update === undefined ? null : await checkDownloaded(agent, request.id, request.update)
    /** The agent that is to use the changed config. */
    const next = install === null ? agent : { ...agent, version: install.to, entry: entryOf(install.next) }
    const files = findFiles(request.id, request.files ?? [], agent, made.settings)
    // With files alone the config stays as it is, to the byte.
    const bytes = operations.length === 0 ? raw : Buffer.from(made.text)
    const after = sideOf(next, { settings: made.settings, sha256: sha256Of(bytes) }, request.fingerprintKey)
    const running = findGateway(agent.stateDir, file) !== null
    const told = { done: true as const, version: agent.version, running, comments: made.comments, before }
    const commands = request.commands ?? []
    const moves = await Promise.all((request.folders ?? []).map(findMove))
    const folders = moves.filter((move) => move !== null)
    if (operations.length + files.length + commands.length + folders.length === 0 && install === null) {
      const channels = { read: false as const, why: 'Nothing is to be done.', source: '' }
      return { answer: { ...told, unchanged: true, after: before, channels, folders: [] }, staged: null }
    }
    const plan = planOf(request, agent, {
      hashBefore,
      hashAfter: after.sha256,
      ran: running,
      files: files.map(({ file }) => file),
      install,
      commands,
      folders,
    })
    stageMarker(plan)
    isBegun = true
    writeNewFile(plan.after, bytes, 0o600, file)
    writeNewFile(plan.before, raw, statSync(file).mode & 0o777, file)
    if (plan.again !== null) writeNewFile(plan.again, raw, statSync(file).mode & 0o777, file)
    writeStaged(files)
    const [validity, channels] = await Promise.all([
      askValidity(
        { agent: { ...agent, configPath: plan.after }, entry: next.entry, node: agent.node, version: next.version },
        request.checkMs,
      ),
      // Of those that were up some have to be up afterwards: where none is switched on then, it is all the same.
      after.doors.some(({ enabled }) => enabled) ? askChannels(agent) : noChannels,
    ])
    const who = install === null ? 'The machine’s own OpenClaw' : `OpenClaw ${install.to}`
    if (validity.valid !== true)
      throw new Refused(
        validity.valid === null
          ? `${who} gave no verdict on the changed config. ${validity.problem}`
          : `${who} refuses the changed config: ${validity.problem}`,
      )
    return {
      answer: { ...told, unchanged: false, after, channels, folders: folders.map(movedOf) },
      staged: { agent, plan, folder, checkMs: request.checkMs },
    }
  } catch (error) {
    if (isBegun || request.update !== undefined) forgetChange(folder)
    return { answer: { done: false, why: refusalOf(error) }, staged: null }
  }
}

const movedOf = ({ name, from, fromBranch, to }: CheckoutMove) => ({ name, from, fromBranch, to })

/** The bytes of a config that may be replaced by this login. @throws Refused */
function readOwn(file: string): Buffer {
  if (lstatSync(file).isSymbolicLink())
    throw new Refused('The config is a link to another file; a link is not replaced.')
  const { bytes, ownerUid } = readPlainFile(file, largest)
  const own = process.getuid?.()
  if (own !== undefined && own !== 0 && own !== ownerUid) throw new Refused('The config belongs to another user.')
  return bytes
}

function planOf(
  request: PrepareRequest,
  agent: RunnableAgent,
  seen: Pick<ChangePlan, 'hashBefore' | 'hashAfter' | 'ran' | 'files' | 'install' | 'commands' | 'folders'>,
): ChangePlan {
  const beside = (name: string) => path.join(path.dirname(agent.configPath), `wheelhouse-${request.id}-${name}.json`)
  return {
    id: request.id,
    kind: 'config',
    stateDir: agent.stateDir,
    target: agent.configPath,
    before: beside('before'),
    again: seen.commands.some(({ undo }) => undo !== null) ? beside('again') : null,
    after: beside('after'),
    ...seen,
    searchPath: searchPathOf(agent),
    deadlineS: request.deadlineS,
    armedAtMs: null,
    armedUptimeS: 0,
    bootId: '',
  }
}

/** Stages a change of a file of its own, to see whether it goes back. */
export function stageDrill(id: string, deadlineS: number): { plan: ChangePlan; folder: string } {
  const folder = folderOf(id)
  const [old, next] = [Buffer.from('as it was\n'), Buffer.from('changed\n')]
  const plan: ChangePlan = {
    id,
    kind: 'drill',
    stateDir: '',
    target: path.join(folder, 'scratch'),
    before: path.join(folder, 'scratch-before'),
    again: null,
    after: path.join(folder, 'scratch-after'),
    hashBefore: sha256Of(old),
    hashAfter: sha256Of(next),
    ran: false,
    files: [],
    install: null,
    commands: [],
    folders: [],
    searchPath: '',
    deadlineS,
    armedAtMs: null,
    armedUptimeS: 0,
    bootId: '',
  }
  stageMarker(plan)
  writeNewFile(plan.target, old, 0o600)
  writeNewFile(plan.before, old, 0o600)
  writeNewFile(plan.after, next, 0o600)
  return { plan, folder }
}
