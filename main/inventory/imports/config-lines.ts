import { globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'ssh-config'
import { expandHome } from './destination.ts'

/** Something in an imported file that is not used, with the reason. */
export interface Unsupported {
  readonly line: number
  readonly file: string
  readonly text: string
  readonly reason: string
}

/** When a directive counts: under a Host line (patterns) or a Match line (criteria words). */
export interface Condition {
  readonly kind: 'host' | 'match'
  readonly words: readonly string[]
  readonly line: number
  readonly file: string
}

export interface ConfigLine {
  readonly keyword: string
  /** As written, without the keyword. */
  readonly value: string
  readonly words: readonly string[]
  readonly file: string
  readonly line: number
  /** All must hold; an Include under a Host line brings its own below it. */
  readonly conditions: readonly Condition[]
}

export interface ConfigLines {
  readonly lines: readonly ConfigLine[]
  /** Every Host line, in order: where the names of machines come from. */
  readonly hosts: readonly Condition[]
  readonly unsupported: readonly Unsupported[]
}

export interface ConfigSource {
  readonly text: string
  /** Shown beside line numbers. */
  readonly file: string
  /** Where relative includes are looked for: the folder of the operator's own ssh_config. */
  readonly baseDir: string
  readonly homeDir: string
}

const deepest = 16
const mostFiles = 100
const largestBytes = 1_000_000

/**
 * Takes an ssh_config apart, line by line, with the files it includes. Each line is parsed alone (the format knows no
 * continuation), so that one broken line costs one line and every directive knows where it stands. Nothing is run:
 * of the `ssh-config` package only the parser is used, never `compute()`, which starts a shell for `Match exec`.
 */
export function readConfigLines(source: ConfigSource): ConfigLines {
  const lines: ConfigLine[] = []
  const hosts: Condition[] = []
  const unsupported: Unsupported[] = []
  let files = 0

  const include = (pattern: string, at: ConfigLine, depth: number) => {
    const refuse = (reason: string) =>
      unsupported.push({ line: at.line, file: at.file, text: `Include ${pattern}`, reason })
    if (/\$\{|%/.test(pattern)) return refuse('Variables and % tokens are not expanded.')
    if (depth >= deepest) return refuse(`Files include each other more than ${deepest} deep.`)
    const whole = path.resolve(source.baseDir, expandHome(pattern, source.homeDir))
    const found = globSync(whole.replaceAll('\\', '/')).sort()
    if (found.length === 0) return refuse('No such file.')
    for (const file of found) {
      files += 1
      if (files > mostFiles) return refuse(`More than ${mostFiles} files are included.`)
      const text = readIncluded(file)
      if (text === null) refuse(`${file} cannot be read, or is no plain file of at most 1 MB.`)
      else readText(text, file, at.conditions, depth + 1)
    }
  }

  const readText = (text: string, file: string, outer: readonly Condition[], depth: number) => {
    let conditions = outer
    for (const [index, raw] of text
      .replace(/^\ufeff/, '')
      .split(/\r\n|\r|\n/)
      .entries()) {
      const line = index + 1
      const directive = readLine(raw)
      if (directive === 'none') continue
      if (directive === 'broken') {
        unsupported.push({ line, file, text: raw.trim(), reason: 'This line cannot be understood.' })
        continue
      }
      const { keyword, words } = directive
      if (keyword === 'host' || keyword === 'match') {
        const condition: Condition = { kind: keyword, words, line, file }
        if (keyword === 'host') hosts.push(condition)
        conditions = [...outer, condition]
        continue
      }
      const read: ConfigLine = { ...directive, file, line, conditions }
      if (keyword !== 'include') lines.push(read)
      else for (const pattern of words) include(pattern, read, depth)
    }
  }

  readText(source.text, source.file, [], 0)
  return { lines, hosts, unsupported }
}

function readLine(raw: string): 'none' | 'broken' | Pick<ConfigLine, 'keyword' | 'value' | 'words'> {
  const trimmed = raw.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return 'none'
  try {
    const [node] = parse(trimmed)
    if (!node || !('param' in node) || node.param === '') return 'broken'
    const words = Array.isArray(node.value) ? node.value.map((word) => word.val) : [node.value]
    const value = words.join(' ')
    return value === '' ? 'broken' : { keyword: node.param.toLowerCase(), value, words }
  } catch {
    return 'broken'
  }
}

function readIncluded(file: string): string | null {
  try {
    const found = statSync(file)
    return found.isFile() && found.size <= largestBytes ? readFileSync(file, 'utf8') : null
  } catch {
    return null
  }
}
