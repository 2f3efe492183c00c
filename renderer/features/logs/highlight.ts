export interface Part {
  text: string
  hit: boolean
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/**
 * An expression that may take very long on one line is not drawn: the page must stay usable, and the engine, which
 * searches apart, has found its lines already.
 */
const isCheap = (source: string): boolean => !/\)[*+?{]/.test(source) && (source.match(/[*+{]/g)?.length ?? 0) <= 2

/** What of a line is marked: the words and the expression of the filter. Null: nothing. */
export function markOf(words: readonly string[], regex: string | undefined): RegExp | null {
  const sources = words
    .map((word) => word.replaceAll('"', ''))
    .filter((word) => word !== '')
    .map((word) => `(?i:${escaped(word)})`)
  if (regex !== undefined && isCheap(regex)) sources.push(`(?:${regex})`)
  if (sources.length === 0) return null
  try {
    return new RegExp(sources.join('|'), 'g')
  } catch {
    return null
  }
}

/** A line in parts, marked and not. */
export function partsOf(text: string, mark: RegExp | null): Part[] {
  if (!mark) return [{ text, hit: false }]
  const parts: Part[] = []
  let from = 0
  for (const found of text.matchAll(mark)) {
    if (found[0] === '') continue
    if (found.index > from) parts.push({ text: text.slice(from, found.index), hit: false })
    parts.push({ text: found[0], hit: true })
    from = found.index + found[0].length
  }
  if (from < text.length || parts.length === 0) parts.push({ text: text.slice(from), hit: false })
  return parts
}
