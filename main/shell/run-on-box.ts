import type { BoxId, CommandBox } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Channel, Connection, Ssh } from '../ssh/ssh.ts'

export type BoxEnd = Pick<CommandBox, 'exitCode' | 'signal' | 'fault'> & {
  readonly state: 'ok' | 'failed' | 'timed-out' | 'not-attempted' | 'cancelled'
}

interface Task {
  readonly ssh: Pick<Ssh, 'open'>
  readonly clock: Clock
  readonly boxId: BoxId
  readonly command: string
  /** For connection and command together. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
  readonly take: (chunk: Buffer) => void
  /** Called before the command is sent: from here on it may have run. */
  readonly sending: () => void
}

/** Time a command has to end after it was told to. */
const graceMs = 1_000

const nothing = { exitCode: null, signal: null, fault: null }

/**
 * Runs a command on one box to its end, its errors merged into its output, its input closed. Every way it can end is an
 * answer. @throws whatever is no fault.
 */
export async function runOnBox(task: Task): Promise<BoxEnd> {
  const { ssh, clock, boxId, signal } = task
  const startedMs = clock.monotonicMs()
  const leftMs = () => Math.max(1, task.deadlineMs - (clock.monotonicMs() - startedMs))
  let connection: Connection | null = null
  try {
    connection = await ssh.open(boxId, { deadlineMs: leftMs(), signal })
    if (signal.aborted) return { ...nothing, state: 'not-attempted' }
  } catch (error) {
    connection?.release()
    return { ...nothing, state: 'not-attempted', fault: faultOf(error) }
  }
  try {
    task.sending()
    const channel = await connection.start(task.command, {
      deadlineMs: leftMs(),
      signal,
      errors: 'merged',
      once: true,
    })
    return await follow(channel, task, leftMs())
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code === 'too-many-sessions') return { ...nothing, state: 'not-attempted', fault }
    if (signal.aborted) return { ...nothing, state: 'cancelled' }
    return { ...nothing, state: fault.code === 'timed-out' ? 'timed-out' : 'failed', fault }
  } finally {
    connection.release()
  }
}

/** Reads it to its end; at the deadline or a cancel it is told to end, then closed, then left to itself. */
async function follow(channel: Channel, { clock, signal, take }: Task, deadlineMs: number): Promise<BoxEnd> {
  let why: 'timed-out' | 'cancelled' | null = null
  const timers: (() => void)[] = []
  const left = Promise.withResolvers<{ exitCode: null; signal: null }>()
  const end = (reason: 'timed-out' | 'cancelled') => {
    if (why !== null) return
    why = reason
    channel.terminate()
    timers.push(
      clock.after(graceMs, () => channel.close()),
      // A box may never close its side.
      clock.after(2 * graceMs, () => left.resolve({ exitCode: null, signal: null })),
    )
  }
  const cancel = () => end('cancelled')
  timers.push(clock.after(deadlineMs, () => end('timed-out')))
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  const read = async () => {
    channel.endInput()
    for await (const chunk of channel.output) take(chunk)
    return channel.ended
  }
  try {
    const ended = await Promise.race([read(), left.promise])
    return { ...ended, state: why ?? (ended.exitCode === 0 ? 'ok' : 'failed'), fault: null }
  } finally {
    for (const stop of timers) stop()
    signal.removeEventListener('abort', cancel)
    channel.close()
  }
}

function faultOf(error: unknown): FaultError['fault'] {
  if (error instanceof FaultError) return error.fault
  throw error
}
