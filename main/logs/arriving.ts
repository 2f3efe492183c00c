import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'
import { ColumnsAnswer, fromColumns, type Look } from '../runtimes/log-answer.ts'
import type { LogLine } from '../runtimes/log-lines.ts'
import { unpackAnswer } from '../runtimes/packed-answer.ts'
import { redactLine } from '../runtimes/redact-line.ts'
import type { AppendInput, ArriveInput } from './asks.ts'
import type { Arrived } from './prepare.ts'
import { agentOf } from './whose.ts'

/** The batches of an answer as it came from a box, looked at as {@link looked} does. @throws FaultError `answer-not-understood`. */
export function openAnswer({ packed, boxName, agents, fingerprintKey, ...about }: ArriveInput): Arrived[] {
  const { batches } = parsed(packed, boxName)
  const look = lookWith(fingerprintKey)
  return batches.map((batch) => ({
    ...about,
    agentId: agentOf(batch, agents),
    batch: { ...batch, lines: fromColumns(batch.lines, look) },
  }))
}

const lookWith = (fingerprintKey: string): Look => ({
  text: (text) => redactLine(text, fingerprintKey).slice(0, 8000),
  column: (text) => redactLine(text, fingerprintKey).slice(0, 200),
})

function parsed(packed: string, boxName: string): ColumnsAnswer {
  const refused = (detail: string) =>
    new FaultError({ code: 'answer-not-understood', boxName, detail: untrusted(detail, 300) })
  let answer: unknown
  try {
    answer = unpackAnswer(packed)
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
  const { data, error } = ColumnsAnswer.safeParse(answer)
  if (data) return data
  const [issue] = error.issues
  throw refused(`${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not understood'}`)
}

/** The box did it before; nothing is kept that this console has not looked at itself. */
export function looked({ fingerprintKey, batch, ...about }: AppendInput): Arrived {
  const look = lookWith(fingerprintKey)
  // The same few words stand in the columns of many lines.
  const columns = new Map<string, string>()
  const column = (text: string | null): string | null => {
    if (text === null) return null
    const clean = columns.get(text) ?? look.column(text)
    columns.set(text, clean)
    return clean
  }
  const lines = batch.lines.map(
    (line): LogLine => ({
      source: line.source,
      file: line.file,
      at: line.at,
      level: line.level,
      subsystem: column(line.subsystem),
      runId: column(line.runId),
      sessionId: column(line.sessionId),
      channel: column(line.channel),
      text: look.text(line.text),
      more: line.more === null ? null : look.text(line.more),
      offset: line.offset,
    }),
  )
  return { ...about, batch: { ...batch, lines } }
}
