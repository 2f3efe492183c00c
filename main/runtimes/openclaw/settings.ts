/** Parsed config text is anything; these look into it without believing it. */
export type Settings = Record<string, unknown>

export const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object at `path`, or an empty one. */
export function settingsAt(value: unknown, ...path: string[]): Settings {
  const found = valueAt(value, ...path)
  return isSettings(found) ? found : {}
}

export function valueAt(value: unknown, ...path: string[]): unknown {
  let at = value
  for (const key of path) {
    if (!isSettings(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at
}

export const textAt = (value: unknown, ...path: string[]): string => {
  const found = valueAt(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** Objects merge, everything else replaces: how the layers of an overlay combine. */
export function mergeSettings(under: unknown, over: unknown): unknown {
  if (!isSettings(under) || !isSettings(over)) return over
  const merged: Settings = { ...under }
  for (const [key, value] of Object.entries(over)) {
    if (key === '__proto__') continue
    merged[key] = Object.hasOwn(merged, key) ? mergeSettings(merged[key], value) : value
  }
  return merged
}
