import { readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { CommandBack, ObservedCommand } from '../../../runtimes/change-answer.ts'
import { writeNewFile } from '../../../runtimes/runtimes.ts'

/** A command of a change, as its folder on the box holds it. */
export interface PlannedCommand {
  readonly run: string
  /** Null: it cannot be undone. */
  readonly undo: string | null
  readonly deadlineS: number
  readonly when: 'before' | 'after'
}

/** A command, or what takes it back. */
export type Line = 'command' | 'inverse'

const fileOf = (folder: string, line: Line, at: number, what: string): string =>
  path.join(folder, `${line}-${at}-${what}`)

export const pidFileOf = (folder: string, line: Line, at: number): string => fileOf(folder, line, at, 'pid')

/** Stands before a line is started, and stays: its time is that of the first start. @throws Error when it cannot be written. */
export function markBegan(folder: string, line: Line, at: number): void {
  if (beganMs(folder, line, at) === null) writeNewFile(fileOf(folder, line, at, 'began'), Buffer.alloc(0), 0o600)
}

/** When it was first started, by the clock of the file system; null: never. */
export function beganMs(folder: string, line: Line, at: number): number | null {
  try {
    return statSync(fileOf(folder, line, at, 'began')).mtimeMs
  } catch {
    return null
  }
}

/** How a line ended, once that was seen. */
interface EndMark {
  readonly exitCode: number | null
  readonly said: string
}

/** @throws Error when it cannot be written. */
export function markEnded(folder: string, line: Line, at: number, end: EndMark): void {
  const file = fileOf(folder, line, at, 'ended')
  rmSync(file, { force: true })
  writeNewFile(file, Buffer.from(JSON.stringify(end)), 0o600)
}

/** Null: it never began, or whoever ran it was killed meanwhile. */
export function endOf(folder: string, line: Line, at: number): EndMark | null {
  try {
    return JSON.parse(readFileSync(fileOf(folder, line, at, 'ended'), 'utf8')) as EndMark
  } catch {
    return null
  }
}

/** Some line of the change began and nobody saw it end, at the latest when `ms` was. */
export const ranUnseenAt = (folder: string, commands: readonly PlannedCommand[], ms: number): boolean =>
  commands.some((_, at) =>
    (['command', 'inverse'] as const).some((line) => {
      const began = beganMs(folder, line, at)
      // A file system may keep coarser times than the clock.
      return began !== null && endOf(folder, line, at) === null && ms >= Math.floor(began / 1000) * 1000
    }),
  )

export const hasBegun = (folder: string, commands: readonly PlannedCommand[]): boolean =>
  commands.some((_, at) => beganMs(folder, 'command', at) !== null)

/** What became of the commands of a change that was taken back: of those that began. */
export const commandsBack = (folder: string, commands: readonly PlannedCommand[]): ObservedCommand[] =>
  commands.flatMap(({ undo }, at): ObservedCommand[] => {
    if (beganMs(folder, 'command', at) === null) return []
    const end = endOf(folder, 'inverse', at)
    const back: CommandBack =
      undo === null ? 'cannot' : end === null ? 'unknown' : end.exitCode === 0 ? 'undone' : 'failed'
    return [{ at, back, said: end?.said ?? '' }]
  })
