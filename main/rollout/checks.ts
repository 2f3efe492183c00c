import type { AgentId, BoxId, PatchCheck } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import { redactLine } from '../runtimes/redact-line.ts'

/** What a check of a patch showed on one machine. */
export interface Checked {
  readonly state: 'pass' | 'fail' | 'cant-tell'
  readonly words: string
}

/** How a command on a machine ended; its output is raw. */
export interface CommandEnd {
  readonly state: 'ended' | 'timed-out'
  readonly exitCode: number | null
  readonly signal: string | null
  readonly output: string
}

/** What the lines of an agent since a moment hold. `whole`: all of them were read. */
export interface LinesSeen {
  readonly isThere: boolean
  readonly whole: boolean
}

export interface CheckWork {
  readonly clock: Clock
  /** Under which secrets of a machine are marked. */
  readonly keyOf: (boxId: BoxId) => string
  /** @throws FaultError why the machine was not reached. */
  readonly run: (boxId: BoxId, command: string, deadlineMs: number, signal: AbortSignal) => Promise<CommandEnd>
  /** Fetches what is new in its logs, then looks. @throws FaultError why they could not be fetched. */
  readonly lines: (
    about: { boxId: BoxId; agentId: AgentId; words: string; sinceMs: number },
    signal: AbortSignal,
  ) => Promise<LinesSeen>
}

/** For connection and command together. */
export const commandMs = 60_000
/** Between two looks into a log. */
const betweenMs = 30_000

export type CommandCheck = Extract<PatchCheck, { kind: 'command' }>
export type LogCheck = Extract<PatchCheck, { kind: 'log' }>

/** The last line of what a command wrote, without its secrets. */
const lastWords = (output: string, key: string): string =>
  untrusted(redactLine(output.trim().split('\n').at(-1)?.slice(0, 4000) ?? '', key), 200)

/** What the end of a command says. `key`: under which secrets in its words are marked. Pure. */
export function judgeCommand(
  { run }: CommandCheck,
  { state, exitCode, signal, output }: CommandEnd,
  key: string,
): Checked {
  const name = `The command ${untrusted(run, 120)}`
  if (state === 'timed-out')
    return { state: 'cant-tell', words: `${name} did not end within ${counted(commandMs / 1000, 'second')}.` }
  if (exitCode === 0) return { state: 'pass', words: `${name} ended with 0.` }
  if (exitCode === null && signal === null) return { state: 'cant-tell', words: `${name}: nobody saw how it ended.` }
  const said = lastWords(output, key)
  return {
    state: 'fail',
    words: `${name} ended with ${exitCode ?? untrusted(signal ?? '', 20)}${said === '' ? '' : `: ${said.replace(/\.$/, '')}`}.`,
  }
}

/** What a look into a log says; null: it is too early to say. `isOver`: the time of the check. Pure. */
export function judgeLines({ words, is }: LogCheck, { isThere, whole }: LinesSeen, isOver: boolean): Checked | null {
  const name = `The log line “${untrusted(words, 120)}”`
  if (isThere)
    return is === 'there'
      ? { state: 'pass', words: `${name} came.` }
      : { state: 'fail', words: `${name} came, and was not to come.` }
  if (!isOver) return null
  if (!whole) return { state: 'cant-tell', words: `${name}: not all lines since the change could be read.` }
  return is === 'absent'
    ? { state: 'pass', words: `${name} did not come.` }
    : { state: 'fail', words: `${name} did not come in its time.` }
}

type About = { readonly boxId: BoxId; readonly agentId: AgentId; readonly changedAtMs: number }

/**
 * Makes the checks of a patch that ask a changed machine, one after another: commands first. What was not answered is
 * neither a pass nor a failure. Ends early, with what is known, once `signal` fires.
 */
export async function makeChecks(
  { clock, keyOf, run, lines }: CheckWork,
  { boxId, agentId, changedAtMs }: About,
  checks: readonly PatchCheck[],
  signal: AbortSignal,
): Promise<Checked[]> {
  const unanswered = (name: string, error: unknown): Checked => {
    if (!(error instanceof FaultError)) throw error
    return { state: 'cant-tell', words: `${name} was not answered: ${faultText(error.fault).sentence}` }
  }
  const command = async (check: CommandCheck): Promise<Checked> => {
    try {
      return judgeCommand(check, await run(boxId, check.run, commandMs, signal), keyOf(boxId))
    } catch (error) {
      return unanswered(`The command ${untrusted(check.run, 120)}`, error)
    }
  }
  const log = async (check: LogCheck): Promise<Checked> => {
    const { words, withinMinutes } = check
    const untilMs = changedAtMs + withinMinutes * 60_000
    for (;;) {
      const isOver = clock.nowMs() >= untilMs
      try {
        const seen = await lines({ boxId, agentId, words, sinceMs: changedAtMs }, signal)
        const judged = judgeLines(check, seen, isOver)
        if (judged !== null) return judged
      } catch (error) {
        if (isOver || signal.aborted) return unanswered(`The log line “${untrusted(words, 120)}”`, error)
        if (!(error instanceof FaultError)) throw error
      }
      if (signal.aborted) return { state: 'cant-tell', words: 'It was not waited for the log line.' }
      await wait(Math.min(betweenMs, untilMs - clock.nowMs()))
    }
  }
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        stop()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = clock.after(Math.max(0, ms), done)
      signal.addEventListener('abort', done, { once: true })
    })

  const made: Checked[] = []
  for (const check of checks) if (check.kind === 'command') made.push(await command(check))
  for (const check of checks) if (check.kind === 'log') made.push(await log(check))
  return made
}
