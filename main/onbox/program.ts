import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newNonce } from '../base/ids.ts'
import type { Channel, Connection } from '../ssh/ssh.ts'
import { answerLimitBytes, createAnswerReader } from './answers.ts'
import { asciiLine, commandFor, loadProgram } from './bootstrap.ts'
import { isAbsent } from './launchers.ts'

/** Why a program did not get as far as `ready`, when that is not a fault of the box. */
export class NotStarted extends Error {
  readonly reason: 'absent' | 'too-old'
  readonly found: string
  readonly needed: string
  constructor(reason: 'absent' | 'too-old', found: string, needed = '') {
    super(reason)
    this.reason = reason
    this.found = found
    this.needed = needed
  }
}

/** Most of a box's own words in a fault, characters. */
const wordsChars = 1000

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** A program running on a box, ready for questions. One at a time or many: each has its id. */
export interface RunningProgram {
  readonly nodeVersion: string
  readonly ended: boolean
  /** @throws FaultError `timed-out`, `cancelled`, `program-crashed`, `connection-lost`, `answer-too-large`, `answer-not-understood`. */
  ask(op: string, request: unknown, options: { deadlineMs: number; signal?: AbortSignal }): Promise<unknown>
  close(): void
}

/**
 * Starts a program on a box and waits until it says that it is ready.
 * @param deadlineMs monotonic; for the start alone.
 * @throws NotStarted, or FaultError as {@link RunningProgram.ask}.
 */
export async function startProgram(
  connection: Pick<Connection, 'start' | 'closed'>,
  options: {
    launcher: string
    program: string
    boxName: string
    clock: Clock
    deadlineMs: number
    signal?: AbortSignal
  },
): Promise<RunningProgram> {
  const { clock, boxName, deadlineMs, signal } = options
  const nonce = newNonce()
  const channel = await connection.start(commandFor(options.launcher), {
    deadlineMs: Math.max(1, deadlineMs - clock.monotonicMs()),
    signal,
  })
  const waiting = new Map<number | 'ready', Waiting>()
  const givenUp = new Set<number | 'ready'>()
  let nextId = 1
  let failure: Error | null = null

  const fail = (error: Error) => {
    if (failure !== null) return
    failure = error
    channel.close()
    for (const waiter of waiting.values()) waiter.reject(error)
    waiting.clear()
  }
  const settle = (value: Record<string, unknown>) => {
    const key = value.ready === true ? 'ready' : (value.id as number)
    if (typeof value.tooOld === 'string' && waiting.has('ready'))
      return fail(new NotStarted('too-old', untrusted(value.tooOld, 60), untrusted(String(value.needed), 60)))
    const waiter = waiting.get(key)
    waiting.delete(key)
    if (waiter === undefined) {
      // A late answer, whose question was given up, comes once; whatever else was never asked for ends it.
      if (givenUp.delete(key)) return
      return fail(new FaultError({ code: 'answer-not-understood', boxName, detail: 'it answered without a question' }))
    }
    if (typeof value.error === 'string')
      waiter.reject(
        new FaultError({
          code: 'program-crashed',
          boxName,
          exitCode: null,
          signal: null,
          lastLines: untrusted(value.error, wordsChars),
        }),
      )
    else waiter.resolve(key === 'ready' ? value.node : value.ok)
  }
  const wait = async (key: number | 'ready', send: string, until: number, signal?: AbortSignal): Promise<unknown> => {
    if (failure !== null) throw failure
    const startedMs = clock.monotonicMs()
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(key, { resolve, reject }))
    answer.catch(() => {})
    const cancelTimer = clock.after(Math.max(0, until - startedMs), () =>
      fail(
        new FaultError({
          code: 'timed-out',
          boxName,
          phase: 'answer',
          afterMs: Math.round(clock.monotonicMs() - startedMs),
        }),
      ),
    )
    const abort = () => {
      const cancelled = new FaultError({ code: 'cancelled', what: `the question to ${boxName}` })
      const waiter = waiting.get(key)
      if (waiting.delete(key)) givenUp.add(key)
      // A program that runs goes on for whoever else asked it; a late answer finds nobody.
      if (key === 'ready') fail(cancelled)
      waiter?.reject(cancelled)
    }
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      channel.write(send).catch(() => {})
      return await answer
    } finally {
      cancelTimer()
      signal?.removeEventListener('abort', abort)
    }
  }
  void readAnswers(
    channel,
    nonce,
    settle,
    fail,
    () => endFault(channel, connection, boxName, waiting.has('ready')),
    boxName,
  )
  const nodeVersion = untrusted(
    String(await wait('ready', loadProgram(options.program, nonce), deadlineMs, signal)),
    60,
  )
  return {
    nodeVersion,
    get ended() {
      return failure !== null
    },
    ask: (op, request, options) => {
      const id = nextId++
      return wait(id, asciiLine({ id, op, request }), clock.monotonicMs() + options.deadlineMs, options.signal)
    },
    close: () => fail(new FaultError({ code: 'cancelled', what: `the question to ${boxName}` })),
  }
}

async function readAnswers(
  channel: Channel,
  nonce: string,
  settle: (value: Record<string, unknown>) => void,
  fail: (error: Error) => void,
  whyEnded: () => Promise<Error>,
  boxName: string,
): Promise<void> {
  const reader = createAnswerReader(nonce)
  try {
    for await (const chunk of channel.output) {
      for (const event of reader.push(chunk)) {
        if (event.kind === 'answer') settle(event.value)
        else if (event.kind === 'broken')
          return fail(new FaultError({ code: 'answer-not-understood', boxName, detail: untrusted(event.detail) }))
        else return fail(new FaultError({ code: 'answer-too-large', boxName, limitBytes: answerLimitBytes }))
      }
    }
    fail(await whyEnded())
  } catch (error) {
    fail(
      error instanceof FaultError
        ? error
        : new FaultError(
            {
              code: 'connection-lost',
              boxName,
              detail: untrusted(error instanceof Error ? error.message : String(error)),
            },
            error,
          ),
    )
  }
}

/** The output has ended: was it the Node that is missing, the program, or the connection? */
async function endFault(
  channel: Channel,
  connection: Pick<Connection, 'closed'>,
  boxName: string,
  beforeReady: boolean,
): Promise<Error> {
  const { exitCode, signal } = await channel.ended
  const tail = channel.errorTail().trim().split('\n').slice(-6).join('\n').slice(-wordsChars)
  const lastLines = untrusted(tail, wordsChars)
  if (beforeReady && isAbsent(exitCode, tail)) return new NotStarted('absent', lastLines)
  if (connection.closed || (exitCode === null && signal === null))
    return new FaultError({ code: 'connection-lost', boxName, detail: lastLines })
  return new FaultError({ code: 'program-crashed', boxName, exitCode, signal, lastLines })
}
