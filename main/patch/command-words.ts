/** Words a shell knows by itself: no machine lacks them. */
const ownWords = new Set(
  `. : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fg fi for function
   hash if in jobs local printf pwd read readonly return set shift source test then time times trap true type ulimit umask
   unalias unset until wait while {  } !`.split(/\s+/),
)
const commandName = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,79}$/
/** Those that start another command, which is the one that matters too. */
const starters = new Set(['command', 'env', 'exec', 'nice', 'nohup', 'sudo', 'time', 'xargs'])

/** Splits a line where a shell would begin another command; what stands in quotes is one word. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]]
  let word: string | null = null
  let quote = ''
  const endWord = () => {
    if (word !== null) commands.at(-1)?.push(word)
    word = null
  }
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at)
    if (quote !== '') {
      if (sign === quote) quote = ''
      else word = (word ?? '') + sign
    } else if (sign === '"' || sign === "'") {
      quote = sign
      word = word ?? ''
    } else if (sign === '\\') word = (word ?? '') + line.charAt(++at)
    else if (/\s/.test(sign)) endWord()
    else if (sign === '&' && /[<>]$/.test(word ?? '')) word += sign
    else if (/[;|&()`\n]/.test(sign)) {
      endWord()
      commands.push([])
    } else word = (word ?? '') + sign
  }
  endWord()
  return commands
}

/**
 * The programs a command line starts, as far as they can be read out of it: each once, in order. What is computed, given
 * by a whole path or known to every shell is not among them. Pure.
 */
export function commandsIn(line: string): string[] {
  const found = commandsOf(line).flatMap((words) => {
    const names: string[] = []
    let skips = false
    for (const word of words) {
      const isValue = skips || (names.length > 0 && !/[A-Za-z]/.test(word))
      skips = names.length > 0 && /^-[ug]$/.test(word)
      if (isValue || /^[A-Za-z_]\w*=/.test(word) || /^\d*[<>]/.test(word)) continue
      if (word.startsWith('-') && names.length > 0) continue
      if (!ownWords.has(word)) names.push(word)
      if (!starters.has(word) && !['!', 'do', 'else', 'if', 'then', 'until', 'while', '{'].includes(word)) break
    }
    return names
  })
  return [...new Set(found)].filter((name) => commandName.test(name))
}
