/** `[user@]host[:port]` or `ssh://[user@]host[:port]`, as ssh, -J and ProxyJump write it. */
export interface Destination {
  readonly user: string | null
  readonly host: string
  readonly port: number | null
}

/**
 * @param withPort whether `host:port` without `ssh://` names a port: yes for jump hosts, no for ssh's own destination.
 * @returns null when it is none.
 */
export function readDestination(text: string, withPort: boolean): Destination | null {
  const uri = /^ssh:\/\/(.*?)\/?$/i.exec(text)
  const rest = uri?.[1] ?? text
  const at = rest.lastIndexOf('@')
  const user = at < 0 ? null : rest.slice(0, at)
  const address = rest.slice(at + 1)
  if (user === '' || address === '') return null
  const host = uri || withPort ? splitPort(address) : { host: unbracketed(address), port: null }
  return host === null || host.host === '' ? null : { user, ...host }
}

function splitPort(address: string): { host: string; port: number | null } | null {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(address)
  if (bracketed) return withPort(bracketed[1] ?? '', bracketed[2])
  const colons = address.split(':').length - 1
  if (colons !== 1) return { host: address, port: null }
  const [host = '', port = ''] = address.split(':')
  return withPort(host, port)
}

function withPort(host: string, port: string | undefined): { host: string; port: number | null } | null {
  if (port === undefined) return { host, port: null }
  const number = readPort(port)
  return number === null ? null : { host, port: number }
}

const unbracketed = (address: string): string => /^\[(.+)\]$/.exec(address)?.[1] ?? address

/** 1 to 65535, or null. */
export function readPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : null
}

/** A key path as the operator wrote it, with `~` for the home folder filled in. */
export function expandHome(file: string, homeDir: string): string {
  return /^~[/\\]/.test(file) ? `${homeDir.replace(/[/\\]$/, '')}${file.slice(1)}` : file
}
