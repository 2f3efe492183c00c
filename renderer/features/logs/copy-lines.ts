import { sentenceOf } from '../../api/sentence.ts'
import { offerSentence } from '../../state/said.ts'
import { copyText } from '../../ui/copyable.tsx'
import { engineAsks } from './ask-logs.ts'
import type { Row } from './line-window.ts'
import { contextLines, linesAround } from './lines-around.ts'
import { lineAsJson, rowAsText } from './row-words.ts'

async function copy(text: string, done: string): Promise<void> {
  if (await copyText(text)) offerSentence(done, 'plain')
  else offerSentence('The clipboard refused it, so nothing was copied.')
}

/** Copies what is marked with the pointer, else the line. */
export function copyRow(row: Row, machine: string): void {
  const marked = window.getSelection()?.toString() ?? ''
  void copy(marked || rowAsText(row, machine), marked ? 'Copied: what you marked.' : 'Copied: the line.')
}

export function copyJson(row: Row, machine: string): void {
  if (row.kind === 'line') void copy(lineAsJson(row, machine), 'Copied: the line as JSON.')
}

/** Copies the line with those round it on its machine. */
export async function copyAround(row: Row, machine: string): Promise<void> {
  if (row.kind !== 'line') return
  try {
    const lines = await linesAround(engineAsks, row)
    const said = `Copied: ${lines.length} lines, up to ${contextLines} on each side of it.`
    await copy(lines.map((line) => rowAsText(line, machine)).join('\n'), said)
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}
