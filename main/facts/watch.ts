import type { UnwatchedSpan } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { standingWords } from '../base/words.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import type { WatchRows } from './watch-rows.ts'

/** Who looked, and when nobody did. The moments are rows, so that a console that was killed leaves a true span behind. */
export interface Watch {
  /** Spans nobody watched that reach into the time since then, oldest first; one that lasts ends now. */
  spans(sinceMs: number): UnwatchedSpan[]
  /** Since when this computer's own network is away; null: as far as known it is there. */
  noNetworkSinceMs(): number | null
  /** The console is awake. Called often; the row is written every other minute. */
  alive(): void
  /** The computer goes to sleep: from here on nobody watches. */
  asleep(): void
  /** The console ends in order: the next one knows since when nobody watched. */
  leave(): void
}

/** What the sweeps tell the watch, inside their transactions. */
export interface Watching extends Watch {
  /** Something on the way to a machine answered: whatever kept the console from watching is over. */
  looked(): void
  /** A sweep of several machines ended and nothing answered. */
  sawNothing(sweepStartedAtMs: number): void
}

export interface WatchParts {
  readonly store: Store
  readonly rows: WatchRows
  readonly ledger: Ledger
  readonly clock: Clock
}

const minuteMs = 60_000
/** How often the row of the pulse is written. */
const pulseMs = 2 * minuteMs
/** A console that was away for less was not away: it was started again, or busy. */
const awayMs = 5 * minuteMs
/** Shorter spans are no span: two light sweeps lie as far apart. */
const worthTellingMs = 20 * minuteMs

const whyWords: Record<UnwatchedSpan['why'], string> = {
  'app closed': 'the console did not run',
  asleep: 'this computer was asleep',
  'no network': "this computer's own network was away",
}

export function createWatch({ store, rows, ledger, clock }: WatchParts): Watching {
  const begin = (why: UnwatchedSpan['why'], fromMs: number): void => {
    const open = rows.open()
    if (open?.why === why) return
    if (open) close(open, fromMs)
    rows.begin(fromMs, why)
  }

  const close = (open: { fromMs: number; why: UnwatchedSpan['why'] }, toMs: number): void => {
    if (toMs - open.fromMs < worthTellingMs) rows.drop(open.fromMs)
    else rows.end(open.fromMs, toMs)
    if (open.why === 'no network') {
      ledger.append({
        actor: 'console',
        kind: 'network.back',
        words: `A machine answered again: this computer had no network since ${standingWords(open.fromMs, toMs)}.`,
      })
    } else if (toMs - open.fromMs >= worthTellingMs) {
      const from = standingWords(open.fromMs, toMs)
      ledger.append({
        actor: 'console',
        kind: 'watch.resumed',
        words: `Nobody watched from ${from} to ${standingWords(toMs, toMs)}: ${whyWords[open.why]}.`,
      })
    }
  }

  /** What the last pulse tells: a console that was killed, or a computer that slept without saying so. */
  const missed = (why: UnwatchedSpan['why']): void => {
    const pulse = rows.pulse()
    const nowMs = clock.nowMs()
    if (pulse !== null && nowMs - pulse > awayMs) begin(why, pulse)
  }

  if (store.writable) {
    store.write(() => {
      missed('app closed')
      rows.beat(clock.nowMs())
    })
  }

  return {
    spans(sinceMs) {
      const nowMs = clock.nowMs()
      return rows
        .since(sinceMs)
        .map(({ fromMs, toMs, why }) => ({ fromMs, toMs: toMs ?? Math.max(fromMs, nowMs), why }))
        .filter(({ fromMs, toMs }) => toMs - fromMs >= worthTellingMs)
    },
    noNetworkSinceMs() {
      const open = rows.open()
      return open?.why === 'no network' ? open.fromMs : null
    },
    alive() {
      const pulse = rows.pulse()
      if (pulse !== null && Math.abs(clock.nowMs() - pulse) < pulseMs) return
      store.write(() => {
        missed('asleep')
        rows.beat(clock.nowMs())
      })
    },
    asleep() {
      store.write(() => {
        begin('asleep', clock.nowMs())
        rows.beat(clock.nowMs())
      })
    },
    leave() {
      if (store.writable) store.write(() => rows.beat(clock.nowMs()))
    },
    looked() {
      const open = rows.open()
      if (open) close(open, clock.nowMs())
      rows.beat(clock.nowMs())
    },
    sawNothing(sweepStartedAtMs) {
      if (rows.open()?.why === 'no network') return
      begin('no network', sweepStartedAtMs)
      ledger.append({
        actor: 'console',
        kind: 'sweep.no-network',
        words: "No machine answered. That points to this computer's own network or VPN, so no alarms were raised.",
      })
    },
  }
}
