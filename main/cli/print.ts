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
      if (json) out(`${JSON.stringify(shapes[command].parse(value), null, 2)}\n`)
      else for (const line of lines) out(`${line}\n`)
    },
    say: (line) => err(`${line}\n`),
  }
}

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
