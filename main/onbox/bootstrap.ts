/**
 * The one command line that starts a program on a box. ES5, and only characters that no login shell touches inside
 * double quotes: sh, bash, zsh, fish, tcsh, cmd and PowerShell all hand it to Node as it is (see `safeCharacters`).
 *
 * It reads 10 decimal digits (the program's length) and the program from stdin, single bytes, then runs it with
 * `require` and `rest` (what already arrived after the program) in scope.
 */
export const bootstrap =
  "var s='';process.stdin.setEncoding('latin1');process.stdin.on('data',function take(c){s+=c;var end=10+Number(s.slice(0,10));" +
  "if(Math.max(0,s.length+1-end)){process.stdin.removeListener('data',take);" +
  "new Function('require','rest',s.slice(10,end))(require,s.slice(end))}})"

/**
 * None of: `$` and backtick (expand in sh, fish, PowerShell), `"` (ends the string), backslash (escapes), `%` (expands
 * in cmd even inside quotes), `!` (history, delayed expansion), `^ & | < >` (cmd), newline, anything that is not ASCII.
 */
export const safeCharacters = /^[A-Za-z0-9 _'(){};:,.=+*/[\]-]*$/

/** Stands in a built program where the nonce of one run belongs. */
export const noncePlaceholder = '@@WHEELHOUSE-NONCE@@'

/** The command for a login shell of the box: its launcher, then the bootstrap. */
export const commandFor = (launcher: string): string => `${launcher} -e "${bootstrap}"`

/**
 * What goes first into stdin: length and program.
 * @throws Error when the program is not ASCII; built programs always are.
 */
export function loadProgram(program: string, nonce: string): string {
  const text = program.replaceAll(noncePlaceholder, nonce)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the bootstrap reads single bytes
  if (/[^\x00-\x7f]/.test(text)) throw new Error('a box program must be ASCII')
  return String(text.length).padStart(10, '0') + text
}

/** One JSON frame as a line of ASCII. */
export const asciiLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
