/** An expression of the index for one word. */
export const whole = (word: string): string => `"${word}"`

/** Shorter beginnings of words stand for so many words that looking them up takes longer than reading. */
const shortestBeginning = 4

/**
 * What the index can say about a text that stands somewhere in a line: the words that must then be whole there, and how
 * the last one must begin. The first may be the end of another word, which the index does not know. Text that is not
 * ASCII the index may cut otherwise: nothing is said about it. Pure.
 *
 * @param wholeWords the text begins and ends between words.
 */
export function indexWords(text: string, wholeWords: boolean): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything in ASCII is meant
  if (!/^[\x00-\x7f]*$/.test(text)) return []
  return [...text.matchAll(/[A-Za-z0-9]+/g)].flatMap(({ 0: word, index }) => {
    if (wholeWords) return [whole(word)]
    if (index === 0) return []
    if (index + word.length < text.length) return [whole(word)]
    return word.length >= shortestBeginning ? [`${whole(word)}*`] : []
  })
}

/** The end of a group or class that begins at `at`; the end of the text where it does not end. */
function behind(source: string, at: number): number {
  let depth = 0
  let inClass = false
  for (let place = at; place < source.length; place += 1) {
    const char = source[place]
    if (char === '\\') place += 1
    else if (inClass) inClass = char !== ']'
    else if (char === '[') inClass = true
    else if (char === '(') depth += 1
    else if (char === ')') depth -= 1
    if (depth === 0 && !inClass && char !== '\\') return place + 1
  }
  return source.length
}

/**
 * Texts that stand in whatever a regular expression matches, each without a break. Where that is not easily said
 * (alternatives, escapes by number) there are none. Pure.
 */
export function literalsOf(source: string): string[] {
  const found: string[] = []
  let run = ''
  const end = () => {
    if (run !== '') found.push(run)
    run = ''
  }
  for (let at = 0; at < source.length; ) {
    const char = source.charAt(at)
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at))?.[0]
    if (char === '|') return []
    if (quantifier !== undefined) {
      run = run.slice(0, -1)
      end()
      at += quantifier.length
    } else if (char === '(' || char === '[') {
      end()
      at = behind(source, at)
    } else if (char === '\\') {
      const escaped = source.charAt(at + 1)
      if (/[^A-Za-z0-9]/.test(escaped)) run += escaped
      else if (/[dDwWsSbBtnrfv]/.test(escaped)) end()
      else return []
      at += 2
    } else {
      if (/[.^$]/.test(char)) end()
      else run += char
      at += 1
    }
  }
  end()
  return found
}
