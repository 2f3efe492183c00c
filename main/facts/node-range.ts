import { Range } from 'semver'

const short = (version: string): string => version.replace(/(\.0)+$/, '')

/**
 * A range of versions in words: `>=24.16.0 <25 || >=26.1.0` is "24.16 or newer below 25, or 26.1 or newer". A range that
 * is no range stays as it is. Pure.
 */
export function rangeWords(range: string): string {
  let sets: Range['set']
  try {
    sets = new Range(range).set
  } catch {
    return range
  }
  const parts = sets.map((comparators) => {
    const of = (operator: string) => comparators.find((each) => each.operator === operator)?.semver.version
    const [from, above, below, upTo, exact] = [of('>='), of('>'), of('<'), of('<='), of('')]
    const low = from ? `${short(from)} or newer` : above ? `newer than ${short(above)}` : ''
    const high = below ? `below ${short(below.replace(/-0$/, ''))}` : upTo ? `up to ${short(upTo)}` : ''
    return exact ? exact : [low, high].filter(Boolean).join(' ')
  })
  return parts.includes('') ? range : parts.join(', or ')
}
