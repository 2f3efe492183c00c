import { rmSync, statSync } from 'node:fs'
import path from 'node:path'
import {
  askValidity,
  endGit,
  endLine,
  fetchFor,
  howItRuns,
  isAt,
  isWrittenBy,
  loadConfig,
  moveMs,
  restGateway,
  settleConfig,
  sideOf,
  startGateway,
  stopChannel,
  swapIn,
  withVersion,
} from '../../runtimes/change.ts'
import type {
  Activated,
  Armed,
  Decided,
  DownloadRequest,
  Fetched,
  FetchRequest,
  Prepared,
  PrepareRequest,
  Ran,
  Settled,
  StopRequest,
} from '../../runtimes/change-answer.ts'
import { moveOver, sha256OfFile, writeNewFile } from '../../runtimes/runtimes.ts'
import { serve } from '../serve.ts'
import { arm } from './change/arm.ts'
import { removeBootJob } from './change/boot.ts'
import { runCommands } from './change/commands.ts'
import { download, giveUpDownload } from './change/download.ts'
import { areMade, areStill, putFiles } from './change/files.ts'
import { goBack, howOf } from './change/go-back.ts'
import {
  commandsOf,
  commitChange,
  environmentFile,
  folderOf,
  forgetChange,
  isMade,
  leftFoldersOf,
  leftOf,
  noteRewritten,
  noteStarted,
  observeChanges,
  readPlan,
  stateOf,
  wentBackOf,
} from './change/marker.ts'
import { moveFolders } from './change/move-folders.ts'
import { recover } from './change/recover.ts'
import { Refused } from './change/refused.ts'
import { refusalOf, type Staged, stage, stageDrill } from './change/stage.ts'
import { bootId, boxTime } from './change/time.ts'

declare const rest: string

/** Changes one agent of this box, step by step as the console asks, and holds the way back (design §4). */
const programVersion = 1

/** Less than this left of its time, nothing is put in place any more. */
const leastLeftS = 1
let staged: Staged | null = null
let key = ''
let activatedAtMs = 0

/** Of the change that is being staged or was, from its first file on; empty: none. */
let begun = ''

// A console that goes before anything was armed leaves nothing behind, also in the midst of staging.
process.on('exit', () => {
  giveUpDownload()
  endLine()
  endGit()
  if (begun !== '' && [null, 'staged'].includes(stateOf(begun))) forgetChange(begun)
})

const current = (): Staged => {
  if (staged === null) throw new Error('nothing is staged')
  return staged
}

/** The first question about it is already of the change that is then staged. */
function bring(request: DownloadRequest) {
  begun = folderOf(request.id)
  return download(request)
}

async function fetchFolders({ folders, deadlineS }: FetchRequest): Promise<Fetched> {
  try {
    for (const each of folders) await fetchFor(each, deadlineS * 1000)
    return { done: true }
  } catch (error) {
    return { done: false, why: refusalOf(error) }
  }
}

async function prepare(request: PrepareRequest): Promise<Prepared> {
  key = request.fingerprintKey
  begun = folderOf(request.id)
  const { answer, staged: made } = await stage(request)
  staged = made
  return answer
}

async function armStaged({ revertProgram }: { revertProgram: string }): Promise<Armed> {
  const { folder, plan } = current()
  try {
    return { done: true, bootJob: await arm(folder, plan, revertProgram), deadlineS: plan.deadlineS }
  } catch (error) {
    forgetChange(folder)
    return { done: false, why: refusalOf(error) }
  }
}

/** @throws Refused when it goes back already, or is about to. */
function refuseLate({ folder }: Staged, what: string, leastS = leastLeftS): void {
  const left = stateOf(folder) === 'armed' ? leftOf(readPlan(folder), bootId(), boxTime()) : 0
  if (left < leastS) throw new Refused(`Its time was over before ${what}.`)
}

/** @throws Refused what is not any more as it was staged. */
function refuseChanged(change: Staged): void {
  const { folder, plan } = change
  refuseLate(change, 'it was put in place')
  const now = sha256OfFile(plan.target)
  if (now !== plan.hashBefore && (plan.commands.length === 0 || !isMade(plan, folder, now)))
    throw new Refused('Somebody else changed the config meanwhile.')
  if (now !== plan.hashBefore && plan.hashBefore !== plan.hashAfter)
    throw new Refused('A command changed the config that the patch changes too. Let it run after the settings.')
  if (!areStill(plan.files)) throw new Refused('Somebody else changed a file of the workspace meanwhile.')
}

/** A program that nothing would start again by itself must not run from files that are taken away under it. */
async function endRunning({ agent, folder, plan }: Staged): Promise<void> {
  if (plan.install === null || agent.service !== null) return
  const how = howItRuns(agent)
  if (how !== null) writeNewFile(environmentFile(folder), Buffer.from(JSON.stringify(how)), 0o600)
  if (!(await restGateway(agent))) throw new Refused('The agent did not end, so its program was not replaced.')
}

async function activate(): Promise<Activated> {
  const { plan } = current()
  try {
    refuseChanged(current())
    if (plan.install !== null) {
      await endRunning(current())
      refuseChanged(current())
    }
    if (plan.folders.length > 0) {
      // A timer that goes back meanwhile would meet a git that still writes.
      refuseLate(current(), 'its folders could be moved', (plan.folders.length * moveMs) / 1000)
      await moveFolders(current().folder, plan)
      refuseChanged(current())
    }
    // Compared to the last byte and renamed at once: nothing lies between but a moment.
    activatedAtMs = Date.now()
    // The config last: as long as it is staged, going back knows that it was never put in place.
    putFiles(plan.files)
    if (plan.install !== null) swapIn(plan.install)
    // A command wrote it, and the change itself does not.
    if (sha256OfFile(plan.target) !== plan.hashBefore) rmSync(plan.after)
    else moveOver(plan.after, plan.target)
    return { done: true }
  } catch (error) {
    return { done: false, why: refusalOf(error) }
  }
}

