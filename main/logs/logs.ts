import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type {
  AgentId,
  BoxId,
  KeepId,
  KeptLines,
  LogBucket,
  LogPage,
  LogQuery,
  LogRecord,
  LogSearchProgress,
  LogStart,
  LogStats,
} from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LogBatch, LogCursor } from '../runtimes/log-lines.ts'
import type { Store } from '../store/store.ts'
import type { ArriveInput, Input, Output, ReadAsks, Stored, WriteAsks } from './asks.ts'
import { checkRegex } from './check-regex.ts'
import { exportLine } from './export.ts'
import { createGathering, type Outcome } from './gathering.ts'
import { keptRows } from './kept-rows.ts'
import { logFile } from './log-file.ts'
import { createPatterns, type Patterns } from './patterns.ts'
import { createPool } from './pool.ts'
import type { StoredReceipt } from './rows.ts'
import { runSearch } from './search.ts'
import type { Taken } from './take-answers.ts'
import { DamagedError, startThread, type Thread } from './thread.ts'

export { type Collector, createCollector } from './collect.ts'
export { isNewSince } from './patterns.ts'
export { createTails, type Tails } from './tail.ts'

/** Days a line is kept; what must stay longer is kept by hand, with a reason. */
const keepDays = 90
const dayMs = 24 * 3_600_000

/**
 * The fleet's log lines, in `logs.db` beside the store: one thread writes, others read. The file is a copy of what the
 * boxes wrote and in no backup; kept lines stand in the store.
 */
export interface Logs {
  /**
   * Keeps a batch: redacted once more, then lines, cursors and gaps in one transaction. A line of the same file and
   * offset stays once.
   *
   * @param skewMs how far the box's clock is ahead of ours.
   * @throws FaultError `disk-full`, `read-only`, `store-newer`; nothing of the batch is kept then.
   */
  append(
    boxId: BoxId,
    agentId: AgentId | null,
    batch: LogBatch,
    skewMs: number,
  ): Promise<{ lines: number; gaps: number }>
  /**
   * The same for an answer of a box as it came: opened, looked at and kept on the thread that writes, with what other boxes
   * answered in the same moment in one transaction.
   * @throws FaultError also `answer-not-understood`.
   */
  arrive(answer: Omit<ArriveInput, 'nowMs'>): Promise<Stored>
  /** How far each file of a box was read, by agent key. */
  cursors(boxId: BoxId): Promise<{ agent: string; cursors: LogCursor[] }[]>
  /** @throws FaultError `invalid-regex`, `invalid-input` (the filter takes too long), `store-newer`. */
  page(input: { query: LogQuery; at: LogStart; direction: 'older' | 'newer'; limit: number }): Promise<LogPage>
  /** Newest first; ends when done, or when `signal` fires or its reader leaves. @throws as {@link Logs.page}. */
  search(input: { query: LogQuery; maxHits: number }, signal?: AbortSignal): AsyncGenerator<LogSearchProgress>
  density(input: { query: LogQuery; buckets: number }): Promise<LogBucket[]>
  run(input: { boxId: BoxId; runId: string }): Promise<LogRecord[]>
  /** @throws FaultError `not-found`. */
  keep(input: { boxId: BoxId; seqs: readonly number[]; reason: string }): Promise<{ keepId: KeepId; sentence: string }>
  /** @throws FaultError `not-found`. */
  unkeep(input: { keepId: KeepId }): { sentence: string }
  kept(boxId?: BoxId): KeptLines[]
  export(input: {
    query: LogQuery
    from: LogStart
    format: 'text' | 'json-lines'
  }): Promise<{ text: string; lines: number; next: LogStart | null }>
  /** Removes blocks that ended before then, and writes their receipt into the diary. */
  purge(beforeMs: number): Promise<StoredReceipt[]>
  /** The same for what is older than the 90 days. */
  purgeOld(): Promise<StoredReceipt[]>
  stats(): Promise<LogStats>
  readonly patterns: Patterns
  close(): Promise<void>
}

export interface LogsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: {
    boxes(): readonly { boxId: BoxId; name: string }[]
    fingerprintKey(boxId: BoxId): string
  }
  readonly clock: Clock
  readonly log: Log
  readonly changes: Changes
}

