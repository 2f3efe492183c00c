import { showHidden } from '../../shared/untrusted.ts'
import { type Answer, type CommandName, shapes } from './shapes.ts'

/** Where a command's answer goes. Words are for people; JSON stands on stdout alone. */
export interface Printer {
  /** The answer: JSON with `--json`, else `lines` on stdout. */
  answer<Name extends CommandName>(command: Name, value: Answer<Name>, lines: readonly string[]): void
  /** Told while at work, or beside the answer: stderr. */
  say(line: string): void
}

export function createPrinter(json: boolean, out: (text: string) => void, err: (text: string) => void): Printer {
  return {
    answer: (command, value, lines) => {
      if (json) out(jsonText(shapes[command].parse(value)))
      else for (const line of lines) out(`${showHidden(line)}\n`)
    },
    say: (line) => err(`${showHidden(line)}\n`),
  }
}

/** JSON that steers no terminal: what JSON leaves as it is beyond ASCII and could (C1, direction marks) is escaped too. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )}\n`

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
