import { readFileSync } from 'node:fs'
import {
  endStarted,
  findRunnable,
  type HowItRan,
  isSwapped,
  type RunnableAgent,
  restGateway,
  type Started,
  settleConfig,
  startGateway,
} from '../../../runtimes/change.ts'
import type { Settled } from '../../../runtimes/change-answer.ts'
import { alone } from './alone.ts'
import { endLeftLines, undoCommands } from './commands.ts'
import {
  type ChangePlan,
  decide,
  endPutBack,
  environmentFile,
  type PutBack,
  putBackAgain,
  putBackFirst,
  putBackRest,
  readPlan,
  startedOf,
  stateOf,
  withFolders,
} from './marker.ts'
import { moveFoldersBack } from './move-folders.ts'

/** For the gateway to take the old file again. */
const backMs = 60_000
/** For one that was ended to be up again. */
const startMs = 120_000

/**
 * Takes a change back, and waits until the gateway uses the old file: wherever the config is the old one again, whatever
 * became of the files. A gateway that was ended for another version is started again, whichever version lies there.
 *
 * The config goes first, because it decides who is answered while what takes the commands back may take its time; then, in
 * the order that mirrors the change, the inverses of the commands after it, the files, the folders, the inverses of those
 * before it; and the config once more, where one of them has written it.
 *
 * @returns whether an agent that ran before runs again; null: it did not, or its config was not put back.
 */
export async function goBack(folder: string, fingerprintKey: string): Promise<boolean | null> {
  if (!decide(folder, 'armed', 'reverting') && stateOf(folder) !== 'reverting') return null
  const plan = readPlan(folder)
  const work = () => takeBack(folder, plan, fingerprintKey)
  // Nobody runs what takes a command or a folder back beside somebody else who does.
  return plan.commands.length + plan.folders.length === 0 ? work() : alone(folder, mostMs(plan), work)
}

/** Much longer than all of going back takes. */
const mostMs = ({ commands, folders }: ChangePlan): number =>
  commands.reduce((sum, { deadlineS }) => sum + deadlineS * 1000, 0) + (folders.length + 2) * 300_000

async function takeBack(folder: string, plan: ChangePlan, fingerprintKey: string): Promise<boolean | null> {
  const { install } = plan
  endLeftLines(folder)
  const isOther = install !== null && isSwapped(install)
  // Nothing may run from a program that is taken away, or move the state while it is looked at.
  if (isOther) await endBefore(folder, plan)
  const first = putBackFirst(folder)
  if (first === null) return null
  const undo = async (when: 'before' | 'after') => {
    // What stays with the new version keeps what was run for it.
    if (first.install !== 'state-moved') await undoCommands({ folder, plan }, when)
  }
  await undo('after')
  const files = putBackRest(folder, first)
  const isStaying = first.install === 'state-moved'
  const rest = withFolders(folder, files, isStaying ? [] : await moveFoldersBack(folder, plan))
  await undo('before')
  const back = plan.commands.length === 0 ? rest : putBackAgain(folder, rest)
  const settled = await settleBack(folder, plan, back, { fingerprintKey, isOther })
  endPutBack(folder, back)
  return settled !== null && plan.ran ? settled.running : null
}

async function endBefore(folder: string, { stateDir }: ChangePlan): Promise<void> {
  const agent = await findRunnable(stateDir)
  if (agent !== null && agent.service === null) await restGateway(agent)
  const started = startedOf(folder)
  if (started !== null) await endStarted(started)
}

async function settleBack(
  folder: string,
  plan: ChangePlan,
  { config, install }: PutBack,
  { fingerprintKey, isOther }: { fingerprintKey: string; isOther: boolean },
): Promise<Settled | null> {
  const agent =
    (config === 'back' || plan.install !== null) && plan.kind === 'config' ? await findRunnable(plan.stateDir) : null
  if (agent === null) return null
  const common = { fingerprintKey, waitMs: backMs, sinceMs: Date.now(), expect: [], ran: plan.ran }
  if (plan.install === null || install === null) return settleConfig(agent, common)
  const { root } = plan.install
  const version = agent.version
  const start = () => startAgain(folder, agent, isOther)
  return settleConfig(agent, { ...common, waitMs: startMs, replaced: { root, version, start } })
}

/** One that was never ended goes on as it is. */
async function startAgain(folder: string, agent: RunnableAgent, isOther: boolean): Promise<Started> {
  const how = howOf(folder)
  if (!isOther && how === null) return { took: 'by-itself', hasEnded: () => false }
  return startGateway(agent, how)
}

/** How the agent was started before it was ended for this change; null: it was not. */
export function howOf(folder: string): HowItRan | null {
  try {
    return JSON.parse(readFileSync(environmentFile(folder), 'utf8')) as HowItRan
  } catch {
    return null
  }
}
