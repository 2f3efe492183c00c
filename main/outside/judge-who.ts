import type { OutsideChange } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { dateWords } from '../base/words.ts'

export interface Write {
  readonly atMs: number
  /** The command, as the runtime recorded it. */
  readonly by: string
  /** Home folders that the record names. */
  readonly homes: readonly string[]
}

export interface Login {
  readonly user: string
  readonly from: string
  readonly atMs: number
  readonly untilMs: number | null
}

export interface WhoEvidence {
  /** Writes since the part read as before, newest first. */
  readonly writes: readonly Write[]
  /** Why the runtime's record of writes could not be read; empty: it could, or it says nothing about this. */
  readonly noWrites: string
  /** Null: not known, or it says nothing. */
  readonly fileOwner: string | null
  /** Null: nobody could read who was logged in. */
  readonly logins: readonly Login[] | null
  /** The login the agent runs as; that its own name stands in a record tells nothing. */
  readonly login: string
  readonly atMs: number
  /** False: only known to lie between two sweeps, so who was logged in "then" cannot be said. */
  readonly isExact: boolean
}

export type Who = Pick<OutsideChange, 'who' | 'whoBy' | 'evidence'>

/** A clock that ticks in minutes, and a file that is saved a moment after the person logged out. */
const slackMs = 2 * 60_000

/** `/Users/kevin/…` → kevin; the same on Linux and Windows. */
export const userOfFolder = (folder: string): string =>
  /^(?:\/Users|\/home|[A-Za-z]:[\\/]Users)[\\/]([^\\/]+)/.exec(folder)?.[1] ?? ''

/** Whoever has been logged in for longer, as a screen that nobody ever leaves, says little about a moment. */
const tellingMs = 24 * 3_600_000

const loginWords = ({ user, from, atMs, untilMs }: Login): string => {
  const place = from === '' ? '' : from === 'its screen' ? ' at its screen' : ` from ${from}`
  const since = dateWords(atMs)
  return `${user}${place}, ${untilMs === null ? `since ${since}` : `${since} to ${dateWords(untilMs)}`}`
}

/**
 * Who it was, and what says so. The record of the change names them, or the file belongs to them; else the only one who
 * was logged in at that moment; else nobody knows. Pure.
 */
export function judgeWho({ writes, noWrites, fileOwner, logins, login, atMs, isExact }: WhoEvidence): Who {
  const evidence: { name: string; value: string }[] = []
  const say = (name: string, value: string) => evidence.push({ name, value: untrusted(value, 300) })
  for (const write of writes.slice(0, 2)) say('Written by', `${write.by}, ${dateWords(write.atMs)}`)
  if (noWrites !== '') say('Written by', `not known: ${noWrites}`)
  const homes = writes.flatMap((write) => write.homes)
  const strangers = [...new Set(homes.map(userOfFolder).filter((user) => user !== '' && user !== login))]
  const [home] = homes.filter((folder) => strangers.includes(userOfFolder(folder)))
  if (home !== undefined) say('Its command stood in', home)
  const isForeign = fileOwner !== null && fileOwner !== login && fileOwner !== 'root'
  if (fileOwner !== null && fileOwner !== login) say('File belongs to', fileOwner)
  const then = (logins ?? []).filter(
    (each) => each.atMs <= atMs + slackMs && (each.untilMs === null || each.untilMs >= atMs - slackMs),
  )
  const telling = then.filter((each) => atMs - each.atMs < tellingMs)
  const people = [...new Set((telling.length > 0 ? telling : then).map(({ user }) => user))]
  if (isExact) {
    for (const each of then.slice(0, 3)) say('Logged in then', loginWords(each))
    if (then.length === 0)
      say(
        'Logged in then',
        logins === null ? 'not known: this machine does not say who logged in' : 'nobody that its records name',
      )
  }
  const [stranger] = strangers
  const [person] = people
  if (stranger !== undefined && strangers.length === 1)
    return { who: untrusted(stranger, 60), whoBy: 'named', evidence }
  if (isForeign) return { who: untrusted(fileOwner, 60), whoBy: 'named', evidence }
  if (isExact && person !== undefined && people.length === 1)
    return { who: untrusted(person, 60), whoBy: 'logged-in', evidence }
  return { who: '', whoBy: 'unknown', evidence }
}
