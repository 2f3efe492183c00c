import { deflateRawSync } from 'node:zlib'

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

/** Shorter ones go as they are, bytes. */
const packedFromBytes = 4096
/** There are fewer programs. */
const mostKept = 16
const packed = new Map<string, string>()

/** Deflated, in letters: a third of the bytes on the way to a machine. Worked out once a program. */
function pack(program: string): string {
  const known = packed.get(program)
  if (known !== undefined) return known
  const letters = deflateRawSync(Buffer.from(program, 'latin1'), { level: 9 }).toString('base64')
  if (packed.size >= mostKept) packed.clear()
  packed.set(program, letters)
  return letters
}

const unpack = (letters: string, nonce: string): string =>
  `new Function('require','rest',require('zlib').inflateRawSync(Buffer.from('${letters}','base64')).toString('latin1')` +
  `.split('${noncePlaceholder}').join('${nonce}'))(require,rest)`

/**
 * What goes first into stdin: length and program. A long one comes packed and opens itself, on any Node that runs the
 * bootstrap.
 * @throws Error when the program is not ASCII; built programs always are.
 */
export function loadProgram(program: string, nonce: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the bootstrap reads single bytes
  if (!packed.has(program) && /[^\x00-\x7f]/.test(program)) throw new Error('a box program must be ASCII')
  const text =
    program.length < packedFromBytes ? program.replaceAll(noncePlaceholder, nonce) : unpack(pack(program), nonce)
  return String(text.length).padStart(10, '0') + text
}

/** One JSON frame as a line of ASCII. */
export const asciiLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
