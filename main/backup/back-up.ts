import type { AgentBackup, BoxId, Fault } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { BackupProgress } from '../runtimes/backup-answer.ts'
import { maskText } from '../runtimes/runtimes.ts'

export type BackupEnd = Pick<AgentBackup, 'made' | 'words' | 'nextStep' | 'fault'> & {
  readonly state: 'made' | 'failed' | 'cancelled' | 'not-attempted' | 'unknown'
}

export interface BackupTimes {
  /** For the connection and the start of the program. */
  readonly connectMs: number
  /** For the runtime's own commands; the machine ends them then. */
  readonly makeMs: number
  /** How often the machine is asked where it stands. */
  readonly lookMs: number
}

export const usualBackupTimes: BackupTimes = { connectMs: 30_000, makeMs: 20 * 60_000, lookMs: 1_000 }

/** What the machine needs beyond the commands: measuring before, the checksum after, its answer. */
const graceMs = 60_000
/** Backups that stay on a machine. */
const keep = 3

interface Task {
  readonly onbox: Pick<Onbox, 'backup'>
  readonly clock: Clock
  readonly boxId: BoxId
  readonly stateDir: string
  readonly times: BackupTimes
  readonly signal: AbortSignal
  readonly progress: (progress: BackupProgress) => void
}

const none = { made: null, fault: null, nextStep: '' }

/**
 * Has one agent backed up on its box. Every way it can end is an answer, and only the box's word that the archive stands
 * and was checked is a backup. @throws whatever is no fault.
 */
export async function backUp({ onbox, clock, boxId, stateDir, times, signal, progress }: Task): Promise<BackupEnd> {
  let program: Awaited<ReturnType<Onbox['backup']>>
  try {
    program = await onbox.backup(boxId, { deadlineMs: times.connectMs, signal })
  } catch (error) {
    return { ...none, state: 'not-attempted', words: 'Nothing was begun there.', fault: faultOf(error) }
  }
  let over = false
  let stopLooking = () => {}
  const look = () => {
    stopLooking = clock.after(times.lookMs, () => {
      // A question that is not answered in time ends the program: a busy machine has as long for it as for the backup.
      void program.progress({ deadlineMs: times.makeMs + graceMs }).then(
        (answer) => {
          if (over) return
          progress(answer)
          look()
        },
        // The answer itself says what is wrong.
        () => {},
      )
    })
  }
  look()
  try {
    const request = { stateDir, deadlineMs: times.makeMs, keep }
    const answer = await program.make(request, { deadlineMs: times.makeMs + graceMs, signal })
    if (answer.made === null)
      return {
        ...none,
        state: 'failed',
        // A line of the runtime, which goes into the diary.
        words: untrusted(
          maskText(answer.words, [], () => '***'),
          600,
        ),
        nextStep: untrusted(answer.nextStep, 200),
      }
    const { archive, runtimeVersion, ...made } = answer.made
    return {
      ...none,
      state: 'made',
      made: { ...made, archive: untrusted(archive, 1000), runtimeVersion: untrusted(runtimeVersion, 60) },
      words: 'The backup stands, and the runtime found it whole.',
    }
  } catch (error) {
    const fault = faultOf(error)
    if (signal.aborted)
      return { ...none, state: 'cancelled', words: 'It was stopped; what was half made there goes with it.' }
    // The program crashed, or said what nobody understands: it ended there, and made no backup that it told of.
    const lost = fault.code === 'connection-lost' || fault.code === 'timed-out' || fault.code === 'cancelled'
    return {
      ...none,
      state: lost ? 'unknown' : 'failed',
      words: lost
        ? 'Its end was not seen. The next sweep reads whether there is a backup.'
        : 'It ended without a backup.',
      fault,
    }
  } finally {
    over = true
    stopLooking()
    // It ends the program, and with it what is half made.
    program.close()
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault
  throw error
}
