import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { BoxId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError, isFault } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import { Observed, type ProbeRequest } from '../runtimes/observed.ts'
import type { Connection, Credentials, Ssh } from '../ssh/ssh.ts'
import { findLauncherOn } from './find-launcher.ts'
import { NotStarted, type RunningProgram, startProgram } from './program.ts'
import { createWarmPrograms, type WarmProgram } from './warm.ts'

/** How a box starts its own Node: a command-line prefix such as `node` or `"C:\\Program Files\\nodejs\\node.exe"`. */
export type Launcher = string

export interface AskOptions {
  /** For the whole question, connection included. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal
  readonly credentials?: Credentials
}

/** Programs that run on a box: one bundled file each, sent over stdin to that box's own Node (design §4). */
export interface Onbox {
  /** Tries launchers in order until a program says that it is ready. @throws FaultError `no-node`, `node-too-old`, connection faults. */
  findLauncher(boxId: BoxId, options: AskOptions): Promise<{ launcher: Launcher; nodeVersion: string }>
  /** One question to the probe; a warm program is used when there is one. @throws FaultError any connection or answer fault. */
  probe(boxId: BoxId, request: ProbeRequest, options: AskOptions): Promise<Observed>
  /** Ends all programs. */
  close(): void
}

export interface OnboxOptions {
  readonly ssh: Pick<Ssh, 'open'>
  readonly inventory: Pick<InventoryReads, 'box' | 'setLauncher'>
  readonly clock: Clock
  readonly log: Log
  /** Folder of the built programs, `out/box`. */
  readonly boxProgramsDir: string
  /** False: every question starts a program of its own (the operator's setting). Default true. */
  readonly keepWarm?: () => boolean
  /** Most programs that stay at once; the least recently used goes first. Default 64 (design §2). */
  readonly mostWarm?: number
}

export function createOnbox({
  ssh,
  inventory,
  clock,
  log,
  boxProgramsDir,
  keepWarm = () => true,
  mostWarm = 64,
}: OnboxOptions): Onbox {
  const warm = createWarmPrograms(clock, mostWarm)
  const starting = new Map<BoxId, Promise<unknown>>()
  let probeText: string | null = null
  const program = () => (probeText ??= readFileSync(path.join(boxProgramsDir, 'probe.js'), 'latin1'))

  const remaining = (untilMs: number) => Math.max(1, untilMs - clock.monotonicMs())

  const find = (boxId: BoxId, connection: Connection, untilMs: number, signal?: AbortSignal) =>
    findLauncherOn(connection, {
      program: program(),
      boxName: inventory.box(boxId).name,
      clock,
      deadlineMs: untilMs,
      signal,
    })

  /** The stored launcher; when its Node has gone, whatever is there now. */
  const start = async (
    boxId: BoxId,
    connection: Connection,
    untilMs: number,
    signal?: AbortSignal,
  ): Promise<RunningProgram> => {
    const { launcher, name } = inventory.box(boxId)
    if (launcher !== null) {
      try {
        return await startProgram(connection, {
          launcher,
          program: program(),
          boxName: name,
          clock,
          deadlineMs: untilMs,
          signal,
        })
      } catch (error) {
        if (!(error instanceof NotStarted)) throw error
        log.info('launcher-gone', { boxId, launcher, reason: error.reason })
      }
    }
    const found = await find(boxId, connection, untilMs, signal)
    inventory.setLauncher(boxId, found.launcher)
    return found.program
  }

  const startOn = async (boxId: BoxId, untilMs: number, { signal, credentials }: AskOptions) => {
    const connection = await ssh.open(boxId, { deadlineMs: remaining(untilMs), signal, credentials })
    try {
      return { connection, program: await start(boxId, connection, untilMs, signal) }
    } catch (error) {
      connection.release()
      throw error
    }
  }

  const ask = async (boxId: BoxId, op: string, request: unknown, options: AskOptions): Promise<unknown> => {
    const untilMs = clock.monotonicMs() + options.deadlineMs
    // Two questions to a cold box share the program that the first one starts.
    await starting.get(boxId)?.catch(() => {})
    const kept = keepWarm() ? warm.find(boxId) : null
    if (kept === null) return askFresh(boxId, op, request, untilMs, options)
    try {
      return await askRunning(boxId, kept, op, request, untilMs, options)
    } catch (error) {
      // It died while nobody asked (a restart there, a nap here): that says nothing about the box now.
      if (!kept.program.ended || !isFault(error, 'connection-lost', 'program-crashed')) throw error
      return askFresh(boxId, op, request, untilMs, options)
    }
  }

  const askFresh = async (boxId: BoxId, op: string, request: unknown, untilMs: number, options: AskOptions) => {
    const begin = startOn(boxId, untilMs, options)
    starting.set(boxId, begin)
    try {
      const running = await begin
      if (keepWarm()) warm.keep(boxId, running)
      return await askRunning(boxId, running, op, request, untilMs, options)
    } finally {
      if (starting.get(boxId) === begin) starting.delete(boxId)
    }
  }

  const askRunning = async (
    boxId: BoxId,
    running: WarmProgram,
    op: string,
    request: unknown,
    untilMs: number,
    { signal }: AskOptions,
  ): Promise<unknown> => {
    const isKept = warm.find(boxId)?.program === running.program
    if (isKept) warm.asking(boxId, 1)
    try {
      const answer = await running.program.ask(op, request, { deadlineMs: remaining(untilMs), signal })
      if (isKept) warm.keep(boxId, running)
      return answer
    } catch (error) {
      if (running.program.ended) warm.drop(boxId, running)
      throw error
    } finally {
      if (isKept) warm.asking(boxId, -1)
      if (!isKept || !keepWarm()) end(boxId, running)
    }
  }

  const end = (boxId: BoxId, running: WarmProgram) => {
    if (warm.find(boxId)?.program === running.program) return warm.drop(boxId)
    running.program.close()
    running.connection.release()
  }

  return {
    async findLauncher(boxId, options) {
      const untilMs = clock.monotonicMs() + options.deadlineMs
      const connection = await ssh.open(boxId, {
        deadlineMs: options.deadlineMs,
        signal: options.signal,
        credentials: options.credentials,
      })
      try {
        const found = await find(boxId, connection, untilMs, options.signal)
        found.program.close()
        return { launcher: found.launcher, nodeVersion: found.nodeVersion }
      } finally {
        connection.release()
      }
    },
    async probe(boxId, request, options) {
      const answer = Observed.safeParse(await ask(boxId, 'probe', request, options))
      if (answer.success) return answer.data
      warm.drop(boxId)
      const [issue] = answer.error.issues
      const detail = `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not understood'}`
      throw new FaultError({
        code: 'answer-not-understood',
        boxName: inventory.box(boxId).name,
        detail: untrusted(detail, 300),
      })
    },
    close: () => warm.close(),
  }
}
