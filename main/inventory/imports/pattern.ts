/** ssh_config's `*` and `?`, in time proportional to pattern × text: patterns come from files nobody checked. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0
  let inPattern = 0
  let star = -1
  let resumeAt = 0
  while (at < text.length) {
    const sign = pattern[inPattern]
    if (sign === '*') {
      star = inPattern
      resumeAt = at
      inPattern += 1
    } else if (sign !== undefined && (sign === '?' || sign === text[at])) {
      at += 1
      inPattern += 1
    } else if (star >= 0) {
      resumeAt += 1
      at = resumeAt
      inPattern = star + 1
    } else return false
  }
  while (pattern[inPattern] === '*') inPattern += 1
  return inPattern === pattern.length
}

/** A pattern list (ssh_config(5), PATTERNS): one that fits and no negated one that fits. */
export function matchesList(patterns: readonly string[], text: string): boolean {
  let fits = false
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), text)) return false
    } else fits ||= matchesPattern(pattern, text)
  }
  return fits
}
