import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import type { LoginKeysAnswer, LoginKeysRequest } from './login-keys-answer.ts'
import { blobOfLine } from './read-keys.ts'
import { homeOf, readPlainFile, why } from './reading.ts'
import { moveOver, sha256Of, writeNewFile } from './replace-file.ts'

const largest = 8_000_000

/** Lines with their own ends: joined again they are the file, byte for byte. */
const linesOf = (bytes: Buffer): string[] => bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []

/**
 * Runs on a box. Looks at, adds to or removes from the authorized_keys of this login. The file is replaced in one rename,
 * with its mode and owner, and only if it is still what was read; every other line stays as it was, byte for byte. A file
 * that its owner may not write is left alone: something else looks after it.
 */
export function changeLoginKeys({ old, fresh, act }: LoginKeysRequest): LoginKeysAnswer {
  if (process.platform === 'win32')
    return {
      refused:
        'On Windows keys of administrators stand in administrators_authorized_keys: changing them from here is not supported.',
    }
  const named = path.join(homeOf(process.env, homedir), '.ssh', 'authorized_keys')
  try {
    const there = existsSync(named)
    if (!there && lstatSync(named, { throwIfNoEntry: false })?.isSymbolicLink())
      return { refused: `${named} is a link that leads nowhere.` }
    const file = there ? realpathSync(named) : named
    const before = there ? readPlainFile(file, largest).bytes : Buffer.alloc(0)
    const lines = linesOf(before)
    const after = changed(lines, { old, fresh, act })
    if (after !== null) replace(file, there, before, Buffer.from(after.join(''), 'latin1'))
    return answerOf(file, after ?? lines, old, fresh)
  } catch (error) {
    return { refused: `${named}: ${error instanceof Refused ? error.message : why(error)}` }
  }
}

class Refused extends Error {}

/** Null: it is as it has to be. */
function changed(lines: readonly string[], { old, fresh, act }: LoginKeysRequest): string[] | null {
  const holds = (line: string, blob: string) => blobOfLine(line) === blob
  if (act.do === 'look') return null
  if (act.do === 'remove') {
    const blob = act.which === 'old' ? old : fresh
    const left = lines.filter((line) => !holds(line, blob))
    return left.length === lines.length ? null : left
  }
  if (lines.some((line) => holds(line, fresh))) return null
  if (!holds(act.line, fresh) || /[\r\n]/.test(act.line)) throw new Refused('The line to be added is not that key.')
  const last = lines.at(-1)
  const ended = last === undefined || last.endsWith('\n') ? lines : [...lines.slice(0, -1), `${last}\n`]
  return [...ended, `${act.line}\n`]
}

function replace(file: string, there: boolean, before: Buffer, after: Buffer): void {
  const folder = path.dirname(file)
  if (!there) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const mode = there ? statSync(file).mode & 0o7777 : 0o600
  if ((mode & 0o200) === 0) throw new Refused('It is read-only: something else looks after it.')
  const made = path.join(folder, `.authorized_keys.wheelhouse-${randomBytes(6).toString('hex')}`)
  try {
    writeNewFile(made, after, mode, there ? file : folder)
    const now = there ? readPlainFile(file, largest).bytes : Buffer.alloc(0)
    if (sha256Of(now) !== sha256Of(before) || (!there && existsSync(file)))
      throw new Refused('It was changed meanwhile.')
    moveOver(made, file)
  } finally {
    rmSync(made, { force: true })
  }
}

function answerOf(file: string, lines: readonly string[], old: string, fresh: string): LoginKeysAnswer {
  const stands = (blob: string) => ({
    lines: lines.filter((line) => blobOfLine(line) === blob).map((line) => line.replace(/\r?\n$/, '')),
  })
  const others = lines.filter((line) => ![null, old, fresh].includes(blobOfLine(line))).length
  return { file, old: stands(old), fresh: stands(fresh), others }
}
