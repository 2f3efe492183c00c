/**
 * What two names have in common when they are one name to a person: letter case, the ways Unicode has to write an
 * accent, and the invisible U+200C do not count. SQLite's `nocase` knows ASCII alone.
 */
export const nameKey = (name: string): string => name.replaceAll('\u200c', '').normalize('NFC').toLowerCase()
