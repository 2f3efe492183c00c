import { structuredPatch } from 'diff'
import type { OutputDiffLine } from '../../shared/contract/index.ts'

/** Further apart than this, two outputs have nothing in common that a person would read. */
const mostEdits = 2_000
const mostLines = 300
const contextLines = 2

/** What `text` says other than the majority, with a little around it; null when they have no line in common, or are too far apart. Pure. */
export function compareOutput(majority: string, text: string): OutputDiffLine[] | null {
  const patch = structuredPatch('', '', majority, text, '', '', { context: contextLines, maxEditLength: mostEdits })
  if (patch === undefined) return null
  const lines: OutputDiffLine[] = []
  let nextLine = 1
  for (const hunk of patch.hunks) {
    if (hunk.oldStart > nextLine) lines.push({ kind: 'gap', text: '' })
    nextLine = hunk.oldStart + hunk.oldLines
    for (const line of hunk.lines) {
      if (line.startsWith('\\')) continue
      const kind = line.startsWith('+') ? 'more' : line.startsWith('-') ? 'less' : 'same'
      lines.push({ kind, text: line.slice(1) })
    }
    if (lines.length > mostLines) return null
  }
  return lines.length === 0 || lines.some(({ kind }) => kind === 'same' || kind === 'gap') ? lines : null
}
