import type { Condition, ConfigLine, Unsupported } from './config-lines.ts'
import { matchesList } from './pattern.ts'

/** What the lines say about one host, before it becomes a machine. */
export interface ResolvedHost {
  readonly hostName: ConfigLine | null
  readonly user: ConfigLine | null
  readonly port: ConfigLine | null
  readonly identityFiles: readonly ConfigLine[]
  /** Whichever of ProxyJump and ProxyCommand comes first counts, as in ssh. */
  readonly proxy: ConfigLine | null
  readonly keepAlive: ConfigLine | null
}

/**
 * Collects what counts for `alias`: the first value of each directive, all identity files (ssh_config(5)).
 * Of Match only `all`, `host`, `originalhost`, `user` and `localuser` are decided; a block with any other criterion
 * does not count and is named by {@link undecidable}.
 */
export function resolveHost(lines: readonly ConfigLine[], alias: string, localUser: string): ResolvedHost {
  const first = new Map<string, ConfigLine>()
  const identityFiles: ConfigLine[] = []
  const holds = (condition: Condition): boolean =>
    condition.kind === 'host'
      ? matchesList(condition.words, alias)
      : matchHolds(condition.words, {
          host: first.get('hostname')?.value ?? alias,
          originalhost: alias,
          user: first.get('user')?.value ?? localUser,
          localuser: localUser,
        })
  for (const line of lines) {
    if (!line.conditions.every(holds)) continue
    const key = line.keyword === 'proxycommand' ? 'proxyjump' : line.keyword
    if (key === 'identityfile') identityFiles.push(line)
    else if (!first.has(key)) first.set(key, line)
  }
  const get = (key: string) => first.get(key) ?? null
  return {
    hostName: get('hostname'),
    user: get('user'),
    port: get('port'),
    identityFiles,
    proxy: get('proxyjump'),
    keepAlive: get('serveraliveinterval'),
  }
}

type Decidable = Record<'host' | 'originalhost' | 'user' | 'localuser', string>

const criteria = new Set(['host', 'originalhost', 'user', 'localuser'])

/** Reads `host a,b !user root` into criteria; null when one of them cannot be decided here. */
function readCriteria(words: readonly string[]): { key: string; negated: boolean; patterns: string[] }[] | null {
  const read: { key: string; negated: boolean; patterns: string[] }[] = []
  for (let index = 0; index < words.length; ) {
    const word = words[index] ?? ''
    const negated = word.startsWith('!')
    const key = word.slice(negated ? 1 : 0).toLowerCase()
    if (key === 'all' && !negated) {
      index += 1
      continue
    }
    const value = words[index + 1]
    if (!criteria.has(key) || value === undefined) return null
    read.push({ key, negated, patterns: value.split(',') })
    index += 2
  }
  return read
}

function matchHolds(words: readonly string[], known: Decidable): boolean {
  const read = readCriteria(words)
  if (read === null) return false
  return read.every(({ key, negated, patterns }) => matchesList(patterns, known[key as keyof Decidable]) !== negated)
}

/** Match lines that are not decided here, each once. */
export function undecidable(lines: readonly ConfigLine[]): Unsupported[] {
  const blocks = new Set(lines.flatMap((line) => line.conditions).filter((condition) => condition.kind === 'match'))
  return [...blocks].flatMap(({ words, line, file }) => {
    if (readCriteria(words) !== null) return []
    const runs = words.some((word) => /^!?exec$/i.test(word))
    const reason = runs
      ? 'Commands from a file are never run, so this block was left out.'
      : 'Only all, host, originalhost, user and localuser are decided here, so this block was left out.'
    return [{ line, file, text: `Match ${words.join(' ')}`, reason }]
  })
}
