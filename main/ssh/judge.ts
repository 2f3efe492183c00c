import type { Fault } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'

export type Phase = 'connect' | 'banner' | 'handshake' | 'auth' | 'channel'

/** What is known about a connection that did not come about: the raw error and how far it got. */
export interface Trouble {
  readonly phase: Phase
  /** ssh2's own word for where it happened, such as `client-socket`. */
  readonly level?: string | undefined
  /** Node's `ECONNREFUSED` and the like, or a number of RFC 4253 §11.1 or RFC 4254 §5.1. */
  readonly code?: string | number | undefined
  readonly message: string
  /** What came instead of an SSH banner; empty when nothing did. */
  readonly said: string
}

/** The box as the operator knows it. */
export interface Target {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
}

/** What was tried to log in, as a person would recognise it, and what the box would take. */
export interface LoginRecord {
  readonly offered: string[]
  readonly accepted: string[]
}

/** sshd says so, in plain text where its banner should be, when too many are knocking (`MaxStartups`, `PerSourcePenalties`). */
const turnedAway = /^(Exceeded MaxStartups|Not allowed at this time)/

/** Worth another try after a moment: the box closed the door before it spoke, as a busy sshd does. */
export function isPassing(trouble: Trouble): boolean {
  if (trouble.phase === 'banner') return trouble.said === '' || turnedAway.test(trouble.said)
  return (trouble.phase === 'connect' || trouble.phase === 'handshake') && trouble.code === 'ECONNRESET'
}

const names = { notFound: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'], refused: ['ECONNREFUSED'] }
const unreachable = ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EADDRNOTAVAIL']

/** Too many logins, no more methods, illegal user: the box ended it while we were logging in (RFC 4253 §11.1). */
const endedLogin = [2, 14, 15]

/** The fault that tells the operator what happened. @param afterMs how long it took, for deadlines of the system's own. */
export function faultOf(trouble: Trouble, target: Target, login: LoginRecord, afterMs: number): Fault {
  const boxName = target.name
  const { phase, code, level, message, said } = trouble
  if (phase === 'connect') return connectFault(trouble, target, afterMs)
  if (level === 'client-authentication' || (phase === 'auth' && endedLogin.includes(Number(code))))
    return {
      code: 'auth-refused',
      boxName,
      user: target.user,
      offered: [...login.offered],
      accepted: [...login.accepted],
    }
  if (/no matching/i.test(message))
    return { code: 'no-common-algorithm', boxName, detail: untrusted(message.replace(/^Handshake failed: /, '')) }
  if (phase === 'banner' && said !== '' && !turnedAway.test(said))
    return { code: 'not-ssh', boxName, detail: untrusted(said.trim()) }
  if (phase === 'banner' && said === '')
    return { code: 'connection-lost', boxName, detail: 'closed before it said anything' }
  return {
    code: 'connection-lost',
    boxName,
    detail: untrusted(said.trim() === '' ? lossText(level, message) : said.trim()),
  }
}

function connectFault({ code, message }: Trouble, target: Target, afterMs: number): Fault {
  const { name: boxName, host, port } = target
  const is = (codes: readonly string[], words: RegExp) =>
    codes.includes(String(code)) || (typeof code === 'number' && words.test(message))
  if (is(names.notFound, /name or service|nodename|no address|not known|name resolution/i))
    return { code: 'name-not-found', boxName, host }
  if (is(names.refused, /refused/i)) return { code: 'refused', boxName, host, port }
  if (is(unreachable, /unreachable|no route/i)) return { code: 'network-unreachable', boxName, host }
  if (is(['ETIMEDOUT'], /timed out/i))
    return { code: 'timed-out', boxName, phase: 'connect', afterMs: Math.round(afterMs) }
  return { code: 'connection-lost', boxName, detail: untrusted(message) }
}

function lossText(level: string | undefined, message: string): string {
  if (level === 'client-timeout') return 'no answer to keep-alives'
  if (level === 'client-socket') return message
  return message === '' ? 'closed by the machine' : message
}
