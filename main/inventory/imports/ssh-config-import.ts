import type { ImportRow } from '../../../shared/contract/index.ts'
import { type ConfigLine, type ConfigSource, readConfigLines, type Unsupported } from './config-lines.ts'
import { type Destination, expandHome, readDestination, readPort } from './destination.ts'
import { type ResolvedHost, resolveHost, undecidable } from './resolve-host.ts'
import { alreadyRefused, cleanName, type DraftBox, draftRow } from './rows-of-file.ts'
import { whyUnused } from './unused-directives.ts'

export interface ConfigImport {
  readonly rows: ImportRow[]
  readonly unsupported: Unsupported[]
}

/** Each name costs a pass over all lines. One more than a preview shows, so that it can say that there are more. */
const mostNames = 1001

/** Machines of an ssh_config: one row for each name on a Host line, and for each jump host that has no name there. */
export function readSshConfig(source: ConfigSource, localUser: string): ConfigImport {
  const { lines, hosts, unsupported: unread } = readConfigLines(source)
  const notes: Unsupported[] = [...unread, ...undecidable(lines), ...unusedLines(lines)]
  const names = new Map<string, { line: number; file: string }>()
  for (const { words, line, file } of hosts) {
    for (const word of words)
      if (!/[*?!]/.test(word) && !names.has(word) && names.size < mostNames) names.set(word, { line, file })
  }
  const resolved = new Map<string, ResolvedHost>()
  const resolve = (alias: string): ResolvedHost => {
    const found = resolved.get(alias) ?? resolveHost(lines, alias, localUser)
    resolved.set(alias, found)
    return found
  }
  const ways = createWays(names, resolve)
  const rows = [...names].map(([alias, { line, file }]) => {
    const { row, unused } = rowOf(alias, line, resolve(alias), { homeDir: source.homeDir, localUser })
    notes.push(...unused)
    const cleaned = cleanName(alias)
    if (cleaned.note !== null) notes.push({ line, file, text: cleaned.name, reason: cleaned.note })
    const way = ways.to(alias)
    return {
      ...row,
      name: cleaned.name,
      hopNames: way.hops,
      problems: [...row.problems, ...way.problems],
      box: way.problems.length > 0 ? null : row.box,
    }
  })
  const all = [...rows, ...ways.unnamed(localUser)]
  const hopNames = new Set(all.flatMap((row) => row.hopNames))
  return {
    rows: all.map((row) =>
      row.box && hopNames.has(row.name) ? { ...row, box: { ...row.box, name: row.name, jumpOnly: true } } : named(row),
    ),
    unsupported: unique(notes).sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
  }
}

const named = (row: ImportRow): ImportRow => (row.box ? { ...row, box: { ...row.box, name: row.name } } : row)

function unusedLines(lines: readonly ConfigLine[]): Unsupported[] {
  return lines.flatMap((line) => {
    const reason = whyUnused(line)
    return reason === null ? [] : [noteOn(line, reason)]
  })
}

