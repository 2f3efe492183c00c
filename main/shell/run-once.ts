import type { BoxId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Ssh } from '../ssh/ssh.ts'
import { runOnBox } from './run-on-box.ts'

/** The end of what a command writes is kept, in bytes. */
const mostBytes = 8192

/**
 * Runs a command on a machine that a person has agreed to before. `output`: the end of what it wrote, raw.
 *
 * @param deadlineMs for connection and command together.
 * @throws FaultError why the machine was not reached, or why nobody saw the end.
 */
export async function runOnce(
  { ssh, clock }: { ssh: Pick<Ssh, 'open'>; clock: Clock },
  boxId: BoxId,
  command: string,
  deadlineMs: number,
  signal: AbortSignal,
) {
  let tail = Buffer.alloc(0)
  const take = (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-mostBytes)
  }
  const ended = await runOnBox({ ssh, clock, boxId, command, deadlineMs, signal, take, sending: () => {} })
  if (ended.fault !== null) throw new FaultError(ended.fault)
  if (ended.state === 'cancelled' || ended.state === 'not-attempted')
    throw new FaultError({ code: 'cancelled', what: 'the run was paused' })
  const state = ended.state === 'timed-out' ? ('timed-out' as const) : ('ended' as const)
  return { state, exitCode: ended.exitCode, signal: ended.signal, output: tail.toString('utf8') }
}
