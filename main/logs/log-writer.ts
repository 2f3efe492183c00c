/** The one thread that writes `logs.db`: what came is opened, looked at and redacted here, and only then kept. */
import { workerData } from 'node:worker_threads'
import type { Db } from '../store/store.ts'
import { type Answers, answerQuestions } from './answer-questions.ts'
import { looked } from './arriving.ts'
import type { ThreadTask, WriteAsks } from './asks.ts'
import { openForWriting, putAside } from './log-file.ts'
import { takeAnswers } from './take-answers.ts'
import { createWriter, type Writer } from './write.ts'

const { dataDir } = workerData as ThreadTask

function writing(): Answers<WriteAsks> {
  let opened: { db: Db; writer: Writer } | null = null
  const writer = (): Writer => {
    if (!opened) throw new Error('logs.db is not open')
    return opened.writer
  }
  const open = (nowMs: number) => {
    const { db, setAside } = openForWriting(dataDir, nowMs)
    opened = { db, writer: createWriter(db) }
    return { setAside }
  }
  return {
    open: ({ nowMs }) => open(nowMs),
    append: (input) => writer().append([looked(input)])[0] ?? { lines: 0, gaps: 0 },
    arrive: ({ answers }) => takeAnswers(answers, writer().append),
    cursors: ({ boxId }) => writer().cursors(boxId),
    purge: (input) => writer().purge(input),
    receipts: () => writer().receipts(),
    receiptTold: ({ receiptId }) => {
      writer().receiptTold(receiptId)
      return null
    },
    setAside: ({ nowMs }) => {
      opened?.db.close()
      opened = null
      const setAside = putAside(dataDir, nowMs)
      open(nowMs)
      return { setAside }
    },
  }
}

answerQuestions(writing(), dataDir)
