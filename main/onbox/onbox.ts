import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import type { BoxId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { isFault } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import { ExchangesAnswer, type ExchangesRequest } from '../runtimes/exchanges-answer.ts'
import { FileText, type FileTextRequest } from '../runtimes/file-text.ts'
import { LogAnswer, type LogRequest, type TailRequest } from '../runtimes/log-answer.ts'
import { LoginKeysAnswer, type LoginKeysRequest } from '../runtimes/login-keys-answer.ts'
import { LookAnswer, type LookRequest } from '../runtimes/looked-for.ts'
import { Observed, ObservedStranger, orUnread, type ProbeRequest, type Read } from '../runtimes/observed.ts'
import type { CountRequest, PeopleRequest } from '../runtimes/runtimes.ts'
import { SchemaIndex, type SchemaRequest } from '../runtimes/setting-schema.ts'
import type { Connection, Credentials, Ssh } from '../ssh/ssh.ts'
import { type RunningBackup, runBackup } from './backup.ts'
import { type RunningChange, runChange } from './change.ts'
import { findLauncherOn } from './find-launcher.ts'
import { NotStarted, type RunningProgram, startProgram } from './program.ts'
import { type RunningTail, runTail } from './tail.ts'
import { understood } from './understood.ts'
import { createWarmPrograms, type WarmProgram } from './warm.ts'

export type { RunningBackup } from './backup.ts'
export type { RunningChange } from './change.ts'
export type { RunningTail } from './tail.ts'

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
  /**
   * How many commits lie between two, asked of a box's own checkouts: one number a pair, null where it does not hold both.
   * @throws FaultError any connection or answer fault.
   */
  count(boxId: BoxId, pairs: readonly CountRequest[], options: AskOptions): Promise<(number | null)[]>
  /**
   * People an agent answered and may not, with their handles: for the operator's eyes, kept nowhere.
   * @throws FaultError any connection or answer fault.
   */
  people(boxId: BoxId, request: PeopleRequest, options: AskOptions): Promise<z.infer<typeof People>>
  /** New lines of a box's logs, redacted there, as many as one answer holds. @throws FaultError any connection or answer fault. */
  logs(boxId: BoxId, request: LogRequest, options: AskOptions): Promise<LogAnswer>
  /** Every setting that the box's own runtime knows; that runtime is started for it. @throws FaultError any connection or answer fault. */
  schema(boxId: BoxId, request: SchemaRequest, options: AskOptions): Promise<Read<SchemaIndex>>
  /** Whether commands, modules and files are there, by name; nothing of them is run. @throws FaultError any connection or answer fault. */
  look(boxId: BoxId, request: LookRequest, options: AskOptions): Promise<LookAnswer>
  /** What came in at an agent lately and whether it was answered, without content. @throws FaultError any connection or answer fault. */
  exchanges(boxId: BoxId, request: ExchangesRequest, options: AskOptions): Promise<ExchangesAnswer>
  /** The text of one file of a workspace, redacted there. @throws FaultError any connection or answer fault. */
  fileText(boxId: BoxId, request: FileTextRequest, options: AskOptions): Promise<FileText>
  /**
   * Starts a program of its own that follows a box's logs, until it is closed.
   * @param options for the start alone.
   * @throws FaultError any connection or answer fault.
   */
  tail(boxId: BoxId, request: TailRequest, options: AskOptions): Promise<RunningTail>
  /**
   * Starts the program that changes an agent, until it is closed.
   * @param options for the start alone.
   * @throws FaultError any connection or answer fault.
   */
  change(boxId: BoxId, options: AskOptions): Promise<RunningChange>
  /**
   * Starts the program that backs an agent up, until it is closed.
   * @param options for the start alone.
   * @throws FaultError any connection or answer fault.
   */
  backup(boxId: BoxId, options: AskOptions): Promise<RunningBackup>
  /**
   * Looks at or changes which keys may log in there, by a program of its own over the box's own login.
   * @throws FaultError any connection or answer fault.
   */
  keys(boxId: BoxId, request: LoginKeysRequest, options: AskOptions): Promise<LoginKeysAnswer>
  /** Ends all programs but those that follow logs, change an agent or back it up: who began one closes it. */
  close(): void
}