/** The agent as it runs once the change is in place. */
const nextOf = ({ agent, plan }: Staged) => (plan.install === null ? agent : withVersion(agent, plan.install.root))

async function run({ when }: { when: 'before' | 'after' }): Promise<Ran> {
  const change = current()
  const { plan } = change
  try {
    const { ran, rewrote } = await runCommands(change, when, () => refuseLate(change, 'its commands had run'))
    const sha256 = sha256OfFile(plan.target)
    if (ran.at(-1)?.exitCode !== 0) return { done: true, ran: [...ran], sha256, side: null }
    if (rewrote && when === 'after') activatedAtMs = statSync(plan.target).mtimeMs
    const agent = when === 'after' ? nextOf(change) : change.agent
    const raw = loadConfig(agent.configPath)
    if (raw.parsed.problem !== '')
      throw new Refused(`A command left a config that cannot be read: ${raw.parsed.problem}`)
    const { valid, problem } = rewrote
      ? await askValidity({ agent, entry: agent.entry, node: agent.node, version: agent.version }, change.checkMs)
      : { valid: true, problem: '' }
    if (valid !== true)
      throw new Refused(
        valid === null
          ? `The machine’s own OpenClaw gave no verdict on the config that a command left. ${problem}`
          : `A command left a config that the machine’s own OpenClaw refuses: ${problem}`,
      )
    // Also where the config is as it was: whom it answers stands in other files, too.
    return { done: true, ran: [...ran], sha256, side: sideOf(agent, { raw }, key) }
  } catch (error) {
    return { done: false, why: refusalOf(error) }
  }
}

async function settle({ waitMs, expect }: { waitMs: number; expect: string[] }): Promise<Settled> {
  const { agent, folder, plan } = current()
  const holds = async () => ({
    filesHold: areMade(plan.files),
    foldersHold: (await Promise.all(plan.folders.map(isAt))).every(Boolean),
  })
  const common = { fingerprintKey: key, waitMs, sinceMs: activatedAtMs, expect, ran: plan.ran }
  const { install } = plan
  if (install !== null) {
    const next = nextOf(current())
    const start = () => startGateway(next, howOf(folder), (made) => noteStarted(folder, made))
    const settled = await settleConfig(next, {
      ...common,
      replaced: { root: install.root, version: install.to, start },
    })
    if (settled.sha256 !== plan.hashAfter && isWrittenBy(agent.configPath, install.to))
      noteRewritten(folder, settled.sha256)
    return { ...settled, ...(await holds()) }
  }
  const settled = await settleConfig(agent, common)
  return { ...settled, ...(await holds()) }
}

const decided = (folder: string, runs: boolean | null = null): Decided => ({
  state: stateOf(folder) ?? 'gone',
  wentBack: wentBackOf(folder),
  runs,
  commands: commandsOf(folder),
  leftFolders: leftFoldersOf(folder),
})

async function commit({ id }: { id: string }): Promise<Decided> {
  const folder = folderOf(id)
  await finish(folder)
  return decided(folder)
}

/** May be done again: who did it may have been killed at it. */
async function finish(folder: string): Promise<void> {
  commitChange(folder)
  await endBootJob(folder)
}

const endBootJob = (folder: string): Promise<void> => removeBootJob(folder, path.join(folder, 'revert.cjs'))

async function forget({ id }: { id: string }): Promise<object> {
  const folder = folderOf(id)
  // Its timer, which would do so too, may not have looked since.
  if (stateOf(folder) === 'committed' || stateOf(folder) === 'reverted') await endBootJob(folder)
  forgetChange(folder)
  return {}
}

/** Goes back now, and waits until the gateway uses the old file. */
async function revert({ id }: { id: string }): Promise<Decided> {
  const folder = folderOf(id)
  return decided(folder, await takeBack(folder))
}

async function takeBack(folder: string): Promise<boolean | null> {
  const runs = await goBack(folder, key || '00'.repeat(32))
  await endBootJob(folder)
  return runs
}

async function drill({
  id,
  deadlineS,
  revertProgram,
}: {
  id: string
  deadlineS: number
  revertProgram: string
}): Promise<Armed> {
  const { plan, folder } = stageDrill(id, deadlineS)
  try {
    await arm(folder, plan, revertProgram)
    moveOver(plan.after, plan.target)
    return { done: true, bootJob: '', deadlineS }
  } catch (error) {
    forgetChange(folder)
    return { done: false, why: refusalOf(error) }
  }
}

serve(
  '@@WHEELHOUSE-NONCE@@',
  {
    hello: () => ({ programVersion, node: process.version }),
    changes: observeChanges,
    download: (request) => bring(request as DownloadRequest),
    fetch: (request) => fetchFolders(request as FetchRequest),
    recover: () => recover(takeBack, finish),
    prepare: (request) => prepare(request as PrepareRequest),
    arm: (request) => armStaged(request as { revertProgram: string }),
    run: (request) => run(request as { when: 'before' | 'after' }),
    activate,
    settle: (request) => settle(request as { waitMs: number; expect: string[] }),
    commit: (request) => commit(request as { id: string }),
    revert: (request) => revert(request as { id: string }),
    forget: (request) => forget(request as { id: string }),
    drill: (request) => drill(request as { id: string; deadlineS: number; revertProgram: string }),
    stop: (request) => stopChannel(request as StopRequest),
  },
  rest,
)
