import path from 'node:path'
import {
  howItRuns,
  isWrittenBy,
  restGateway,
  settleConfig,
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
  Prepared,
  PrepareRequest,
  Settled,
  StopRequest,
} from '../../runtimes/change-answer.ts'
import { moveOver, writeNewFile } from '../../runtimes/runtimes.ts'
import { serve } from '../serve.ts'
import { arm } from './change/arm.ts'
import { removeBootJob } from './change/boot.ts'
import { download, giveUpDownload } from './change/download.ts'
import { areMade, areStill, putFiles } from './change/files.ts'
import { goBack, howOf } from './change/go-back.ts'
import {
  commitChange,
  environmentFile,
  folderOf,
  forgetChange,
  leftOf,
  noteRewritten,
  observeChanges,
  readPlan,
  stateOf,
  wentBackOf,
} from './change/marker.ts'
import { recover } from './change/recover.ts'
import { Refused } from './change/refused.ts'
import { isStill, refusalOf, type Staged, stage, stageDrill } from './change/stage.ts'
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

/** @throws Refused what is not any more as it was staged. */
function refuseChanged({ folder, plan }: Staged): void {
  const left = stateOf(folder) === 'armed' ? leftOf(readPlan(folder), bootId(), boxTime()) : 0
  if (left < leastLeftS) throw new Refused('Its time was over before it was put in place.')
  if (!isStill(plan)) throw new Refused('Somebody else changed the config meanwhile.')
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
    // Compared to the last byte and renamed at once: nothing lies between but a moment.
    activatedAtMs = Date.now()
    // The config last: as long as it is staged, going back knows that it was never put in place.
    putFiles(plan.files)
    if (plan.install !== null) swapIn(plan.install)
    moveOver(plan.after, plan.target)
    return { done: true }
  } catch (error) {
    return { done: false, why: refusalOf(error) }
  }
}

async function settle({ waitMs, expect }: { waitMs: number; expect: string[] }): Promise<Settled> {
  const { agent, folder, plan } = current()
  const common = { fingerprintKey: key, waitMs, sinceMs: activatedAtMs, expect, ran: plan.ran }
  const { install } = plan
  if (install !== null) {
    const next = withVersion(agent, install.root)
    const start = () => startGateway(next, howOf(folder))
    const settled = await settleConfig(next, {
      ...common,
      replaced: { root: install.root, version: install.to, start },
    })
    if (settled.sha256 !== plan.hashAfter && isWrittenBy(agent.configPath, install.to))
      noteRewritten(folder, settled.sha256)
    return { ...settled, filesHold: areMade(plan.files) }
  }
  const settled = await settleConfig(agent, common)
  return { ...settled, filesHold: areMade(plan.files) }
}

const decided = (folder: string, runs: boolean | null = null): Decided => ({
  state: stateOf(folder) ?? 'gone',
  wentBack: wentBackOf(folder),
  runs,
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
    recover: () => recover(takeBack, finish),
    prepare: (request) => prepare(request as PrepareRequest),
    arm: (request) => armStaged(request as { revertProgram: string }),
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
