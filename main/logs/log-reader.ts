/** A thread that reads `logs.db`, so that the engine itself never waits for a disk or a search. */
import { statSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { systemClock } from '../base/clock.ts'
import type { Db } from '../store/store.ts'
import { type Answers, answerQuestions } from './answer-questions.ts'
import type { ReadAsks, ThreadTask } from './asks.ts'
import { readDensity } from './density.ts'
import { readRun, readSeqs } from './find-lines.ts'
import { logFile, openForReading } from './log-file.ts'
import { createOpenBlocks, type OpenBlocks } from './open-blocks.ts'
import { readPage } from './page.ts'
import { patternReadRows } from './pattern-rows.ts'
import { type ReadRows, readRows } from './rows.ts'
import { planSearch, scanBlocks } from './scan.ts'

const { dataDir } = workerData as ThreadTask

interface Reading {
  readonly db: Db
  readonly rows: ReadRows
  readonly blocks: OpenBlocks
}

function reading(): Answers<ReadAsks> {
  let opened: Reading | null = null
  const inOne = <T>(nothing: T, work: (reading: Reading) => T): T => {
    if (!opened) {
      const db = openForReading(dataDir)
      if (!db) return nothing
      const rows = readRows(db)
      opened = { db, rows, blocks: createOpenBlocks(rows) }
    }
    const { db } = opened
    const open = opened
    return db.transaction(() => work(open)).deferred()
  }
  const bytes = () =>
    ['', '-wal'].reduce((sum, end) => sum + (statSync(logFile(dataDir) + end, { throwIfNoEntry: false })?.size ?? 0), 0)
  return {
    page: (input) =>
      inOne({ records: [], ended: true, next: null, lastSeq: 0 }, ({ rows, blocks }) =>
        readPage(input, rows, blocks, systemClock),
      ),
    plan: (input) =>
      inOne({ open: { hits: [], found: 0, lines: 0, ticks: [] }, blocks: [] }, ({ rows }) => planSearch(input, rows)),
    scan: (input) => inOne([], ({ rows }) => scanBlocks(input, rows)),
    density: (input) => inOne([], ({ rows }) => readDensity(input, rows)),
    run: (input) => inOne([], ({ rows, blocks }) => readRun(input, rows, blocks)),
    seqs: (input) => inOne([], ({ rows, blocks }) => readSeqs(input, rows, blocks)),
    patterns: (input) =>
      inOne({ patterns: [], total: 0 }, ({ db }) => {
        const rows = patternReadRows(db)
        return { patterns: rows.counted(input), total: rows.total(input) }
      }),
    totals: () =>
      inOne({ lines: 0, oldestMs: null, newestMs: null, bytes: 0 }, ({ rows }) => ({
        ...rows.totals(),
        bytes: bytes(),
      })),
  }
}

answerQuestions(reading(), dataDir)
