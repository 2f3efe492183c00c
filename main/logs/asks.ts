import type { AgentId, BoxId, Fault, LogBucket, LogPage, LogQuery, LogRecord } from '../../shared/contract/index.ts'
import type { PageInput } from './page.ts'
import type { CountedPattern, PatternReach } from './pattern-rows.ts'
import type { Arrived } from './prepare.ts'
import type { StoredCursor, StoredReceipt, Totals } from './rows.ts'
import type { BlockHits, ScanInput, SearchPlan } from './scan.ts'
import type { Taken } from './take-answers.ts'

/** A batch before it was looked at here. */
export interface AppendInput extends Arrived {
  /** Hex key of the box's fingerprints. */
  readonly fingerprintKey: string
}

/** An answer of a box as it came. */
export interface ArriveInput extends Omit<AppendInput, 'agentId' | 'batch'> {
  readonly boxName: string
  readonly packed: string
  readonly agents: readonly { readonly agentId: AgentId; readonly stateDir: string }[]
}

/** What of an answer is kept. */
export interface Stored {
  readonly lines: number
  readonly gaps: number
  /** Left out on the box, for it wrote too much. */
  readonly droppedBytes: number
  /** How much text came. */
  readonly characters: number
}

/** What the engine asks of the thread that writes: name, what is given, what comes back. */
export interface WriteAsks {
  /** Opens the file, and says where a damaged one was moved. */
  open: [{ nowMs: number }, { setAside: string | null }]
  append: [AppendInput, { lines: number; gaps: number }]
  arrive: [{ answers: readonly ArriveInput[] }, Taken[]]
  cursors: [{ boxId: BoxId }, StoredCursor[]]
  purge: [{ beforeMs: number; nowMs: number }, StoredReceipt[]]
  receipts: [Record<string, never>, StoredReceipt[]]
  receiptTold: [{ receiptId: number }, null]
  /** The file was found damaged while at work: sets it aside and begins an empty one. */
  setAside: [{ nowMs: number }, { setAside: string }]
}

/** And of those that read. */
export interface ReadAsks {
  page: [PageInput, LogPage]
  plan: [{ query: LogQuery; wanted: number }, SearchPlan]
  scan: [ScanInput, BlockHits[]]
  density: [{ query: LogQuery; buckets: number }, LogBucket[]]
  run: [{ boxId: BoxId; runId: string }, LogRecord[]]
  seqs: [{ boxId: BoxId; seqs: readonly number[] }, LogRecord[]]
  patterns: [PatternReach, { patterns: CountedPattern[]; total: number }]
  totals: [Record<string, never>, Totals & { bytes: number }]
}

export type Asks = WriteAsks & ReadAsks
export type Input<Name extends keyof Asks> = Asks[Name][0]
export type Output<Name extends keyof Asks> = Asks[Name][1]

export interface Question {
  readonly id: number
  readonly name: keyof Asks
  readonly input: unknown
}

export type Reply =
  /** JSON. */
  | { readonly id: number; readonly ok: true; readonly output: string }
  | {
      readonly id: number
      readonly ok: false
      readonly fault: Fault | null
      readonly damaged: boolean
      readonly stack: string
    }

/** What a thread is for. */
export interface ThreadTask {
  readonly role: 'write' | 'read'
  readonly dataDir: string
}
