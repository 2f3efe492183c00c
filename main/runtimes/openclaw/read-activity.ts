import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedActivity, ObservedDoor } from '../observed.ts'
import { clip, readPlainFile, readTail, Unreadable, why } from '../reading.ts'
import { remembered } from '../remember.ts'
import { fromDatabase, type ReadDatabase } from '../sqlite.ts'
import { busiestHours } from './busiest-hour.ts'
import { type Arrival, countStrangers, queueOf, summarize } from './exchanges.ts'
import { stateDatabase } from './read-state.ts'
import { isSettings } from './settings.ts'
import { type Turn, turnOf } from './turns.ts'

const windowMs = 40 * 86_400_000
const mostRows = 20_000
const mostBytesPerFile = 8_000_000
const mostBytes = 64_000_000

/**
 * Runs on a box. Real exchanges of one agent, without content: transcripts and the message queue of newer versions,
 * session files of older ones (migrated boxes keep theirs as an archive only).
 */
export function readActivity(
  stateDir: string,
  doors: readonly ObservedDoor[],
  testHandles: readonly string[],
): ObservedActivity {
  const nowMs = Date.now()
  const sinceMs = nowMs - windowMs
  const blindSpots: string[] = []
  const { turns, found, files, isNew } = conversations(stateDir, sinceMs)
  const queue = readArrivals(stateDir, sinceMs)
  const arrivals = queue.read ? queue.arrivals.filter(({ atMs }) => atMs >= sinceMs) : null
  if (!queue.read && queue.why !== '') {
    if (found.length === 0 && files.count === 0) throw new Unreadable(`The message queue: ${queue.why}`)
    blindSpots.push(clip(`The message queue: ${queue.why}`))
  }
  const compressed = found.reduce((sum, part) => sum + part.compressed, 0)
  if (compressed > 0) blindSpots.push(`${compressed} long entries are stored compressed and were not read.`)
  if (found.length > 0) blindSpots.push('Several quick messages may be stored, and counted, as one.')
  if (files.count > 0) blindSpots.push('Older session files do not always name the sender; test messages may count.')
  if (files.skipped > 0) blindSpots.push(`${files.skipped} large session files were read from their end only.`)
  if (arrivals?.some(({ sender }) => sender === ''))
    blindSpots.push('iMessage chats are stored without a sender; strangers there are not counted.')
  const source = isNew
    ? 'no sessions yet'
    : found.length > 0
      ? `openclaw-agent.sqlite v${found[0]?.userVersion ?? 0}`
      : 'session files'
  return {
    source: clip(source),
    ...summarize(
      turns.filter(({ kind }) => kind !== 'delivered'),
      arrivals ?? [],
      { nowMs, testHandles },
    ),
    queue: arrivals === null ? null : queueOf(arrivals, { nowMs, testHandles }),
    droppedStrangers: strangers(arrivals, doors, { nowMs, testHandles }),
    busiest: busiestHours(turns, nowMs),
    blindSpots: blindSpots.slice(0, 10),
  }
}

/** Every turn since then, of whichever store this version has. */
export const readTurns = (stateDir: string, sinceMs: number): Turn[] => conversations(stateDir, sinceMs).turns

const agentDatabases = (stateDir: string): string[] =>
  agentFolders(stateDir)
    .map((folder) => path.join(folder, 'agent', 'openclaw-agent.sqlite'))
    .filter(isFile)

/**
 * What came in and went out since then, and what of that time could not be read. Read over the whole window, because an
 * answer is remembered whatever it was asked for.
 */
export function readSince(stateDir: string, sinceMs: number) {
  const fromMs = Date.now() - windowMs
  const isLater = ({ atMs }: { readonly atMs: number }) => atMs >= sinceMs
  const queue = readArrivals(stateDir, fromMs)
  const packed = agentDatabases(stateDir).flatMap((file) => fromDatabase('packed', file, packedTimes))
  return {
    turns: readTurns(stateDir, fromMs).filter(isLater),
    arrivals: queue.read ? queue.arrivals.filter(isLater) : [],
    whyNoQueue: queue.read ? '' : queue.why,
    unread: packed.filter((atMs) => atMs >= sinceMs).length,
  }
}