/** A page that takes longer is given up, with the thread that was at it. */
const pageDeadlineMs = 10_000

/** What several boxes answer within so long is kept together: a transaction costs more than what is in it. */
const togetherMs = 100
/** Characters of packed answers: more is kept at once. */
const mostTogether = 500_000

const outcomeOf = (taken: Taken): Outcome<Stored> => {
  if ('stored' in taken) return { done: taken.stored }
  if ('fault' in taken) return { failed: new FaultError(taken.fault) }
  return { failed: new Error(`in the thread of the logs: ${taken.stack}`) }
}

export function createLogs({ store, ledger, inventory, clock, log, changes }: LogsParts): Logs {
  const { dataDir, writable } = store
  const kept = keptRows(store.db)
  const forever = new AbortController()
  const startReader = () => startThread({ role: 'read', dataDir })
  const pages = createPool({ size: 1, start: startReader, clock, deadlineMs: pageDeadlineMs })
  const searchers = createPool({
    size: Math.min(4, Math.max(1, availableParallelism())),
    start: startReader,
    clock,
    deadlineMs: null,
  })
  let setAside: string | null = null
  let writer: Promise<Thread> | null = null
  let healing: Promise<void> | null = null

  const tellSetAside = (file: string) => {
    setAside = file
    log.warn('logs.set-aside', { file })
    ledger.append({
      actor: 'console',
      kind: 'logs.set-aside',
      words: `The file of the logs was damaged and set aside as ${file}; an empty one goes on.`,
    })
    changes.publish('logs', 'ledger')
  }
  const startWriter = async (): Promise<Thread> => {
    const thread = startThread({ role: 'write', dataDir })
    try {
      const opened = await thread.ask('open', { nowMs: clock.nowMs() })
      if (opened.setAside !== null) tellSetAside(opened.setAside)
      return thread
    } catch (error) {
      writer = null
      await thread.end()
      throw error
    }
  }
  const askWriter = async <Name extends keyof WriteAsks>(name: Name, input: Input<Name>): Promise<Output<Name>> => {
    if (!writable) throw new FaultError({ code: 'read-only', detail: 'it was opened for reading only' })
    const was = writer
    // One of many that wait here puts the next in its place: there is never more than one that writes.
    if (was && (await was).hasEnded() && writer === was) writer = null
    writer ??= startWriter()
    return (await writer).ask(name, input)
  }
  /** Readers leave the damaged file before it is moved. */
  const heal = async (): Promise<void> => {
    if (!writable) throw new FaultError({ code: 'store-damaged', setAside: null, newestBackup: null })
    await Promise.all([pages.end(), searchers.end()])
    const before = setAside
    writer ??= startWriter()
    await writer
    // Opening it may have been enough.
    if (setAside !== before) return
    tellSetAside((await askWriter('setAside', { nowMs: clock.nowMs() })).setAside)
  }
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error
      healing ??= heal().finally(() => {
        healing = null
      })
      await healing
      return work()
    }
  }
  const write = <Name extends keyof WriteAsks>(name: Name, input: Input<Name>) => again(() => askWriter(name, input))
  const read = <Name extends keyof ReadAsks>(name: Name, input: Input<Name>) =>
    again(() => pages.ask(name, input, forever.signal))

  const told = <T extends { lines: number; gaps: number }>(stored: T): T => {
    if (stored.lines + stored.gaps > 0) changes.publish('logs')
    return stored
  }
  const arriving = createGathering<ArriveInput, Stored>({
    clock,
    momentMs: togetherMs,
    most: mostTogether,
    size: ({ packed }) => packed.length,
    pass: async (answers) => {
      const outcomes = (await write('arrive', { answers })).map(outcomeOf)
      if (outcomes.some((outcome) => 'done' in outcome && outcome.done.lines + outcome.done.gaps > 0))
        changes.publish('logs')
      return outcomes
    },
  })
  const tellReceipts = async (receipts: readonly StoredReceipt[]): Promise<void> => {
    for (const { receiptId, lines, fromMs, toMs, beforeMs } of receipts) {
      const keptLines = kept.lines(clock.nowMs())
      const stay = keptLines === 0 ? '' : ` ${counted(keptLines, 'kept line')} stay.`
      ledger.append({
        actor: 'console',
        kind: 'logs.purged',
        words: `Log lines that ended before ${dateWords(beforeMs)} removed: ${counted(lines, 'line')}, written from ${dateWords(fromMs)} to ${dateWords(toMs)}.${stay}`,
      })
      await write('receiptTold', { receiptId })
    }
    if (receipts.length > 0) changes.publish('logs', 'ledger')
  }

  const logs: Logs = {
    append: async (boxId, agentId, batch, skewMs) => {
      const fingerprintKey = inventory.fingerprintKey(boxId)
      const nowMs = clock.nowMs()
      return told(await write('append', { boxId, agentId, batch, skewMs, nowMs, fingerprintKey }))
    },
    arrive: (answer) => arriving.add({ ...answer, nowMs: clock.nowMs() }),
    cursors: async (boxId) => {
      const all = await write('cursors', { boxId })
      return [...Map.groupBy(all, ({ agent }) => agent)].map(([agent, cursors]) => ({
        agent,
        cursors: cursors.map(({ source, file, identity, offset }) => ({ source, file, identity, offset })),
      }))
    },
    page: async (input) => {
      checkRegex(input.query.regex)
      return read('page', input)
    },
    search: async function* (input, signal = forever.signal) {
      checkRegex(input.query.regex)
      const both = AbortSignal.any([signal, forever.signal])
      try {
        yield* runSearch(input, searchers, clock, both)
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error
        await again(() => Promise.reject(error)).catch(() => {})
        yield* runSearch(input, searchers, clock, both)
      }
    },
    density: (input) => read('density', input),
    run: (input) => read('run', input),
    keep: async ({ boxId, seqs, reason }) => {
      const records = await read('seqs', { boxId, seqs })
      if (records.length === 0) throw new FaultError({ code: 'not-found', what: 'log line' })
      const keepId = newId<KeepId>()
      const many = counted(records.length, 'log line')
      store.write(() => {
        kept.insert({ keepId, boxId, reason, keptAtMs: clock.nowMs(), records })
        ledger.append({ actor: 'operator', kind: 'logs.kept', boxId, words: `{box}: ${many} kept: ${reason}.` })
      })
      changes.publish('logs', 'ledger')
      return { keepId, sentence: `${many} kept.` }
    },
    unkeep: ({ keepId }) => {
      const found = kept.one(keepId)
      if (!found) throw new FaultError({ code: 'not-found', what: 'kept log lines' })
      const many = counted(found.records.length, 'log line')
      store.write(() => {
        kept.remove(keepId)
        ledger.append({
          actor: 'operator',
          kind: 'logs.unkept',
          boxId: found.boxId,
          words: `{box}: ${many} no longer kept: ${found.reason}.`,
        })
      })
      changes.publish('logs', 'ledger')
      return { sentence: `${many} no longer kept.` }
    },
    kept: (boxId) => kept.all(boxId ?? null),
    export: async ({ query, from, format }) => {
      const page = await logs.page({ query, at: from, direction: 'newer', limit: 500 })
      const names = new Map(inventory.boxes().map(({ boxId, name }) => [boxId, name]))
      const text = page.records.map((record) => `${exportLine(record, format, (boxId) => names.get(boxId) ?? boxId)}\n`)
      return { text: text.join(''), lines: page.records.length, next: page.next }
    },
    purge: async (beforeMs) => {
      if (!existsSync(logFile(dataDir))) return []
      const receipts = await write('purge', { beforeMs, nowMs: clock.nowMs() })
      await tellReceipts(receipts)
      return receipts
    },
    purgeOld: () => logs.purge(clock.nowMs() - keepDays * dayMs),
    patterns: createPatterns({
      store,
      ledger,
      clock,
      changes,
      boxIds: () => inventory.boxes().map(({ boxId }) => boxId),
      read: (reach) => read('patterns', reach),
    }),
    stats: async () => ({ ...(await read('totals', {})), keepDays, setAside }),
    close: async () => {
      await arriving.end()
      forever.abort()
      await Promise.all([pages.end(), searchers.end()])
      const thread = await writer?.catch(() => null)
      // What was asked before is answered first: an append that was begun is whole.
      await thread?.ask('receipts', {}).catch(() => {})
      await thread?.end()
    },
  }
  return logs
}
