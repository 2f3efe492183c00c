import { homedir } from 'node:os'
import { commandEnvironment, endLeftLine, lastWordsOf, runLine, secretsOf } from '../../../runtimes/change.ts'
import type { RanCommand } from '../../../runtimes/change-answer.ts'
import { homeOf, maskText, sha256OfFile } from '../../../runtimes/runtimes.ts'
import { beganMs, endOf, type Line, markBegan, markEnded, type PlannedCommand, pidFileOf } from './command-marks.ts'
import { type ChangePlan, isMade, noteRewritten, readPlan } from './marker.ts'
import { Refused } from './refused.ts'

type When = PlannedCommand['when']

async function lineOf(
  { plan, folder }: Place,
  { line, at, text, isForward }: { line: Line; at: number; text: string; isForward: boolean },
): Promise<RanCommand> {
  const { deadlineS = 1 } = plan.commands[at] ?? {}
  const secrets = secretsOf(plan.target)
  const { exitCode, isLate, output } = await runLine(text, {
    deadlineMs: deadlineS * 1000,
    cwd: homeOf(process.env, homedir),
    env: commandEnvironment(plan.stateDir, plan.target, plan.searchPath),
    pidFile: pidFileOf(folder, line, at),
    needsPidFile: isForward,
  })
  for (const secret of secretsOf(plan.target)) secrets.add(secret)
  return { at, exitCode, isLate, said: lastWordsOf(maskText(output, secrets, () => '(a secret)')) }
}

interface Place {
  readonly folder: string
  readonly plan: ChangePlan
}

/** What was run, in order. The last is the only one that may not have ended well. */
export interface RanAll {
  readonly ran: readonly RanCommand[]
  /** The config is not the one any more that stood there before them. */
  readonly rewrote: boolean
}

/**
 * Runs the commands that stand before, or after, the rest of a change, one after another, until one does not end with 0.
 * What they write into the config is noted as this change's own.
 *
 * @param refuse throws when the change may not go on, such as when its time is over.
 * @throws Refused by `refuse`, and when somebody else wrote the config.
 */
export async function runCommands(place: Place, when: When, refuse: () => void): Promise<RanAll> {
  const { folder, plan } = place
  const ran: RanCommand[] = []
  const first = sha256OfFile(plan.target)
  for (const [at, { run, when: stands }] of plan.commands.entries()) {
    if (stands !== when) continue
    refuse()
    const before = sha256OfFile(plan.target)
    if (!isMade(plan, folder, before)) throw new Refused('Somebody else changed the config meanwhile.')
    markBegan(folder, 'command', at)
    const told = await lineOf(place, { line: 'command', at, text: run, isForward: true })
    ran.push(told)
    const after = sha256OfFile(plan.target)
    if (after !== before) noteRewritten(folder, after)
    // Last: without this mark, going back takes what was written meanwhile for the command's.
    markEnded(folder, 'command', at, told)
    if (told.exitCode !== 0) break
  }
  return { ran, rewrote: sha256OfFile(plan.target) !== first }
}

/** Ends what a killed program left running of a change. */
export function endLeftLines(folder: string): void {
  for (const at of readPlan(folder).commands.keys())
    for (const line of ['command', 'inverse'] as const)
      if (beganMs(folder, line, at) !== null && endOf(folder, line, at) === null)
        endLeftLine(pidFileOf(folder, line, at))
}

/**
 * Runs what takes back the commands that began, the last first. One that fails is told by its mark and keeps nothing else
 * from going back. Whoever does this may be killed and do it again: an inverse whose end was not seen runs once more, so it
 * has to bear being run twice, and being run after a command that was cut off.
 */
export async function undoCommands(place: Place, when: When): Promise<void> {
  const { folder, plan } = place
  for (const [at, { undo, when: stands }] of [...plan.commands.entries()].reverse()) {
    if (stands !== when || undo === null) continue
    if (beganMs(folder, 'command', at) === null || endOf(folder, 'inverse', at) !== null) continue
    const wasOurs = isMade(plan, folder, sha256OfFile(plan.target))
    // Going back needs no disk: where nothing can be written any more, it goes on without marks.
    quietly(() => markBegan(folder, 'inverse', at))
    const told = await lineOf(place, { line: 'inverse', at, text: undo, isForward: false })
    const after = sha256OfFile(plan.target)
    if (wasOurs && after !== plan.hashBefore) quietly(() => noteRewritten(folder, after))
    quietly(() => markEnded(folder, 'inverse', at, told))
  }
}

function quietly(write: () => void): void {
  try {
    write()
  } catch {}
}
