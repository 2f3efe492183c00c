import pLimit from 'p-limit'
import type {
  BoxId,
  CommandBox,
  CommandGroup,
  CommandId,
  CommandPreview,
  CommandRun,
  CommandState,
  CommandTarget,
  PreviewId,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { type WatchedRun, watchRun } from '../base/watched-run.ts'
import { counted } from '../base/words.ts'
import { maskText } from '../runtimes/runtimes.ts'
import { foldResults } from './fold.ts'
import { type KeptOutput, keepOutput } from './kept-output.ts'
import { commandQuestion } from './questions.ts'
import { commandRows } from './rows.ts'
import { runOnBox } from './run-on-box.ts'
import type { ShellParts } from './shell.ts'
import { chooseTargets } from './targets.ts'

/** One command over many boxes. Output is kept in memory alone, of the newest runs. */
export interface Commands {
  /** Whom it would reach. Nothing is sent. @throws FaultError `not-found`. */
  preview(input: { boxIds: readonly BoxId[]; command: string }): CommandPreview
  /** Runs exactly a preview once a person has confirmed it. @throws FaultError `not-found`, `cancelled`, `invalid-input`. */
  start(input: { previewId: PreviewId; deadlineS: number }): Promise<CommandRun>
  /** @throws FaultError `not-found`. */
  get(commandId: CommandId): CommandRun
  watch(commandId: CommandId, signal?: AbortSignal): AsyncGenerator<CommandRun>
  groups(commandId: CommandId): CommandGroup[]
  output(input: { commandId: CommandId; boxId: BoxId }): { text: string; cutBytes: number }
  /** Once more where it did not go well, in the same record. @throws FaultError as `start`; `in-use` while it runs. */
  retry(commandId: CommandId): Promise<CommandRun>
  /** @throws FaultError `not-found` when it does not run. */
  cancel(commandId: CommandId): void
  recent(limit: number): ReturnType<ReturnType<typeof commandRows>['recent']>
  /** Ends what runs and waits for the last row. */
  close(): Promise<void>
}

interface Live {
  run: CommandRun
  readonly command: string
  readonly deadlineMs: number
  readonly outputs: Map<BoxId, KeptOutput>
  readonly watched: WatchedRun<CommandRun>
  abort: AbortController
  finished: Promise<void>
}

const keptPreviews = 50
/** Runs whose output is kept. */
const keptRuns = 10

/** Where `retry` sends it again. */
const again: ReadonlySet<CommandState> = new Set(['failed', 'timed-out', 'not-attempted', 'cancelled'])

export function createCommands(parts: ShellParts): Commands {
  const { store, ledger, inventory, ssh, clock, changes, log } = parts
  const rows = commandRows(store.db)
  const previews = new Map<PreviewId, CommandPreview>()
  const lives = new Map<CommandId, Live>()
  const isPinned = (boxId: BoxId) => ssh.trust(boxId).pin !== null
  if (store.writable) store.write(() => interrupted())

  function interrupted(): void {
    const count = rows.interrupt(clock.nowMs())
    if (count > 0)
      ledger.append({
        actor: 'console',
        kind: 'command.interrupted',
        words: `${counted(count, 'command')} ended with the console that ran ${count === 1 ? 'it' : 'them'}.`,
      })
  }

  const live = (commandId: CommandId): Live => {
    const found = lives.get(commandId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'command of this console' })
    return found
  }
  const get = (commandId: CommandId): CommandRun => {
    const run = lives.get(commandId)?.run ?? rows.one(commandId)
    if (!run) throw new FaultError({ code: 'not-found', what: 'command' })
    return run
  }

  /** The row first, then what is shown. */
  function setBox(one: Live, boxId: BoxId, change: Partial<CommandBox>, more: () => void = () => {}): void {
    const box = one.run.boxes.find((each) => each.boxId === boxId)
    if (!box) return
    const next = { ...box, ...change }
    store.write(() => {
      rows.setBox(one.run.commandId, next)
      more()
    })
    one.run = { ...one.run, boxes: one.run.boxes.map((each) => (each.boxId === boxId ? next : each)) }
    one.watched.changed()
  }

  /** What the diary says; secrets of the command are not in it. */
  const told = (command: string): string => maskText(command, [], () => '***')

  async function onBox(one: Live, { boxId, attempts }: CommandBox): Promise<void> {
    if (one.abort.signal.aborted) return setBox(one, boxId, { state: 'not-attempted' })
    const output = keepOutput()
    one.outputs.set(boxId, output)
    const startedMs = clock.monotonicMs()
    let sent = attempts
    setBox(one, boxId, {
      state: 'running',
      exitCode: null,
      signal: null,
      fault: null,
      tookMs: null,
      bytes: 0,
      cutBytes: 0,
    })
    const end = await runOnBox({
      ssh,
      clock,
      boxId,
      command: one.command,
      deadlineMs: one.deadlineMs,
      signal: one.abort.signal,
      take: output.take,
      sending: () => {
        sent += 1
        setBox(one, boxId, { attempts: sent })
      },
    })
    const { bytes, cutBytes } = output
    const tookMs = Math.round(clock.monotonicMs() - startedMs)
    setBox(one, boxId, { ...end, tookMs, bytes, cutBytes }, () => {
      if (sent === attempts) return
      ledger.append({ actor: 'operator', kind: 'command.ran', boxId, words: ranWords(end, told(one.command)) })
    })
    if (sent > attempts) parts.lookAt(boxId)
  }

  function begin(one: Live, boxes: readonly CommandBox[]): void {
    const lane = pLimit(parts.atOnce())
    one.finished = Promise.all(
      boxes.map((box) =>
        lane(() => onBox(one, box)).catch((error: unknown) => {
          // Such as a full disk: this box has failed, the others go on.
          const fault =
            error instanceof FaultError
              ? error.fault
              : { code: 'internal' as const, reference: log.error('command.box-failed', error) }
          one.run = {
            ...one.run,
            boxes: one.run.boxes.map((each) => (each.boxId === box.boxId ? { ...each, state: 'failed', fault } : each)),
          }
          one.watched.changed()
        }),
      ),
    ).then(() => finish(one))
  }

  function finish(one: Live): void {
    const state = one.abort.signal.aborted ? 'cancelled' : 'done'
    const endedAtMs = clock.nowMs()
    try {
      store.write(() => rows.setRun(one.run.commandId, state, endedAtMs))
    } catch (error) {
      log.error('command.end-not-kept', error)
    }
    one.run = { ...one.run, state, endedAtMs }
    one.watched.changed()
    changes.publish('commands', 'ledger')
  }

  async function confirmed(command: string, targets: readonly CommandTarget[]): Promise<void> {
    if (!(await parts.confirm(commandQuestion(command, targets))))
      throw new FaultError({ code: 'cancelled', what: 'the command was not confirmed, so nothing was sent' })
  }

  const started = (command: string, count: number) =>
    ledger.append({
      actor: 'operator',
      kind: 'command.started',
      words: `A command was sent to ${counted(count, 'machine')}: ${told(command)}`,
    })

  return {
    preview({ boxIds, command }) {
      const chosen = chooseTargets(boxIds, { inventory, isPinned }, clock.nowMs())
      const preview: CommandPreview = { previewId: newId<PreviewId>(), command, ...chosen }
      previews.set(preview.previewId, preview)
      for (const oldest of [...previews.keys()].slice(0, -keptPreviews)) previews.delete(oldest)
      return preview
    },
    async start({ previewId, deadlineS }) {
      const preview = previews.get(previewId)
      if (!preview) throw new FaultError({ code: 'not-found', what: 'preview' })
      const { command, targets, leftOut } = preview
      if (targets.length === 0)
        throw new FaultError({ code: 'invalid-input', field: 'machines', detail: 'The command would reach none.' })
      await confirmed(command, targets)
      // Confirmed once, run once.
      if (!previews.delete(previewId)) throw new FaultError({ code: 'not-found', what: 'preview' })
      const run: CommandRun = {
        commandId: newId<CommandId>(),
        command,
        begunAtMs: clock.nowMs(),
        endedAtMs: null,
        state: 'running',
        boxes: targets.map((target) => ({ ...target, ...notSent })),
        leftOut,
      }
      store.write(() => {
        rows.insert(run, told(command))
        started(command, targets.length)
      })
      const one: Live = {
        run,
        command,
        deadlineMs: deadlineS * 1000,
        outputs: new Map(),
        watched: watchRun(
          clock,
          () => one.run,
          () => one.run.endedAtMs !== null,
        ),
        abort: new AbortController(),
        finished: Promise.resolve(),
      }
      lives.set(run.commandId, one)
      for (const [oldest, { run: old }] of [...lives].slice(0, -keptRuns))
        if (old.endedAtMs !== null) lives.delete(oldest)
      changes.publish('commands', 'ledger')
      begin(one, run.boxes)
      return one.run
    },
    get,
    async *watch(commandId, signal) {
      const one = lives.get(commandId)
      if (one) yield* one.watched.watch(signal)
      else yield get(commandId)
    },
    groups(commandId) {
      const outputs = lives.get(commandId)?.outputs
      return foldResults(get(commandId).boxes.map((box) => ({ box, text: outputs?.get(box.boxId)?.text() ?? '' })))
    },
    output({ commandId, boxId }) {
      const output = live(commandId).outputs.get(boxId)
      return { text: output?.text() ?? '', cutBytes: output?.cutBytes ?? 0 }
    },
    async retry(commandId) {
      const one = live(commandId)
      const free = () => {
        if (one.run.endedAtMs === null) throw new FaultError({ code: 'in-use', what: 'The command', by: 'its own run' })
      }
      free()
      const wanted = one.run.boxes.filter((box) => again.has(box.state))
      const { targets } = chooseTargets(
        wanted.map((box) => box.boxId),
        { inventory, isPinned },
        clock.nowMs(),
      )
      if (targets.length === 0)
        throw new FaultError({ code: 'invalid-input', field: 'machines', detail: 'There is none to try again.' })
      await confirmed(one.command, targets)
      free()
      const boxes = wanted.filter((box) => targets.some(({ boxId }) => boxId === box.boxId))
      one.abort = new AbortController()
      one.run = { ...one.run, state: 'running', endedAtMs: null }
      store.write(() => {
        rows.setRun(commandId, 'running', null)
        started(one.command, boxes.length)
      })
      for (const { boxId } of boxes) setBox(one, boxId, { state: 'waiting' })
      changes.publish('commands', 'ledger')
      begin(one, boxes)
      return one.run
    },
    cancel(commandId) {
      const one = live(commandId)
      if (one.run.endedAtMs !== null) throw new FaultError({ code: 'not-found', what: 'running command' })
      one.abort.abort()
    },
    recent: (limit) => rows.recent(limit),
    async close() {
      const running = [...lives.values()].filter(({ run }) => run.endedAtMs === null)
      for (const { abort } of running) abort.abort()
      await Promise.allSettled(running.map(({ finished }) => finished))
    },
  }
}

const notSent = {
  state: 'waiting',
  exitCode: null,
  signal: null,
  fault: null,
  tookMs: null,
  bytes: 0,
  cutBytes: 0,
  attempts: 0,
} as const

function ranWords(
  { state, exitCode, signal }: Pick<CommandBox, 'state' | 'exitCode' | 'signal'>,
  command: string,
): string {
  const how =
    state === 'timed-out'
      ? 'did not end in time'
      : state === 'cancelled'
        ? 'was stopped'
        : signal !== null
          ? `was ended by ${signal}`
          : exitCode === null
            ? 'ended nobody knows how'
            : `ended with ${exitCode}`
  return `A command on {box} ${how}: ${command}`
}
