import type { BoxId, LogRecord } from '../../shared/contract/index.ts'

const gapWords = (gap: Extract<LogRecord, { kind: 'gap' }>): string =>
  `--- lines are missing here: ${gap.reason}, ${gap.bytes} bytes of ${gap.file}`

/** One record as a line of an export. Pure. */
export function exportLine(
  record: LogRecord,
  format: 'text' | 'json-lines',
  boxName: (boxId: BoxId) => string,
): string {
  const name = boxName(record.boxId)
  if (format === 'json-lines') return JSON.stringify({ boxName: name, ...record })
  const at = new Date(record.atMs).toISOString()
  if (record.kind === 'gap') return `${at} ${name} ${gapWords(record)}`
  const { level, subsystem, text, more } = record
  return [
    at,
    name,
    level ?? '-',
    ...(subsystem === null ? [] : [`[${subsystem}]`]),
    text,
    ...(more === null ? [] : [more]),
  ].join(' ')
}
