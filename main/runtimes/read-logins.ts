import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import type { ObservedPeople } from './observed.ts'
import { clip, run, Unreadable } from './reading.ts'

type Logins = Extract<ObservedPeople['logins'], { read: true }>['value']
type Login = Logins[number]

const most = 20
/** So much of the end of wtmp is read: some hundred records. */
const tailBytes = 200_000

/** Runs on a box. Who logged in last, newest first. @throws Unreadable with a sentence. */
export async function readLogins(system: string): Promise<Logins> {
  if (system === 'linux') {
    const records = wtmpTail('/')
    if (records !== null) return parseWtmp(records, process.arch)
  } else if (system !== 'darwin') throw new Unreadable('Not looked at on this system.')
  const args = system === 'linux' ? ['-F', '-w', '-n', String(most)] : ['-n', String(most)]
  const { exitCode, stdout } = await run('last', args, { timeoutMs: 4000, env: { ...process.env, LC_ALL: 'C' } })
  if (exitCode !== 0) throw new Unreadable('This system does not say who logged in.')
  return parseLast(stdout, Date.now())
}

function wtmpTail(root: string): Buffer | null {
  let handle: number
  try {
    handle = openSync(path.join(root, 'var/log/wtmp'), 'r')
  } catch {
    return null
  }
  try {
    const { size } = fstatSync(handle)
    const record = recordOf(process.arch).bytes
    const whole = Math.min(Math.floor(size / record), Math.floor(tailBytes / record)) * record
    const bytes = Buffer.alloc(whole)
    readSync(handle, bytes, 0, whole, Math.floor(size / record) * record - whole)
    return bytes
  } finally {
    closeSync(handle)
  }
}

/** A record of utmp(5) as glibc lays it out: 32-bit times on x86, 64-bit ones on arm64. */
const recordOf = (arch: string) => (arch === 'arm64' ? { bytes: 400, time: 344 } : { bytes: 384, time: 340 })

const userProcess = 7
const deadProcess = 8
const bootTime = 2

/** Logins of wtmp(5) records, newest first. A start of the system ends all that were open. */
export function parseWtmp(bytes: Buffer, arch: string): Logins {
  const { bytes: size, time } = recordOf(arch)
  const text = (from: number, length: number) =>
    bytes
      .subarray(from, from + length)
      .toString('latin1')
      .split('\0', 1)[0] ?? ''
  const logins: Login[] = []
  const open = new Map<string, number>()
  for (let at = 0; at + size <= bytes.length; at += size) {
    const kind = bytes.readInt16LE(at)
    const line = text(at + 8, 32)
    const seconds = arch === 'arm64' ? Number(bytes.readBigInt64LE(at + time)) : bytes.readUInt32LE(at + time)
    if (!(seconds > 0 && seconds < 8.64e12)) continue
    const atMs = seconds * 1000
    const end = (place: number | undefined) => {
      const login = place === undefined ? undefined : logins[place]
      if (place !== undefined && login) logins[place] = { ...login, untilMs: atMs }
    }
    if (kind === bootTime) {
      for (const place of open.values()) end(place)
      open.clear()
    } else if (kind === deadProcess) {
      end(open.get(line))
      open.delete(line)
    } else if (kind === userProcess) {
      end(open.get(line))
      open.set(line, logins.length)
      logins.push({
        user: clip(text(at + 44, 32), 100),
        from: clip(placeOf(line, text(at + 76, 256))),
        atMs,
        untilMs: null,
      })
    }
  }
  return logins.reverse().slice(0, most)
}

const placeOf = (line: string, from: string): string =>
  from || (/^(console|tty\d|:\d|seat)/.test(line) ? 'its screen' : line)

const moment = String.raw`\w{3} (\w{3})\s+(\d{1,2}) (\d\d:\d\d(?::\d\d)?)(?: (\d{4}))?`
const lastLine = new RegExp(String.raw`^(\S+)\s+(\S+)\s+(?:(\S.*?)\s+)?${moment}\s+(?:(?:-|gone)\s*(.*)|still .*)?$`)

/** What `last` prints, on Linux with years and seconds (`-F`), on macOS without: the year is then the newest that is not in the future. */
export function parseLast(stdout: string, nowMs: number): Logins {
  return stdout
    .split('\n')
    .flatMap((line): Login[] => {
      const [, user = '', place = '', from = '', month = '', day = '', time = '', year = '', rest = ''] =
        lastLine.exec(line) ?? []
      if (user === '' || user === 'reboot' || user === 'shutdown' || user === 'wtmp' || place === '~') return []
      const atMs = momentOf(month, day, time, year, nowMs)
      return atMs === null
        ? []
        : [{ user: clip(user, 100), from: clip(placeOf(place, from)), atMs, untilMs: endOf(rest, atMs, nowMs) }]
    })
    .slice(0, most)
}

function endOf(rest: string, atMs: number, nowMs: number): number | null {
  const span = /\((?:(\d+)\+)?(\d\d):(\d\d)\)\s*$/.exec(rest)
  if (span) return atMs + ((Number(span[1] ?? 0) * 24 + Number(span[2])) * 60 + Number(span[3])) * 60_000
  const [, month = '', day = '', time = '', year = ''] = new RegExp(moment).exec(rest) ?? []
  return month === '' ? null : momentOf(month, day, time, year, nowMs)
}

function momentOf(month: string, day: string, time: string, year: string, nowMs: number): number | null {
  const thisYear = new Date(nowMs).getFullYear()
  for (const tried of year === '' ? [thisYear, thisYear - 1] : [Number(year)]) {
    const atMs = Date.parse(`${month} ${day} ${tried} ${time}`)
    if (Number.isFinite(atMs) && atMs <= nowMs + 86_400_000) return atMs
  }
  return null
}
