import type { DiffLine } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'

/** More lines than any service file has; a longer one is compared only so far. */
const mostLines = 400
const lineChars = 400

/** Lines of a text that are gone or new, in their order; `path` is the place of the line. Pure. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const [one, other] = [before.slice(0, mostLines), after.slice(0, mostLines)]
  const common = longestCommon(one, other)
  const lines: DiffLine[] = []
  let [at, to] = [0, 0]
  for (const [left, right] of [...common, [one.length, other.length] as const]) {
    for (; at < left; at++)
      lines.push({ path: `line ${at + 1}`, before: untrusted(one[at] ?? '', lineChars), after: null })
    for (; to < right; to++)
      lines.push({ path: `line ${to + 1}`, before: null, after: untrusted(other[to] ?? '', lineChars) })
    at = left + 1
    to = right + 1
  }
  return lines
}

/** Places of the lines that both have, in order. */
function longestCommon(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  const width = other.length + 1
  const lengths = new Uint16Array((one.length + 1) * width)
  const at = (left: number, right: number) => lengths[left * width + right] ?? 0
  for (let left = one.length - 1; left >= 0; left--)
    for (let right = other.length - 1; right >= 0; right--)
      lengths[left * width + right] =
        one[left] === other[right] ? at(left + 1, right + 1) + 1 : Math.max(at(left + 1, right), at(left, right + 1))
  const places: (readonly [number, number])[] = []
  for (let left = 0, right = 0; left < one.length && right < other.length; ) {
    if (one[left] === other[right]) places.push([left++, right++])
    else if (at(left + 1, right) >= at(left, right + 1)) left++
    else right++
  }
  return places
}