/** When the newest entries that are kept compressed were written. */
const packedTimes = (database: ReadDatabase): number[] =>
  database.hasTable('transcript_events') && database.hasColumn('transcript_events', 'event_zstd')
    ? database
        .all('select created_at from transcript_events where event_json is null order by created_at desc limit 1000')
        .map((row) => Number(row.created_at))
    : []

function conversations(stateDir: string, sinceMs: number) {
  const databases = agentDatabases(stateDir)
  const fromDatabases = databases.map((file) =>
    fromDatabase('turns', file, (database) => transcriptTurns(database, sinceMs)),
  )
  const found = fromDatabases.filter((part) => part !== null)
  const files = found.length > 0 ? { turns: [], count: 0, skipped: 0 } : sessionTurns(stateDir, sinceMs)
  const turns = [...found.flatMap((part) => part.turns), ...files.turns].filter(({ atMs }) => atMs >= sinceMs)
  const isNew = databases.length === 0 && files.count === 0 && !isFile(stateDatabase(stateDir))
  return { turns, found, files, isNew }
}

function strangers(
  arrivals: readonly Arrival[] | null,
  doors: readonly ObservedDoor[],
  options: { nowMs: number; testHandles: readonly string[] },
): number | null {
  const isJudged = doors.every(
    ({ direct, listed, listedTotal }) => direct !== 'unknown' && listed.length === listedTotal,
  )
  if (arrivals === null || !isJudged) return null
  if (doors.some(({ direct }) => direct === 'everyone')) return 0
  return countStrangers(
    arrivals,
    doors.flatMap(({ listed }) => listed),
    options,
  )
}

