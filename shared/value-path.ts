/** `channels.telegram.dmPolicy`; a dot inside a name is written `\.`, a backslash `\\`. */
export const dottedPath = (path: readonly string[]): string =>
  path.map((name) => name.replace(/[\\.]/g, (sign) => `\\${sign}`)).join('.')

/** The other way of {@link dottedPath}; null where a backslash stands alone. Names may be empty. */
export function namesOfDotted(text: string): string[] | null {
  const names: string[] = []
  let name = ''
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (sign === '\\') {
      const next = text.charAt(++at)
      if (next !== '.' && next !== '\\') return null
      name += next
    } else if (sign === '.') {
      names.push(name)
      name = ''
    } else name += sign
  }
  return [...names, name]
}
