import { createHmac, timingSafeEqual } from 'node:crypto'
import { type HostKey, readHostKey } from './host-key.ts'

/** One usable line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHost extends HostKey {
  /** 1-based. */
  readonly line: number
  readonly isFor: (host: string, port: number) => boolean
}

/** Reads a known_hosts file. Lines that cannot be used, comments, `@revoked` and `@cert-authority` are passed over. */
export function readKnownHosts(text: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((raw, index): KnownHost[] => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith('@')) return []
    const [hosts, type, blob] = line.split(/\s+/)
    if (hosts === undefined || type === undefined || blob === undefined) return []
    const key = readHostKey(Buffer.from(blob, 'base64'))
    if (key === null || key.algorithm !== type) return []
    return [{ ...key, line: index + 1, isFor: hosts.startsWith('|') ? hashed(hosts) : patterns(hosts) }]
  })
}

/** As ssh looks a host up: lower case, `[host]:port` unless the port is 22. */
const nameOf = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

/** `|1|salt|hash`, hash = HMAC-SHA1(salt, name). */
function hashed(entry: string): KnownHost['isFor'] {
  const [, version, salt, hash] = entry.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return () => false
  const wanted = Buffer.from(hash, 'base64')
  return (host, port) => {
    const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(nameOf(host, port)).digest()
    return found.length === wanted.length && timingSafeEqual(found, wanted)
  }
}

/** Comma-separated names with `*` and `?`; one that begins with `!` and fits rules the line out. */
function patterns(list: string): KnownHost['isFor'] {
  const all = list.split(',').map((pattern) => {
    const not = pattern.startsWith('!')
    return { not, fits: glob((not ? pattern.slice(1) : pattern).toLowerCase()) }
  })
  return (host, port) => {
    const name = nameOf(host, port)
    const fitting = all.filter(({ fits }) => fits(name))
    return fitting.length > 0 && fitting.every(({ not }) => !not)
  }
}

/** Matches without backtracking: a file may hold any pattern. */
function glob(pattern: string): (name: string) => boolean {
  return (name) => {
    let at = 0
    let star = -1
    let retry = 0
    let i = 0
    while (i < name.length) {
      if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i]) && pattern[at] !== '*') {
        at += 1
        i += 1
      } else if (pattern[at] === '*') {
        star = at
        retry = i
        at += 1
      } else if (star >= 0) {
        at = star + 1
        retry += 1
        i = retry
      } else return false
    }
    while (pattern[at] === '*') at += 1
    return at === pattern.length
  }
}
