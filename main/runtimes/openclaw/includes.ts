import path from 'node:path'
import JSON5 from 'json5'
import { isSettings, type Settings } from './settings.ts'

const deepest = 10
/** Files of one config, all includes counted; more is a mistake or a trap. */
const mostFiles = 200
/** Objects and lists inside each other. */
const deepestNesting = 200

/** A file that lies elsewhere than its name says. */
export class Outside extends Error {}

/** A config with its includes, or the first thing that is wrong with it. */
export interface Parsed {
  readonly settings: Settings
  /** Empty: it parses. */
  readonly problem: string
  /** Files beside the config that were included, in order of reading. */
  readonly included: readonly string[]
}

/**
 * A config text with its `$include`s, as the runtime combines them: an array's files merge deeply, later wins; keys
 * beside `$include` override what it brought; at most 10 levels; only files under the config's own folder.
 *
 * @param read gives the text of a file; it throws where there is none, and {@link Outside} for a link that leads away.
 */
export function parseConfig(file: string, text: string, read: (file: string) => string): Parsed {
  const included: string[] = []
  const root = path.dirname(file)
  const load = (from: string, raw: string, depth: number): unknown => {
    let value: unknown
    try {
      value = parseText(raw)
    } catch (error) {
      throw new Error(
        `${path.relative(root, from) || from}: ${error instanceof Error ? error.message.replace(/^JSON5: /, '') : 'not JSON5'}`,
      )
    }
    return expand(value, from, depth, 0)
  }
  const include = (name: unknown, from: string, depth: number): unknown => {
    if (typeof name !== 'string') throw new Error('$include names something that is not a file')
    const target = path.resolve(path.dirname(from), name)
    if (depth >= deepest) throw new Error(`$include goes deeper than ${deepest} files at ${name}`)
    if (path.relative(root, target).startsWith('..') || path.isAbsolute(path.relative(root, target)))
      throw new Error(`$include ${name} lies outside the config folder`)
    if (included.length >= mostFiles) throw new Error(`$include brings more than ${mostFiles} files`)
    included.push(target)
    let raw: string
    try {
      raw = read(target)
    } catch (error) {
      if (error instanceof Outside) throw new Error(`$include ${name} lies outside the config folder`)
      throw new Error(`$include ${name} cannot be read`)
    }
    return load(target, raw, depth + 1)
  }
  const expand = (value: unknown, from: string, depth: number, nesting: number): unknown => {
    if (nesting > deepestNesting)
      throw new Error(`${path.relative(root, from)}: nested more than ${deepestNesting} deep`)
    if (Array.isArray(value)) return value.map((entry) => expand(entry, from, depth, nesting + 1))
    if (!isSettings(value)) return value
    const { $include: names, ...own } = value
    const rest: Settings = {}
    for (const [key, entry] of Object.entries(own))
      if (key !== '__proto__') rest[key] = expand(entry, from, depth, nesting + 1)
    if (names === undefined) return rest
    const brought = (Array.isArray(names) ? names : [names])
      .map((name) => include(name, from, depth))
      .reduce(mergeIncluded, {})
    return Object.keys(rest).length === 0 ? brought : mergeIncluded(brought, rest)
  }
  try {
    const settings = load(file, text, 0)
    if (!isSettings(settings)) return { settings: {}, problem: `${path.basename(file)}: not an object`, included }
    return { settings, problem: '', included }
  } catch (error) {
    return { settings: {}, problem: error instanceof Error ? error.message : String(error), included }
  }
}

/** JSON5; most files are JSON, which Node itself reads at once. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return JSON5.parse(text)
  }
}

/**
 * How files are combined: objects merge, lists follow each other, everything else replaces. Seen in what the loaders of
 * 2026.6.11 and 2026.9.6 make of them: a star of an included file lets everyone in beside the names of the file above it.
 */
function mergeIncluded(under: unknown, over: unknown): unknown {
  if (Array.isArray(under) && Array.isArray(over)) return [...under, ...over]
  if (!isSettings(under) || !isSettings(over)) return over
  const merged: Settings = { ...under }
  for (const [key, value] of Object.entries(over)) {
    if (key === '__proto__') continue
    merged[key] = Object.hasOwn(merged, key) ? mergeIncluded(merged[key], value) : value
  }
  return merged
}
