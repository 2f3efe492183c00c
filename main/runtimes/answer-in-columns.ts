import { inColumns } from './line-columns.ts'
import type { ColumnsAnswer, LogAnswer } from './log-answer.ts'

/** Runs on a box. A file of its own: the schemas of the answer are for the console and are not sent there. */
export const answerInColumns = ({ batches, bytesRead }: LogAnswer): ColumnsAnswer => ({
  batches: batches.map((batch) => ({ ...batch, lines: inColumns(batch.lines) })),
  bytesRead,
})