const spelled = new Map(
  ['HostName', 'User', 'Port', 'IdentityFile', 'ProxyJump', 'ProxyCommand', 'ServerAliveInterval'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
)

const noteOn = ({ line, file, keyword, value }: ConfigLine, reason: string): Unsupported => ({
  line,
  file,
  text: `${spelled.get(keyword) ?? keyword} ${value}`,
  reason,
})

const hasTemplate = (value: string): boolean => /%|\$\{/.test(value)

/** What a config says of one name, for a command that leaves the rest to it; null when nothing of it is about this name. */
export interface OneHost {
  readonly row: ImportRow
  /** ProxyJump as written; null: none. */
  readonly jump: string | null
  /** Which of user, port, key and address were said there and not assumed. */
  readonly says: { readonly host: boolean; readonly user: boolean; readonly port: boolean; readonly key: boolean }
  readonly unused: readonly Unsupported[]
}

export function readOneHost(source: ConfigSource, alias: string, localUser: string): OneHost {
  const { lines } = readConfigLines(source)
  const found = resolveHost(lines, alias, localUser)
  const { row, unused } = rowOf(alias, 0, found, { homeDir: source.homeDir, localUser })
  const { proxy } = found
  const command = proxy?.keyword === 'proxycommand' && proxy.value.toLowerCase() !== 'none'
  return {
    row,
    jump:
      proxy === null || proxy.keyword === 'proxycommand' || proxy.value.toLowerCase() === 'none' ? null : proxy.value,
    says: {
      host: found.hostName !== null,
      user: found.user !== null,
      port: found.port !== null,
      key: row.box?.auth.kind === 'key',
    },
    unused: command
      ? [...unused, noteOn(proxy, 'Commands from a file are never run. A jump host (ProxyJump) does the same.')]
      : unused,
  }
}

/** What a resolved host becomes; problems make it unusable, `unused` is only told. */
function rowOf(
  alias: string,
  line: number,
  found: ResolvedHost,
  { homeDir, localUser }: { homeDir: string; localUser: string },
): { row: ImportRow; unused: Unsupported[] } {
  const problems: string[] = []
  const unused: Unsupported[] = []
  const host = found.hostName?.value ?? alias
  if (hasTemplate(host))
    problems.push(`HostName ${host} (line ${found.hostName?.line ?? line}) holds a token, and tokens are not expanded.`)
  const user = found.user?.value ?? localUser
  if (hasTemplate(user))
    problems.push(`User ${user} (line ${found.user?.line ?? line}) holds a token, and tokens are not expanded.`)
  const port = readPort(found.port?.value ?? '22')
  if (port === null)
    problems.push(`Port ${found.port?.value ?? ''} (line ${found.port?.line ?? line}) is not a port from 1 to 65535.`)
  const keys = found.identityFiles.filter((file) => {
    if (!hasTemplate(file.value)) return file.value.toLowerCase() !== 'none'
    unused.push(noteOn(file, 'Variables and % tokens are not expanded.'))
    return false
  })
  for (const file of keys.slice(1))
    unused.push(noteOn(file, `${alias} uses the first key named for it; a machine has one.`))
  const keepAliveS = found.keepAlive === null ? null : readKeepAlive(found.keepAlive.value)
  if (found.keepAlive && keepAliveS === null)
    unused.push(noteOn(found.keepAlive, 'Not a number of seconds from 0 to 600.'))
  const key = keys[0]
  const draft: DraftBox = {
    name: alias,
    host: hasTemplate(host) ? alreadyRefused : host,
    user: hasTemplate(user) ? alreadyRefused : user,
    port: port ?? 22,
    auth: key ? { kind: 'key', path: expandHome(key.value, homeDir) } : { kind: 'agent' },
    keepAliveS,
  }
  return { row: draftRow(line, draft, problems), unused }
}

export function readKeepAlive(value: string): number | null {
  const seconds = /^\d{1,3}$/.test(value) ? Number(value) : 601
  return seconds <= 600 ? seconds : null
}

/** Ways through jump hosts. The first hop of a ProxyJump is reached as its own lines say, the others through the one before. */
function createWays(names: ReadonlyMap<string, { line: number }>, resolve: (alias: string) => ResolvedHost) {
  const unnamed = new Map<string, { line: number; destination: Destination }>()
  const hopName = (written: string, line: number): string | null => {
    if (names.has(written)) return written
    const destination = readDestination(written, true)
    if (destination === null || hasTemplate(written)) return null
    if (names.has(destination.host) && destination.user === null && destination.port === null) return destination.host
    if (!unnamed.has(written)) unnamed.set(written, { line, destination })
    return written
  }
  const to = (alias: string, onTheWay: readonly string[] = []): { hops: string[]; problems: string[] } => {
    const { proxy } = resolve(alias)
    if (proxy === null || proxy.value.toLowerCase() === 'none') return { hops: [], problems: [] }
    if (proxy.keyword === 'proxycommand') {
      return {
        hops: [],
        problems: [
          `It is reached through a ProxyCommand (line ${proxy.line}), and commands from a file are never run.`,
        ],
      }
    }
    if (onTheWay.includes(alias))
      return { hops: [], problems: [`Its jump hosts lead back to ${alias} (line ${proxy.line}).`] }
    const written = proxy.value.split(',').map((hop) => hop.trim())
    const hops = written.map((hop) => hopName(hop, proxy.line))
    const bad = written.filter((_, index) => hops[index] === null)
    if (bad.length > 0)
      return { hops: [], problems: [`ProxyJump ${bad.join(', ')} (line ${proxy.line}) is not a machine.`] }
    const first = hops[0]
    const before =
      typeof first === 'string' && names.has(first) ? to(first, [...onTheWay, alias]) : { hops: [], problems: [] }
    return { hops: [...before.hops, ...hops.filter((hop) => hop !== null)], problems: before.problems }
  }
  return {
    to,
    /** Rows for jump hosts that are only written in a ProxyJump, in its own lines' terms (Host patterns may fit them). */
    unnamed: (localUser: string): ImportRow[] =>
      [...unnamed].map(([written, { line, destination }]) => {
        const found = resolve(destination.host)
        const user = destination.user ?? found.user?.value ?? localUser
        const port = destination.port ?? readPort(found.port?.value ?? '') ?? 22
        const key = found.identityFiles.find((file) => !hasTemplate(file.value))
        const draft: DraftBox = {
          name: written,
          host: found.hostName?.value ?? destination.host,
          user,
          port,
          auth: key ? { kind: 'key', path: key.value } : { kind: 'agent' },
          keepAliveS: null,
        }
        return draftRow(line, { ...draft, jumpOnly: true }, [])
      }),
  }
}

function unique(notes: readonly Unsupported[]): Unsupported[] {
  return [...new Map(notes.map((note) => [`${note.file}\n${note.line}\n${note.text}`, note])).values()]
}
