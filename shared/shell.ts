/**
 * A word as a POSIX shell takes it: bare when nothing in it means anything to a shell, else in the quotes that read
 * best. Nothing takes the meaning from a `!` inside double quotes, so such a word never stands in them.
 */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  const single = `'${word.replaceAll("'", `'\\''`)}'`
  const double = `"${word.replaceAll(/["$`\\]/g, '\\$&')}"`
  return double.length < single.length && !word.includes('!') ? double : single
}

/**
 * A word as Windows' cmd takes it; null for one it cannot be given whole: inside quotes cmd still replaces `%NAME%`, and
 * nothing there stands for a quote.
 */
export const cmdWord = (word: string): string | null =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them can stand in a line of cmd
  /["%!\u0000-\u001f]/.test(word) ? null : /^[A-Za-z0-9_.:\\/-]+$/.test(word) ? word : `"${word}"`