type Program = 'probe' | 'look' | 'tail' | 'apply' | 'revert' | 'backup' | 'keys'

const SchemaAnswer = orUnread(SchemaIndex)
const People = z.array(ObservedStranger.extend({ handle: z.string().max(200) })).max(200)
const Counts = z.array(z.number().int().min(0).nullable()).max(100)

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
  let closed = false
  const starting = new Map<BoxId, Promise<unknown>>()
  const texts = new Map<Program, string>()
  const textOf = (program: Program): string => {
    const text = texts.get(program) ?? readFileSync(path.join(boxProgramsDir, `${program}.js`), 'latin1')
    texts.set(program, text)
    return text
  }

  const remaining = (untilMs: number) => Math.max(1, untilMs - clock.monotonicMs())

  const find = (boxId: BoxId, connection: Connection, program: Program, untilMs: number, signal?: AbortSignal) =>
    findLauncherOn(connection, {
      program: textOf(program),
      boxName: inventory.box(boxId).name,
      clock,
      deadlineMs: untilMs,
      signal,
    })

  /** The stored launcher; when its Node has gone, whatever is there now. */
  const start = async (
    boxId: BoxId,
    connection: Connection,
    program: Program,
    untilMs: number,
    signal?: AbortSignal,
  ): Promise<RunningProgram> => {
    const { launcher, name } = inventory.box(boxId)
    if (launcher !== null) {
      try {
        return await startProgram(connection, {
          launcher,
          program: textOf(program),
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
    const found = await find(boxId, connection, program, untilMs, signal)
    inventory.setLauncher(boxId, found.launcher)
    return found.program
  }

  const startOn = async (boxId: BoxId, program: Program, untilMs: number, { signal, credentials }: AskOptions) => {
    const connection = await ssh.open(boxId, { deadlineMs: remaining(untilMs), signal, credentials })
    try {
      return { connection, program: await start(boxId, connection, program, untilMs, signal) }
    } catch (error) {
      connection.release()
      throw error
    }
  }

  const ask = async (boxId: BoxId, op: string, request: unknown, options: AskOptions): Promise<unknown> => {
    const untilMs = clock.monotonicMs() + options.deadlineMs
    // Questions to a cold box share the program that the first one starts. Whoever waited looks again: nothing may come
    // between seeing that none starts and starting one, or the second would end the first's in the middle of a question.
    for (let begun = starting.get(boxId); keepWarm() && begun !== undefined; begun = starting.get(boxId)) {
      await begun.catch((error: unknown) => {
        // A start that was given up, or had less time, or other secrets, says nothing about this question.
        if (options.credentials === undefined && !isFault(error, 'cancelled', 'timed-out')) throw error
      })
    }
    const kept = keepWarm() ? warm.find(boxId) : null
    const askNow = () =>
      kept === null
        ? askFresh(boxId, op, request, untilMs, options)
        : askRunning(boxId, kept, op, request, untilMs, options)
    try {
      return await askNow()
    } catch (error) {
      // This console dropped its connection, as after waking: that says nothing about the box.
      const ours = isFault(error, 'cancelled') && !options.signal?.aborted && !closed
      // It died while nobody asked (a restart there, a nap here): that says nothing about the box now.
      const died = kept?.program.ended === true && isFault(error, 'connection-lost', 'program-crashed')
      if (!ours && !died) throw error
      return askFresh(boxId, op, request, untilMs, options)
    }
  }

  const askFresh = async (boxId: BoxId, op: string, request: unknown, untilMs: number, options: AskOptions) => {
    const begin = startOn(boxId, 'probe', untilMs, options)
      .then((running) => {
        if (keepWarm()) warm.keep(boxId, running)
        return running
      })
      .finally(() => {
        if (starting.get(boxId) === begin) starting.delete(boxId)
      })
    starting.set(boxId, begin)
    return askRunning(boxId, await begin, op, request, untilMs, options)
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
    if (isKept) warm.asking(running, 1)
    try {
      const answer = await running.program.ask(op, request, { deadlineMs: remaining(untilMs), signal })
      if (isKept) warm.used(boxId, running)
      return answer
    } catch (error) {
      if (running.program.ended) warm.drop(boxId, running)
      throw error
    } finally {
      if (isKept) warm.asking(running, -1)
      if (!isKept || !keepWarm()) end(boxId, running)
    }
  }

  const end = (boxId: BoxId, running: WarmProgram) => {
    if (warm.find(boxId)?.program === running.program) return warm.drop(boxId)
    running.program.close()
    running.connection.release()
  }

  const askFor = async <T>(schema: z.ZodType<T>, boxId: BoxId, op: string, request: unknown, options: AskOptions) => {
    const answer = await ask(boxId, op, request, options)
    try {
      return understood(schema, answer, inventory.box(boxId).name)
    } catch (error) {
      warm.drop(boxId)
      throw error
    }
  }

  /** One question to a program of its own, which bears the name of what it is asked. */
  const askOnce = async <T>(
    schema: z.ZodType<T>,
    boxId: BoxId,
    program: 'look' | 'keys',
    request: unknown,
    options: AskOptions,
  ): Promise<T> => {
    const untilMs = clock.monotonicMs() + options.deadlineMs
    const running = await startOn(boxId, program, untilMs, options)
    try {
      const wait = { deadlineMs: remaining(untilMs), signal: options.signal }
      return understood(schema, await running.program.ask(program, request, wait), inventory.box(boxId).name)
    } finally {
      end(boxId, running)
    }
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
        const found = await find(boxId, connection, 'probe', untilMs, options.signal)
        found.program.close()
        return { launcher: found.launcher, nodeVersion: found.nodeVersion }
      } finally {
        connection.release()
      }
    },
    probe: (boxId, request, options) => askFor(Observed, boxId, 'probe', request, options),
    count: (boxId, pairs, options) => askFor(Counts, boxId, 'count', pairs, options),
    people: (boxId, request, options) => askFor(People, boxId, 'people', request, options),
    logs: (boxId, request, options) => askFor(LogAnswer, boxId, 'logs', request, options),
    schema: (boxId, request, options) => askFor(SchemaAnswer, boxId, 'schema', request, options),
    look: (boxId, request, options) => askOnce(LookAnswer, boxId, 'look', request, options),
    exchanges: (boxId, request, options) => askFor(ExchangesAnswer, boxId, 'exchanges', request, options),
    fileText: (boxId, request, options) => askFor(FileText, boxId, 'fileText', request, options),
    async tail(boxId, request, options) {
      const running = await startOn(boxId, 'tail', clock.monotonicMs() + options.deadlineMs, options)
      const release = () => running.connection.release()
      return runTail(running.program, release, request, inventory.box(boxId).name, options)
    },
    async change(boxId, options) {
      const running = await startOn(boxId, 'apply', clock.monotonicMs() + options.deadlineMs, options)
      const release = () => running.connection.release()
      return runChange(running.program, release, textOf('revert'), inventory.box(boxId).name)
    },
    async backup(boxId, options) {
      const running = await startOn(boxId, 'backup', clock.monotonicMs() + options.deadlineMs, options)
      return runBackup(running.program, () => running.connection.release(), inventory.box(boxId).name)
    },
    keys: (boxId, request, options) => askOnce(LoginKeysAnswer, boxId, 'keys', request, options),
    close() {
      closed = true
      warm.close()
    },
  }
}
