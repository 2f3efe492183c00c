import { existsSync } from 'node:fs'
import path from 'node:path'
import type { LogCursor, LogGap, LogLine } from '../log-lines.ts'
import type { ReadLine } from '../read-log.ts'
import { run } from '../reading.ts'
import { readJournalEntry } from './log-line.ts'
import type { ServiceFile } from './read-service.ts'

const mostEntries = 2000

interface Journal {
  readonly lines: LogLine[]
  readonly cursors: LogCursor[]
  readonly gaps: LogGap[]
  /** What the lines take in the answer. */
  readonly roomBytes: number
}

/**
 * Runs on a box. What a unit of systemd printed since the last time, newest 2 000. An entry's place is its moment in
 * microseconds. Empty where the unit's journal cannot be asked.
 *
 * @param runDir where systemd shows that it runs.
 */
export async function readJournal(
  service: ServiceFile | null,
  cursors: readonly LogCursor[],
  readLine: ReadLine,
  runDir = '/run',
): Promise<Journal> {
  if (service?.kind !== 'systemd') return nothingNew(cursors.filter(({ identity }) => identity.startsWith('journal:')))
  const identity = `journal:${service.name}`.slice(0, 200)
  const known = cursors.find((cursor) => cursor.identity === identity)
  const kept = known ? [known] : []
  const runtimeDir = process.env.XDG_RUNTIME_DIR || `${runDir}/user/${process.getuid?.() ?? 0}`
  const isSystem = service.file.startsWith('/etc/')
  const canAsk =
    existsSync(path.join(runDir, 'systemd/system')) &&
    (isSystem || existsSync(path.join(runtimeDir, 'systemd/private')))
  if (!canAsk) return nothingNew(kept)
  const since = known ? [`--since=@${(known.offset / 1e6).toFixed(6)}`] : []
  const { exitCode, stdout } = await run(
    'journalctl',
    [
      ...(isSystem ? [] : ['--user']),
      '-u',
      service.name,
      '-o',
      'json',
      '--no-pager',
      '--output-fields=MESSAGE,PRIORITY',
      '-n',
      String(mostEntries),
      ...since,
    ],
    { timeoutMs: 8000, env: { ...process.env, XDG_RUNTIME_DIR: runtimeDir, LC_ALL: 'C' } },
  )
  if (exitCode !== 0) return nothingNew(kept)
  return takeEntries(stdout, identity, known?.offset ?? 0, readLine)
}

const nothingNew = (cursors: LogCursor[]): Journal => ({ lines: [], cursors, gaps: [], roomBytes: 0 })

/** Entries after `afterUs` of what `journalctl -o json` printed. */
export function takeEntries(printed: string, identity: string, afterUs: number, readLine: ReadLine): Journal {
  const entries = printed.split('\n').flatMap((text) => {
    const entry = readJournalEntry(text)
    return entry ? [entry] : []
  })
  const fresh = entries.filter(({ atUs }) => atUs > afterUs)
  const source = 'service'
  const lines = fresh.map(({ words, atUs, level }): LogLine => {
    const line = readLine(words, source)
    return {
      ...line,
      at: line.at ?? Math.floor(atUs / 1000),
      level: line.level ?? level,
      source,
      file: identity,
      offset: atUs,
    }
  })
  const offset = Math.max(afterUs, ...fresh.map(({ atUs }) => atUs))
  const first = fresh[0]
  // As many as are asked for and all of them new: there were more before.
  const isCut = first !== undefined && fresh.length >= mostEntries
  const gap: LogGap = {
    source,
    file: identity,
    reason: 'too-much',
    fromOffset: afterUs,
    toOffset: first?.atUs ?? afterUs,
    bytes: 0,
    fromAt: afterUs > 0 ? Math.floor(afterUs / 1000) : null,
    toAt: first ? Math.floor(first.atUs / 1000) : null,
  }
  return {
    lines,
    cursors: [{ source, file: identity, identity, offset }],
    gaps: isCut ? [gap] : [],
    roomBytes: JSON.stringify(lines).length,
  }
}
