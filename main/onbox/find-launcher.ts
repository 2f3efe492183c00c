import type { Clock } from '../base/clock.ts'
import { FaultError, isFault } from '../base/fault-error.ts'
import type { Connection } from '../ssh/ssh.ts'
import { compareNode, isComfortable, type LauncherCandidate, launcherCandidates } from './launchers.ts'
import { NotStarted, type RunningProgram, startProgram } from './program.ts'

/** A start that neither says ready nor ends is given up after this, so that the next launcher gets its turn. */
const oneTryMs = 15_000

export interface FoundLauncher {
  readonly launcher: string
  readonly nodeVersion: string
  /** Running; the caller ends it. */
  readonly program: RunningProgram
}

/**
 * Tries the launchers in order. The first Node that can read everything wins; an older one that can at least run the
 * programs is kept in case there is no better.
 * @throws FaultError `no-node` (what was tried), `node-too-old` (the newest found), connection faults.
 */
export async function findLauncherOn(
  connection: Connection,
  options: {
    program: string
    boxName: string
    clock: Clock
    deadlineMs: number
    signal?: AbortSignal
    candidates?: readonly LauncherCandidate[]
  },
): Promise<FoundLauncher> {
  const { boxName, clock, deadlineMs, candidates = launcherCandidates } = options
  let best: FoundLauncher | null = null
  let tooOld: NotStarted | null = null
  let trouble: unknown = null
  for (const { launcher } of candidates) {
    if (best !== null && clock.monotonicMs() > deadlineMs - oneTryMs) break
    try {
      const program = await startProgram(connection, {
        ...options,
        launcher,
        deadlineMs: Math.min(deadlineMs, clock.monotonicMs() + oneTryMs),
      })
      const found = { launcher, nodeVersion: program.nodeVersion, program }
      if (best !== null && compareNode(found.nodeVersion, best.nodeVersion) <= 0) {
        program.close()
        continue
      }
      best?.program.close()
      best = found
      if (isComfortable(found.nodeVersion)) return found
    } catch (error) {
      if (error instanceof NotStarted) {
        if (error.reason === 'too-old' && (tooOld === null || compareNode(error.found, tooOld.found) > 0))
          tooOld = error
        continue
      }
      const mayGoOn =
        isFault(error, 'program-crashed', 'answer-too-large') ||
        (isFault(error, 'timed-out') && clock.monotonicMs() < deadlineMs)
      if (!mayGoOn || connection.closed) {
        best?.program.close()
        throw error
      }
      trouble ??= error
    }
  }
  if (best !== null) return best
  if (tooOld !== null)
    throw new FaultError({ code: 'node-too-old', boxName, found: tooOld.found, needed: tooOld.needed })
  if (trouble !== null) throw trouble
  throw new FaultError({ code: 'no-node', boxName, tried: candidates.map(({ name }) => name) })
}
