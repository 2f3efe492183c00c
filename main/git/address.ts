/** Where a git remote lives, read from text that a box or a person wrote. */
export interface RemoteAddress {
  /** The same for every way to write it: host and path, without scheme, user and `.git`. */
  readonly key: string
  /** What git is given: no password, no option, no helper program. */
  readonly url: string
}

export type AddressReading = { readonly address: RemoteAddress } | { readonly problem: string }

const longest = 1000
const hostName = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/
const userName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
const place = /^[\p{L}\p{N}~_.][\p{L}\p{N}~_.+@%/ -]*$/u

/**
 * Reads an address by a closed list of forms: `https://`, `ssh://`, `user@host:path`. Anything else, such as `ext::`, is
 * refused, and so is a host that means this very computer.
 *
 * @param here the text comes from this very computer, as a box on loopback does: then a folder and a loopback host are
 *   places like any other.
 */
export function readAddress(text: string, here = false): AddressReading {
  if (text === '') return { problem: 'It has no remote.' }
  if (text.length > longest || /[\p{Cc}\p{Cf}]/u.test(text))
    return { problem: 'The address of its remote is no address.' }
  const url = /^(https|ssh|file):\/\/(.*)$/i.exec(text)
  if (url?.[1] && url[2] !== undefined) return readUrl(url[1].toLowerCase(), url[2], here)
  if (/^\//.test(text)) return readFolder(text, here)
  const short = /^(?:([^@/:]+)@)?(\[[^\]]+\]|[^@/:[\]]{2,}):(?!:|\/\/)(.+)$/.exec(text)
  if (short?.[2] && short[3])
    return ofHost({ scheme: 'ssh', user: short[1], host: short[2], port: '', path: short[3], scp: true }, here)
  return { problem: 'Its remote is neither https nor ssh, so nobody asks it.' }
}

function readUrl(scheme: string, rest: string, here: boolean): AddressReading {
  if (scheme === 'file') return readFolder(rest, here)
  const parts = /^(?:([^@/]*)@)?(\[[^\]]*\]|[^:/@[\]]+)(?::(\d{1,5}))?\/(.+)$/.exec(rest)
  if (!parts?.[2] || !parts[4]) return { problem: 'The address of its remote is no address.' }
  const user = scheme === 'ssh' ? parts[1]?.split(':')[0] : undefined
  return ofHost({ scheme, user, host: parts[2], port: parts[3] ?? '', path: parts[4], scp: false }, here)
}

function readFolder(folder: string, here: boolean): AddressReading {
  if (!here) return { problem: 'Its remote is a folder on that machine.' }
  if (!/^\//.test(folder)) return { problem: 'The address of its remote is no address.' }
  const path = folder.replace(/\/+$/, '')
  return { address: { key: `this computer:${path.replace(/\.git$/, '')}`, url: path } }
}

interface HostParts {
  readonly scheme: string
  readonly user: string | undefined
  readonly host: string
  readonly port: string
  readonly path: string
  readonly scp: boolean
}

function ofHost({ scheme, user, host, port, path, scp }: HostParts, here: boolean): AddressReading {
  const bare = path.replace(/^\/+/, '')
  if (!hostName.test(host) || (user !== undefined && !userName.test(user)) || !place.test(bare))
    return { problem: 'The address of its remote is no address.' }
  if (!here && isThisComputer(host)) return { problem: 'Its remote is on the machine itself.' }
  const usual = scheme === 'https' ? '443' : '22'
  const named = port === '' || port === usual ? '' : `:${port}`
  const name = bare
    .replace(/^~\//, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
  const login = user === undefined ? '' : `${user}@`
  return {
    address: {
      key: `${host.toLowerCase()}${named}/${name}`,
      url: scp ? `${login}${host}:${path}` : `${scheme}://${login}${host}${port === '' ? '' : `:${port}`}/${path}`,
    },
  }
}

/** Loopback, link-local and "any": from a box these mean the box, and asked from here they would mean this computer. */
const isThisComputer = (host: string): boolean =>
  /^(localhost|.*\.localhost|127\..*|0\.0\.0\.0|0|169\.254\..*|\[(::1?|::ffff:127\..*|fe80:.*)\])$/i.test(host)

/** git's own grammar of branch names, as far as one may be handed to git (git-check-ref-format). */
export const isBranch = (name: string): boolean =>
  name.length <= 200 &&
  /^[^-\s~^:?*[\\\p{Cc}][^\s~^:?*[\\\p{Cc}]*$/u.test(name) &&
  !/\.\.|@\{|\/\/|\/$|\.lock$/.test(name)
