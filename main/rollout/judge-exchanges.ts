import { DateTime } from 'luxon'
import { untrusted } from '../../shared/untrusted.ts'
import { counted, spanWords } from '../base/words.ts'
import type { ExchangesAnswer, SeenExchange } from '../runtimes/exchanges-answer.ts'
import type { Checked } from './checks.ts'

/** What came in at an agent since its change, in times of this computer. */
export type ExchangesSeen =
  | { readonly read: true; readonly exchanges: readonly SeenExchange[]; readonly unread: number }
  | { readonly read: false; readonly why: string }

/**
 * What of an answer came in since then. A clock that may be the same as this computer's counts as that; one that is not
 * is put so that nothing from before counts. Pure.
 *
 * @param asked when it was asked and when it had answered, by this computer's clock.
 */
export function since(
  answer: ExchangesAnswer,
  sinceMs: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): ExchangesSeen {
  if (!answer.read) return { read: false, why: untrusted(answer.why, 200) }
  const { nowMs, exchanges, unread } = answer.value
  const aheadMs = nowMs >= fromMs && nowMs <= toMs ? 0 : nowMs - fromMs
  const here = (atMs: number) => atMs - aheadMs
  return {
    read: true,
    unread,
    exchanges: exchanges.flatMap((one) =>
      here(one.atMs) < sinceMs
        ? []
        : { ...one, atMs: here(one.atMs), endedAtMs: one.endedAtMs === null ? null : here(one.endedAtMs) },
    ),
  }
}

/** How long a message that is open may still become an answer when the time of the check is over. */
const patienceMs = 5 * 60_000
/** After a failure another model may answer. */
const lastWordMs = 60_000

const clockWords = (atMs: number): string => {
  const at = DateTime.fromMillis(atMs)
  return at.isValid ? at.toFormat('HH:mm') : 'an impossible time'
}
const nameOf = ({ atMs, isTest }: SeenExchange): string =>
  `${isTest ? 'A test message of yours' : 'A message'} at ${clockWords(atMs)}`

const failedWords = (one: SeenExchange): string =>
  `${nameOf(one)} ${one.state === 'error-sent' ? 'got an error for an answer' : 'failed'}.`

/**
 * What the messages since a change say; null: it is too early to say. The newest one of which the end is known decides: an
 * answer after a failure shows that it works now. `untilMs`: the time of the check. Pure.
 */
export function judgeExchanges(
  withinMinutes: number,
  seen: ExchangesSeen,
  { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number },
): Checked | null {
  const isOver = nowMs >= untilMs
  if (!seen.read)
    return isOver
      ? { state: 'cant-tell', words: `Whether a message was answered could not be read: ${seen.why}` }
      : null
  const { exchanges, unread } = seen
  const told = exchanges.filter(({ state }) => state !== 'open' && state !== 'silent')
  const last = told.toSorted((a, b) => (a.endedAtMs ?? 0) - (b.endedAtMs ?? 0)).at(-1)
  if (last?.state === 'answered') {
    const failed = told.filter(({ state }) => state !== 'answered').length
    const before = failed === 0 ? '' : `; ${counted(failed, 'message')} failed before`
    const took = spanWords(Math.max(0, (last.endedAtMs ?? 0) - last.atMs))
    return { state: 'pass', words: `${nameOf(last)} was answered after ${took}${before}.` }
  }
  const open = exchanges.find(({ state }) => state === 'open')
  if (open) {
    if (nowMs < Math.max(untilMs, open.atMs + patienceMs)) return null
    return { state: 'fail', words: last ? failedWords(last) : `${nameOf(open)} was not answered.` }
  }
  if (last) {
    const isLast = last.state === 'error-sent' || nowMs >= (last.endedAtMs ?? 0) + lastWordMs
    return isLast ? { state: 'fail', words: failedWords(last) } : null
  }
  if (!isOver) return null
  const [silent] = exchanges
  if (silent) return { state: 'cant-tell', words: `${nameOf(silent)} came in, and the agent chose not to answer it.` }
  const time = counted(withinMinutes, 'minute')
  return {
    state: 'cant-tell',
    words:
      unread === 0
        ? `Nobody wrote within ${time}.`
        : `No message was seen within ${time}; ${counted(unread, 'entry', 'entries')} of that time could not be read.`,
  }
}
