/** Keeps a short list of what was chosen last in the palette, newest first, across starts. */
const key = 'wheelhouse.palette.recent'
const kept = 8

/** Puts the newest first, without doubles, eight at most. */
export const withNewest = (recent: readonly string[], chosen: string): string[] =>
  [chosen, ...recent.filter((each) => each !== chosen)].slice(0, kept)

export function recentChoices(): string[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(read) ? read.filter((each) => typeof each === 'string').slice(0, kept) : []
  } catch {
    return []
  }
}

export function rememberChoice(chosen: string): void {
  localStorage.setItem(key, JSON.stringify(withNewest(recentChoices(), chosen)))
}
