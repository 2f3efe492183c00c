import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent, ObservedDoor } from '../observed.ts'
import { clip, readTail } from '../reading.ts'
import { remembered } from '../remember.ts'

type Permission = Extract<ObservedAgent['permissions'], { read: true }>['value'][number]

/** How macOS refuses: reading the message store, and steering Messages (openclaw docs, channels/imessage). */
const refusals: readonly { readonly what: string; readonly line: RegExp }[] = [
  {
    what: 'Full Disk Access',
    line: /authorization denied|unable to open database|operation not permitted[^\n]{0,200}chat\.db|full disk access/i,
  },
  { what: 'Automation of Messages', line: /not authorized to send apple events|\(-1743\)/i },
]

/**
 * Runs on a box. Channels for which macOS must give its leave: iMessage reads a store and steers an app that the system
 * guards. What was given stands in a database that no ordinary login may read, and it is given to each program apart, so
 * what this login may read says little: the agent's own log is the witness.
 *
 * @param logFile the config's own `logging.file`; empty: the runtime's usual one.
 */
export function readPermissions(
  platform: string,
  home: string,
  stateDir: string,
  doors: readonly ObservedDoor[],
  logFile: string,
): Permission[] {
  if (platform !== 'darwin') return []
  const guarded = doors.filter(({ channel, enabled }) => enabled && channel === 'imessage')
  if (guarded.length === 0) return []
  const refused = lastRefusal(logsOf(home, stateDir, logFile))
  const detail = ownLeave(path.join(home, 'Library/Messages/chat.db'))
  return guarded.map(({ channel, account }) => ({
    channel,
    account,
    refusedAtMs: refused?.atMs ?? null,
    what: refused?.what ?? 'Full Disk Access and Automation',
    detail,
  }))
}

function ownLeave(file: string): string {
  try {
    closeSync(openSync(file, 'r'))
    return 'this login may read the message store'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no message store of this login'
      : 'this login may not read the message store either'
  }
}

const mostFiles = 6

/** The service's own output, and the runtime's log of the last days; it drops them after a day itself. */
function logsOf(home: string, stateDir: string, logFile: string): string[] {
  const folders = [path.join(home, 'Library/Logs/openclaw'), path.join(stateDir, 'logs'), '/tmp/openclaw']
  const files = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => path.join(folder, name)),
  )
  return [...(path.isAbsolute(logFile) ? [logFile] : []), ...files]
    .map((file) => ({ file, changedAtMs: changedAt(file) }))
    .filter(({ changedAtMs }) => changedAtMs > 0)
    .sort((a, b) => b.changedAtMs - a.changedAtMs)
    .slice(0, mostFiles)
    .map(({ file }) => file)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, 200)
  } catch {
    return []
  }
}

function changedAt(file: string): number {
  try {
    const found = statSync(file)
    return found.isFile() ? found.mtimeMs : 0
  } catch {
    return 0
  }
}

interface Refusal {
  readonly atMs: number
  readonly what: string
}

function lastRefusal(files: readonly string[]): Refusal | null {
  const found = files.flatMap((file) => {
    const last = refusalOfFile(file)
    return last === null ? [] : [{ what: last.what, atMs: last.atMs ?? Math.round(changedAt(file)) }]
  })
  return found.sort((a, b) => b.atMs - a.atMs)[0] ?? null
}

/** The last line of a log that tells of a refusal, with its time where the line has one. Pure. */
export function refusalIn(text: string): { atMs: number | null; what: string } | null {
  for (const line of text.split('\n').reverse()) {
    const refusal = refusals.find((each) => each.line.test(line))
    if (refusal === undefined) continue
    const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/.exec(line)?.[0]
    const atMs = time === undefined ? Number.NaN : Date.parse(time)
    return { atMs: Number.isFinite(atMs) ? atMs : null, what: clip(refusal.what) }
  }
  return null
}

const endBytes = 200_000

const refusalOfFile = (file: string): ReturnType<typeof refusalIn> =>
  remembered(`refusal ${file}`, (watch) => {
    watch(file)
    try {
      return refusalIn(readTail(file, endBytes))
    } catch {
      return null
    }
  })
