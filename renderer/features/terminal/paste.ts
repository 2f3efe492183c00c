/** What a person takes for text: no control characters but tab and line break, so that no paste ends its own bracket or presses a key. */
export const cleanPaste = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')

const lineEnd = /\r\n|[\r\n]/

/** Lines that a paste would type; a line break at the end begins none. */
export function linesOfPaste(text: string): string[] {
  const lines = text.split(lineEnd)
  return lines.length > 1 && lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** What is asked before a paste of several lines; null for one line without its end. */
export function pasteQuestion(text: string): string | null {
  if (!lineEnd.test(text)) return null
  const { length } = linesOfPaste(text)
  return length === 1
    ? 'This line ends with a line break, so the machine runs it at once.'
    : `These are ${length} lines. The machine runs each as it comes.`
}
