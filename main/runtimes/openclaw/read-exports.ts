import { readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'es-module-lexer/js'

/** What a file gives to whoever imports it, read from its text. */
interface NamesGiven {
  readonly names: ReadonlySet<string>
  /** Why it may give more than these; empty: these are all. */
  readonly more: string
  /** Of the files whose names may not all have been read: a name that one gives stands somewhere in its text. */
  readonly texts: readonly string[]
}

const largestBytes = 4_000_000
/** One module may pass on what others give; so many files are followed for it. */
const mostFiles = 300
const word = String.raw`[A-Za-z_$][\w$]*`

interface Own {
  /** The lexer read each name it has. */
  readonly isExact: boolean
  readonly names: readonly string[]
  /** Files of the same package whose names it passes on. */
  readonly passesOn: readonly string[]
  readonly more: string
}

/** Reads one module and what it passes on, inside its package. Nothing is loaded. */
function namesGiven(entry: string): NamesGiven {
  const root = packageOf(entry)
  const names = new Set<string>()
  const texts: string[] = []
  const seen = new Set<string>()
  const reasons: string[] = []
  const visit = (file: string, isEntry: boolean): void => {
    if (seen.has(file)) return
    seen.add(file)
    if (seen.size > mostFiles) return void reasons.push(`it passes on more than ${mostFiles} files`)
    const text = textOf(file)
    if (text === null) return void reasons.push(`${path.basename(file)} cannot be read as text`)
    const own = ownNames(file, text, root)
    if (!own.isExact) texts.push(text)
    for (const name of own.names) if (isEntry || name !== 'default') names.add(name)
    if (own.more !== '') reasons.push(own.more)
    for (const next of own.passesOn) visit(next, false)
  }
  visit(entry, true)
  return { names, more: reasons[0] ?? '', texts }
}

function textOf(file: string): string | null {
  try {
    return statSync(file).size <= largestBytes ? readFileSync(file, 'utf8') : null
  } catch {
    return null
  }
}

function packageOf(file: string): string {
  for (let at = path.dirname(file); at !== path.dirname(at); at = path.dirname(at))
    if (textOf(path.join(at, 'package.json')) !== null) return at
  return path.dirname(file)
}

function isModuleType(file: string): boolean {
  for (let at = path.dirname(file); at !== path.dirname(at); at = path.dirname(at)) {
    const text = textOf(path.join(at, 'package.json'))
    if (text !== null) return typeOf(text) === 'module'
  }
  return false
}

function typeOf(manifest: string): unknown {
  try {
    return (JSON.parse(manifest) as { type?: unknown } | null)?.type
  } catch {
    return null
  }
}

function ownNames(file: string, text: string, root: string): Own {
  const ending = path.extname(file)
  if (ending === '.json') return namesOfJson(text)
  if (!['.js', '.mjs', '.cjs', ''].includes(ending))
    return {
      isExact: false,
      names: [],
      passesOn: [],
      more: `${path.basename(file)} is not written in plain JavaScript`,
    }
  if (ending !== '.cjs') {
    const own = namesOfModule(file, text, root)
    if (own !== null) return own
    if (ending === '.mjs' || isModuleType(file))
      return { isExact: false, names: [], passesOn: [], more: `${path.basename(file)} cannot be parsed` }
  }
  return namesOfScript(file, text, root)
}

function namesOfJson(text: string): Own {
  const more = 'what a file of JSON gives depends on how it is loaded'
  try {
    return { isExact: false, names: ['default', ...Object.keys(JSON.parse(text) as object)], passesOn: [], more }
  } catch {
    return { isExact: false, names: [], passesOn: [], more }
  }
}

/** A file beside or below, of the same package; null: it is of another, or not there. */
function besides(file: string, name: string, root: string, endings: readonly string[]): string | null {
  if (!/^\.\.?(\/|$)/.test(name)) return null
  const base = path.resolve(path.dirname(file), name)
  const found = endings.map((ending) => `${base}${ending}`).find((each) => isFile(each))
  return found !== undefined && (found === root || found.startsWith(root + path.sep)) ? found : null
}

const isFile = (file: string): boolean => {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Null: it is no module of the language, or cannot be parsed as one. */
function namesOfModule(file: string, text: string, root: string): Own | null {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(text)
  } catch {
    return null
  }
  const [imports, exports, , hasSyntax] = parsed
  if (!hasSyntax && path.extname(file) !== '.mjs' && !isModuleType(file)) return null
  const passesOn: string[] = []
  let more = ''
  for (const { n: name, ss, se, d } of imports) {
    const statement = text.slice(ss, se).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
    // `export * from`; what it passes on under names is among the exports.
    if (d !== -1 || !/^export\b(?!\s*\{|\s*\*\s*as\b)/.test(statement)) continue
    const next = name === undefined ? null : besides(file, name, root, [''])
    if (next === null) more = `it passes on all that ${name ?? 'another module'} gives`
    else passesOn.push(next)
  }
  return {
    // Of declarations in a row it misses one whose comma stands on a line of its own.
    isExact: !/\bexport\s+(?:const|let|var)\b/.test(text),
    names: exports.map(({ n: name }) => unescaped(name)),
    passesOn,
    more,
  }
}

const unescaped = (name: string): string =>
  name.replace(/\\u(?:\{([\da-f]+)\}|([\da-f]{4}))/gi, (_whole, braced: string, plain: string) =>
    String.fromCodePoint(Math.min(Number.parseInt(braced ?? plain, 16), 0x10ffff)),
  )

const required = String.raw`require\(\s*["']([^"']+)["']\s*\)`
const exportsOf = String.raw`(?:\bmodule\s*\.\s*)?\bexports\b`
/** What the compilers put before a file of theirs; it only names `exports`. */
const helpers = /^var __\w+ = \(this && this\.__\w+\) \|\| [\s\S]*?^\}\)?\)?;/gm
const comments = /^[ \t]*(?:\/\/.*|\/\*(?:(?!\*\/)[^`])*\*\/)/gm

/**
 * Names of a file that is no module, by the forms in which compilers and people write them. What it does with `exports`
 * otherwise, whatever it is, means that it may give more.
 */
function namesOfScript(file: string, text: string, root: string): Own {
  const names = new Set<string>(['default'])
  const passesOn: string[] = []
  const reasons: string[] = []
  let left = text.replace(comments, ' ').replace(helpers, ' ')
  const take = (form: string, use: (...found: (string | undefined)[]) => void): void => {
    left = left.replace(new RegExp(form, 'g'), (_whole, ...found) => {
      use(...(found as string[]))
      return ' '
    })
  }
  const follow = (name = '') => {
    const next = besides(file, name, root, ['', '.js', '.cjs', '.json', '/index.js', '/index.cjs'])
    if (next === null) reasons.push(`it passes on all that ${name} gives`)
    else passesOn.push(next)
  }
  const list = (inner = '') => {
    for (const part of inner.split(',').map((each) => each.trim())) {
      const spread = new RegExp(String.raw`^\.\.\.\s*${required}$`).exec(part)
      const key = new RegExp(String.raw`^["']?(${word})["']?\s*(?::\s*[\w$.\s()"'!-]*)?$`).exec(part)
      if (spread) follow(spread[1])
      else if (key?.[1] !== undefined) names.add(key[1])
      else if (part !== '') reasons.push('it makes up what it gives as it runs')
    }
  }
  // Written by compilers for those who read: all that the file gives.
  let isListed = false
  take(String.raw`\b0\s*&&\s*\(\s*module\.exports\s*=\s*\{([^{}]*)\}\s*\)`, (inner) => {
    isListed = true
    list(inner)
  })
  if (isListed) take(String.raw`\bmodule\.exports\s*=\s*__toCommonJS\(\s*${word}\s*\)`, () => {})
  take(String.raw`(?:\b${word}\.)?\b__exportStar\(\s*${required}\s*,\s*exports\s*\)`, follow)
  take(String.raw`\bObject\.defineProperty\(\s*${exportsOf}\s*,\s*["'](${word})["']`, (name = '') => {
    if (name !== '__esModule') names.add(name)
  })
  take(String.raw`(?:\bexports\s*=\s*)?\bmodule\.exports\s*=(?!=)\s*\{([^{}]*)\}(?=\s*(?:;|\n|$))`, list)
  take(String.raw`(?:\bexports\s*=\s*)?\bmodule\.exports\s*=(?!=)\s*${required}(?=\s*(?:;|\n|$))`, follow)
  take(
    String.raw`${exportsOf}\s*(?:\.\s*(${word})|\[\s*["'](${word})["']\s*\])(\s*=(?!=))?`,
    (dotted, quoted, sets) => {
      const name = dotted ?? quoted ?? ''
      if (name === '__proto__') reasons.push('it makes up what it gives as it runs')
      else if (sets !== undefined) names.add(name)
    },
  )
  const isOther =
    /\bexports\b|\bmodule\s*(?:[.,;)\]}[=]|$)|[=(,]\s*module\b|\beval\s*\(|\bthis\s*\[|\bassign\(\s*this\b/.test(left)
  if (isOther) reasons.push('it makes up what it gives as it runs')
  return { isExact: false, names: [...names], passesOn, more: reasons[0] ?? '' }
}

/** Whether a module gives a name, as far as its text tells. */
export interface NameGiven {
  readonly name: string
  readonly state: 'there' | 'missing' | 'cant-tell'
  readonly why: string
}

/**
 * Runs on a box. Which of these names a module gives. Missing is one alone that all its files say they do not give, and that
 * stands nowhere in the text of one whose names may not all have been read; an importer and a `require` may get other files.
 */
export function lookForNames(files: readonly string[], names: readonly string[]): NameGiven[] {
  if (names.length === 0) return []
  const given = files.map((file) => namesGiven(realpathSync(file)))
  const isWritten = (name: string): boolean => {
    const whole = new RegExp(String.raw`(?<![\w$])${name.replaceAll('$', String.raw`\$`)}(?![\w$])`)
    return given.some(({ texts }) => texts.some((text) => whole.test(text)))
  }
  return names.map((name) => {
    if (given.some((one) => one.names.has(name))) return { name, state: 'there', why: '' }
    const more = given.length === 0 ? 'its file was not found' : (given.find((one) => one.more !== '')?.more ?? '')
    if (more !== '') return { name, state: 'cant-tell', why: more }
    if (isWritten(name))
      return { name, state: 'cant-tell', why: 'its file has the name and does not say that it gives it' }
    return { name, state: 'missing', why: '' }
  })
}
