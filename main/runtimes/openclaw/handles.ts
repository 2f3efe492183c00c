import { isSettings } from './settings.ts'

/** What a list of people means: who is on it, and whether it lets everyone in. */
export interface HandleList {
  readonly handles: readonly string[]
  /** `*` in any form that the runtime may take for it. */
  readonly everyone: boolean
  /** An entry that cannot be judged from the file: `${VAR}`, a SecretRef. */
  readonly undecided: boolean
  /** Oddities worth showing, in words. */
  readonly remarks: readonly string[]
}

/** Characters that are drawn like a star and are none: the runtime takes them for a name that nobody has. */
const likeStar =
  /^[\u2217\u204e\u2055\u2731\u2732\u2733\u273a\u273b\u273d\u2749\u274b\uff0a\ufe61\u066d\u2605\u2606\u22c6\ud83c\udfb0]+$/u
const invisible = /[\s\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]/gu

/**
 * Reads an `allowFrom`-like value of any shape. A star counts with spaces or invisible marks around it, behind a
 * channel's prefix (`tg:*`), in a nested list, and as plain text instead of a list: whatever the runtime of that day
 * makes of it, it must not be taken for closed.
 *
 * @param groups `accessGroups` of the config: `accessGroup:NAME` stands for its members.
 */
export function readHandles(value: unknown, groups: unknown = {}): HandleList {
  const handles: string[] = []
  const remarks: string[] = []
  let everyone = false
  let undecided = false
  const take = (entry: unknown, depth: number): void => {
    if (Array.isArray(entry)) {
      if (depth > 0) remarks.push('a list inside the list')
      for (const inner of entry) take(inner, depth + 1)
      return
    }
    if (entry === null || entry === undefined || entry === '') return
    if (isSettings(entry)) {
      undecided = true
      remarks.push('an entry is a reference')
      return
    }
    const text = String(entry).trim()
    const bare = text.replace(invisible, '')
    if (/^([a-z]+:)?\*+$/i.test(bare)) {
      everyone = true
      if (text !== '*') remarks.push(`${JSON.stringify(String(entry))} is taken for *`)
    } else if (likeStar.test(bare)) {
      remarks.push(`${JSON.stringify(text)} looks like a star and is none`)
      handles.push(text)
    } else if (/\$\{[^}]*\}/.test(text)) {
      undecided = true
      remarks.push(`${text} is filled in when the gateway starts`)
    } else if (/^accessGroup:/i.test(text) && depth < 8) {
      const members = isSettings(groups) ? groups[text.slice('accessGroup:'.length)] : undefined
      if (isSettings(members) && isSettings(members.members)) take(Object.values(members.members), depth + 2)
      else undecided = true
    } else handles.push(text)
  }
  take(value, 0)
  return { handles: [...new Set(handles)], everyone, undecided, remarks: [...new Set(remarks)] }
}
