import type { LogQuery, LogStart } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'

export type Format = 'text' | 'json-lines'

/** Beyond either an export ends, and says so. */
export const mostLines = 500_000
const mostChars = 200_000_000

export interface Exported {
  blob: Blob
  lines: number
  /** Older lines come first: those after the last one are not in it. */
  cut: boolean
}

/** Takes everything a question finds, oldest first, piece by piece. */
export async function exportLines(
  query: LogQuery,
  format: Format,
  onLines: (lines: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const pieces: string[] = []
  let lines = 0
  let chars = 0
  let from: LogStart | null = 'oldest'
  while (from !== null && lines < mostLines && chars < mostChars) {
    const piece: { text: string; lines: number; next: LogStart | null } = await client.logs.export(
      { query, from, format },
      { signal },
    )
    pieces.push(piece.text)
    lines += piece.lines
    chars += piece.text.length
    from = piece.next
    onLines(lines)
  }
  return { blob: new Blob(pieces, { type: 'text/plain' }), lines, cut: from !== null }
}

/** `logs-2026-11-26-1642.jsonl`. */
export function fileName(format: Format, nowMs: number): string {
  const at = new Date(nowMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `logs-${day}-${two(at.getHours())}${two(at.getMinutes())}.${format === 'text' ? 'log' : 'jsonl'}`
}

/** Hands a file to the window's own way of saving. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