const isFile = (file: string): boolean => {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function agentFolders(stateDir: string): string[] {
  try {
    return readdirSync(path.join(stateDir, 'agents'))
      .slice(0, 50)
      .map((name) => path.join(stateDir, 'agents', name))
  } catch {
    return []
  }
}

function transcriptTurns(
  database: ReadDatabase,
  sinceMs: number,
): { turns: Turn[]; compressed: number; userVersion: number } | null {
  if (!database.hasTable('transcript_events')) return null
  const keyed = database.hasTable('session_windows')
  const maybeCompressed = database.hasColumn('transcript_events', 'event_zstd')
  const rows = database.all(
    `select t.session_id, t.event_json, ${keyed ? 'w.session_key' : "'' as session_key"}
       from transcript_events t ${keyed ? 'left join session_windows w on w.session_id = t.session_id' : ''}
      where t.created_at >= ? and t.event_json is not null and length(t.event_json) < 400000
        and (t.event_json like '%"role":"user"%' or t.event_json like '%"role":"assistant"%' or t.event_json like '%run-failed-before-reply%')
      order by t.created_at desc limit ?`,
    sinceMs,
    mostRows,
  )
  const [gap] = maybeCompressed
    ? database.all('select count(*) as n from transcript_events where event_json is null and created_at >= ?', sinceMs)
    : []
  const turns = rows.flatMap((row) =>
    parseTurn(String(row.event_json), String(row.session_id), String(row.session_key ?? '')),
  )
  return {
    turns,
    compressed: Number(gap?.n ?? 0),
    userVersion: database.userVersion,
  }
}

function parseTurn(line: string, session: string, sessionKey: string): Turn[] {
  try {
    const turn = turnOf(JSON.parse(line), session, sessionKey)
    return turn === null ? [] : [turn]
  } catch {
    return []
  }
}

/** Words of the queue, the same in both eras; one that is not known waits. */
const statuses: Readonly<Record<string, Arrival['status']>> = {
  pending: 'waiting',
  claimed: 'taken',
  completed: 'done',
  failed: 'given-up',
}

type Queue = { read: true; arrivals: Arrival[] } | { read: false; why: string }

/** The queue of messages that came in; not read, with no reason, when this version keeps none. */
function readArrivals(stateDir: string, sinceMs: number): Queue {
  try {
    return fromDatabase('arrivals', stateDatabase(stateDir), (database): Queue => {
      if (!database.hasTable('channel_ingress_events')) return { read: false, why: '' }
      const rows = database.all(
        'select channel_id, status, lane_key, received_at, last_error from channel_ingress_events where received_at >= ? order by received_at desc limit ?',
        sinceMs,
        mostRows,
      )
      const arrivals = rows.map((row) => ({
        atMs: Number(row.received_at),
        sender: senderOfLane(String(row.lane_key ?? ''), String(row.channel_id)),
        status: statuses[String(row.status)] ?? 'waiting',
        error: clip(row.last_error, 200),
      }))
      return { read: true, arrivals }
    })
  } catch (error) {
    const reason = why(error)
    return { read: false, why: reason === 'There is no such database.' ? '' : reason }
  }
}

/** `telegram:111` names the sender of a direct chat; `chat:871` and group lanes name a room. */
function senderOfLane(lane: string, channel: string): string {
  const [prefix, rest = ''] = [lane.slice(0, lane.indexOf(':')), lane.slice(lane.indexOf(':') + 1)]
  return prefix === channel && /^[+\w@.-]+$/.test(rest) && !rest.startsWith('-') ? rest : ''
}

/** Session files of versions before 2026.8, newest first. */
function sessionTurns(stateDir: string, sinceMs: number): { turns: Turn[]; count: number; skipped: number } {
  const files = agentFolders(stateDir)
    .flatMap((folder) => filesOf(path.join(folder, 'sessions')))
    .filter(({ modifiedAtMs }) => modifiedAtMs >= sinceMs)
    .sort((a, b) => b.modifiedAtMs - a.modifiedAtMs)
  let [left, skipped] = [mostBytes, 0]
  const turns: Turn[] = []
  for (const { file, key, sizeBytes } of files) {
    const take = Math.min(mostBytesPerFile, left)
    if (take <= 0) break
    if (sizeBytes > take) skipped += 1
    left -= Math.min(sizeBytes, take)
    const found = remembered(`session ${file} ${take} ${key}`, (watch) => {
      watch(file)
      return turnsIn(file, take, key)
    })
    for (const turn of found) turns.push(turn)
  }
  return { turns, count: files.length, skipped }
}

function turnsIn(file: string, take: number, key: string): Turn[] {
  const session = path.basename(file, '.jsonl')
  return readTail(file, take)
    .split('\n')
    .filter((line) => line.includes('"message"') || line.includes('run-failed-before-reply'))
    .flatMap((line) => parseTurn(line, session, key))
}

interface SessionFile {
  readonly file: string
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

function filesOf(folder: string): SessionFile[] {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && !name.endsWith('.trajectory.jsonl'))
  } catch {
    return []
  }
  const keys = sessionKeys(path.join(folder, 'sessions.json'))
  return names.map((name) => {
    const file = path.join(folder, name)
    const { size, mtimeMs } = statSync(file)
    return { file, key: keys.get(path.basename(name, '.jsonl')) ?? '', sizeBytes: size, modifiedAtMs: mtimeMs }
  })
}

function sessionKeys(file: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(readPlainFile(file, mostBytesPerFile).bytes.toString())
    const entries = isSettings(value) ? Object.entries(value) : []
    return new Map(
      entries.flatMap(([key, entry]) =>
        isSettings(entry) && typeof entry.sessionId === 'string' ? [[entry.sessionId, key] as const] : [],
      ),
    )
  } catch {
    return new Map()
  }
}
