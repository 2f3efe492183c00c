import { showHidden } from '../../shared/untrusted.ts'
import { type Answer, type CommandName, type Row, type RowName, rowShapes, shapes } from './shapes.ts'

/** Where a command's answer goes. Words are for people; JSON stands on stdout alone. */
export interface Printer {
  /** The answer: JSON with `--json`, else `lines` on stdout. */
  answer<Name extends CommandName>(command: Name, value: Answer<Name>, lines: readonly string[]): void
  /** One of many that come one after the other: JSON with `--json`, alone in its line, else `line`. */
  row<Name extends RowName>(command: Name, value: Row<Name>, line: string): void
  /** Told while at work, or beside the answer: stderr. */
  say(line: string): void
}

export function createPrinter(json: boolean, out: (text: string) => void, err: (text: string) => void): Printer {
  return {
    answer: (command, value, lines) => {
      if (json) out(jsonText(shapes[command].parse(value)))
      else for (const line of lines) out(`${showHidden(line)}\n`)
    },
    row: (command, value, line) => out(json ? jsonLine(rowShapes[command].parse(value)) : `${showHidden(line)}\n`),
    say: (line) => err(`${showHidden(line)}\n`),
  }
}

/** What JSON leaves as it is beyond ASCII and could steer a terminal (C1, direction marks), escaped too. */
const harmless = (json: string): string =>
  json.replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )

/** JSON that steers no terminal. */
export const jsonText = (value: unknown): string => `${harmless(JSON.stringify(value, null, 2))}\n`

const jsonLine = (value: unknown): string => `${harmless(JSON.stringify(value))}\n`

/** Columns side by side, two spaces between; the last is not padded. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
