import type { AgentId, BoxId, PatchCheck, PatchContent } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { canonicalJson } from '../base/canonical.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import { redactLine } from '../runtimes/redact-line.ts'
import { type ExchangesSeen, judgeExchanges } from './judge-exchanges.ts'

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
  /** Asks what came in at an agent since a moment. @throws FaultError why it did not answer. */
  readonly exchanges: (
    about: { boxId: BoxId; agentId: AgentId; sinceMs: number },
    signal: AbortSignal,
  ) => Promise<ExchangesSeen>
}

/** For connection and command together. */
export const commandMs = 60_000
/** Between two looks into a log, or at what came in. */
const betweenMs = 30_000

type CommandCheck = Extract<PatchCheck, { kind: 'command' }>
type LogCheck = Extract<PatchCheck, { kind: 'log' }>
type ExchangeCheck = Extract<PatchCheck, { kind: 'exchange' }>

/** Those that ask a changed machine by themselves; what the others ask is seen by the look after them. */
export const asksMachine = ({ kind }: PatchCheck): boolean =>
  kind === 'command' || kind === 'log' || kind === 'exchange'

/** All that shows that a patch works: its own checks, and the tests of the capability it carries. Each once. Pure. */
export const checksOf = ({ verify, capability }: Pick<PatchContent, 'verify' | 'capability'>): PatchCheck[] => [
  ...new Map([...verify, ...(capability?.tests ?? [])].map((check) => [canonicalJson(check), check])).values(),
]

/** What is waited for after a change and how long at most; empty: nothing is. Pure. */
export function waitWords(checks: readonly PatchCheck[]): string {
  const waits = checks.flatMap((check) => (check.kind === 'log' || check.kind === 'exchange' ? [check] : []))
  if (waits.length === 0) return ''
  const what = [
    ...(waits.some(({ kind }) => kind === 'log') ? ['its log'] : []),
    ...(waits.some(({ kind }) => kind === 'exchange') ? ['a message that is answered'] : []),
  ].join(' and ')
  return `Waits up to ${counted(Math.max(...waits.map(({ withinMinutes }) => withinMinutes)), 'minute')} for ${what}.`
}

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

interface About {
  readonly boxId: BoxId
  readonly agentId: AgentId
  /** Since when lines of its log count. */
  readonly begunAtMs: number
  /** When the change was in force and believed: what came in before shows nothing. */
  readonly changedAtMs: number
}

/**
 * Makes the checks of a patch that ask a changed machine, one after another: commands first, then what has to be waited
 * for. What was not answered is neither a pass nor a failure. Ends early, with what is known, once `signal` fires.
 */
export async function makeChecks(
  { clock, keyOf, run, lines, exchanges }: CheckWork,
  { boxId, agentId, begunAtMs, changedAtMs }: About,
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
  /** Looks again and again until `judge` can say something, or it is over. */
  const waited = async <Seen>(
    name: string,
    untilMs: number,
    look: () => Promise<Seen>,
    judge: (seen: Seen, nowMs: number) => Checked | null,
  ): Promise<Checked> => {
    for (;;) {
      const nowMs = clock.nowMs()
      try {
        const judged = judge(await look(), nowMs)
        if (judged !== null) return judged
      } catch (error) {
        if (nowMs >= untilMs || signal.aborted) return unanswered(name, error)
        if (!(error instanceof FaultError)) throw error
      }
      if (signal.aborted) return { state: 'cant-tell', words: `${name} was not waited for.` }
      const leftMs = untilMs - clock.nowMs()
      await wait(leftMs > 0 ? Math.min(betweenMs, leftMs) : betweenMs)
    }
  }
  const log = (check: LogCheck): Promise<Checked> => {
    const untilMs = begunAtMs + check.withinMinutes * 60_000
    return waited(
      `The log line “${untrusted(check.words, 120)}”`,
      untilMs,
      () => lines({ boxId, agentId, words: check.words, sinceMs: begunAtMs }, signal),
      (seen, nowMs) => judgeLines(check, seen, nowMs >= untilMs),
    )
  }
  const exchange = ({ withinMinutes }: ExchangeCheck): Promise<Checked> => {
    const untilMs = changedAtMs + withinMinutes * 60_000
    return waited(
      'An answered message',
      untilMs,
      () => exchanges({ boxId, agentId, sinceMs: changedAtMs }, signal),
      (seen, nowMs) => judgeExchanges(withinMinutes, seen, { nowMs, untilMs }),
    )
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
  for (const check of checks) if (check.kind === 'exchange') made.push(await exchange(check))
  return made
}
