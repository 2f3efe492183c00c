import { InvalidArgumentError } from 'commander'
import { DateTime } from 'luxon'
import {
  type BoxId,
  LogLevel,
  type LogQuery,
  type LogRecord,
  type LogStart,
  type LogTail,
  mostTails,
} from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { systemClock } from '../base/clock.ts'
import { byName, faultOf, idsOf, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface LogsOptions {
  readonly box?: readonly string[]
  readonly since?: number
  readonly until?: number
  readonly level?: LogLevel
  readonly grep?: string
  readonly follow: boolean
}

const dayMs = 24 * 3_600_000
const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: dayMs }
/** Who follows looks for new lines this often. */
const lookMs = 500

/** A moment as an operator writes one: so long ago, or a date with or without a time of this computer. */
export function readMoment(text: string): number {
  const ago = /^(\d{1,6})([smhd])$/.exec(text)
  if (ago) return systemClock.nowMs() - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0)
  const at = DateTime.fromISO(text)
  if (!at.isValid) throw new InvalidArgumentError('A time is written as 2h, 3d, 2026-11-20 or 2026-11-20T08:00.')
  return at.toMillis()
}

export function readLevel(text: string): LogLevel {
  const level = LogLevel.safeParse(text.toLowerCase())
  if (!level.success) throw new InvalidArgumentError(`A level is one of ${LogLevel.options.join(', ')}.`)
  return level.data
}

function lineOf(boxName: string, record: LogRecord): string {
  const at = DateTime.fromMillis(record.atMs).toFormat('yyyy-LL-dd HH:mm:ss.SSS')
  if (record.kind === 'gap')
    return `${at} ${boxName} --- lines are missing: ${record.reason}, ${record.bytes} bytes of ${record.file}`
  const { level, subsystem, text, more } = record
  const parts = [at, boxName, (level ?? '-').padEnd(5), subsystem === null ? '' : `[${subsystem}]`, text, more ?? '']
  return parts.filter(Boolean).join(' ')
}

/**
 * Stored lines, oldest first; with `--follow` also those that are stored meanwhile, for which the machines are followed
 * unless another console holds the lock.
 */
export async function logs(session: Session, options: LogsOptions): Promise<number> {
  const { client: engine, print, onInterrupt } = session
  const all = await engine.inventory.boxes()
  const boxes = options.box?.map((name) => byName(all, name, 'machine')) ?? all
  if (boxes.length === 0) {
    print.say('No machines yet.')
    return exit.ok
  }
  const names = new Map(boxes.map(({ boxId, name }) => [boxId, name]))
  const query: LogQuery = {
    boxIds: idsOf(boxes),
    sinceMs: options.since ?? systemClock.nowMs() - dayMs,
    ...(options.until === undefined ? {} : { untilMs: options.until }),
    ...(options.level === undefined ? {} : { level: options.level }),
    ...(options.grep === undefined ? {} : { regex: options.grep }),
  }
  const tell = (record: LogRecord) => {
    const boxName = names.get(record.boxId) ?? ''
    print.row('logs', { boxName, ...record }, lineOf(boxName, record))
  }
  const leaving = new AbortController()
  const { signal } = leaving
  const left = () => signal.aborted
  if (!options.follow) {
    await tellAll(engine, query, tell, left)
    return exit.ok
  }
  onInterrupt(() => leaving.abort())
  const tailing = session.writable ? tellTails(session, names, signal) : null
  if (!tailing) print.say('Another Wheelhouse collects: what it stores is shown.')
  let seen = await tellAll(engine, query, tell, left)
  while (!left()) {
    await pause(lookMs, signal)
    if (!left()) seen = await tellAll(engine, { ...query, afterSeq: seen }, tell, left)
  }
  await tailing
  return exit.ok
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = systemClock.after(ms, done)
    signal.addEventListener('abort', done)
  })

/** Keeps the machines followed, and says whenever one of them stands otherwise than before. */
async function tellTails(
  { client: engine, print }: Session,
  names: ReadonlyMap<BoxId, string>,
  signal: AbortSignal,
): Promise<void> {
  const boxIds = [...names.keys()].slice(0, mostTails)
  if (names.size > boxIds.length) print.say(`${boxIds.length} of ${names.size} machines are followed.`)
  const told = new Map<BoxId, string>()
  try {
    for await (const tails of await engine.logs.tail({ boxIds }, { signal }))
      for (const tail of tails) {
        const words = tailWords(tail)
        if (words !== null && told.get(tail.boxId) !== words) print.say(`${names.get(tail.boxId) ?? ''}: ${words}`)
        if (words !== null) told.set(tail.boxId, words)
      }
  } catch (error) {
    const fault = faultOf(error)
    if (!signal.aborted)
      print.say(`The machines are not followed any more. ${fault ? faultText(fault).sentence : error}`)
  }
}

const tailWords = ({ state, sentence }: LogTail): string | null =>
  state === 'live' ? 'followed' : state === 'connecting' ? null : (sentence ?? state)

/** Tells every line there is; the answer is the newest that was stored when it began. */
async function tellAll(
  engine: Session['client'],
  query: LogQuery,
  tell: (record: LogRecord) => void,
  left: () => boolean,
): Promise<number> {
  let seen: number | null = null
  for (let at: LogStart | null = 'oldest'; at !== null && !left(); ) {
    const page: Awaited<ReturnType<Session['client']['logs']['page']>> = await engine.logs.page({
      query,
      at,
      direction: 'newer',
      limit: 500,
    })
    // Lines that are stored while the pages go on may be in them or not; those after come with the next look.
    seen ??= page.lastSeq
    for (const record of page.records) if (record.seq <= seen) tell(record)
    at = page.next
  }
  return seen ?? 0
}
