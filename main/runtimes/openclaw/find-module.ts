import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

const largestFile = 4_000_000
const endings = ['', '.js', '.mjs', '.cjs', '.json', '/index.js', '/index.mjs', '/index.cjs']

interface Package {
  readonly name?: unknown
  readonly exports?: unknown
  readonly main?: unknown
  readonly module?: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isFile = (file: string): boolean => {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function packageAt(folder: string): Package | null {
  try {
    const file = path.join(folder, 'package.json')
    if (statSync(file).size > largestFile) return null
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isObject(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** The file of a target of `exports` on Node; null: it is closed, or names none. */
function targetOf(target: unknown, star: string): string | null {
  if (typeof target === 'string') return target.startsWith('./') ? target.replaceAll('*', star) : null
  if (Array.isArray(target)) return target.map((each) => targetOf(each, star)).find((each) => each !== null) ?? null
  if (!isObject(target)) return null
  for (const condition of ['node', 'import', 'module-sync', 'require', 'default'])
    if (Object.hasOwn(target, condition)) {
      const found = targetOf(target[condition], star)
      if (found !== null) return found
    }
  return null
}

/** As Node reads `exports`: https://nodejs.org/api/packages.html#subpath-patterns */
function exported(exports: unknown, subpath: string): string | null {
  const isMap = isObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
  if (!isMap) return subpath === '.' ? targetOf(exports, '') : null
  if (Object.hasOwn(exports, subpath)) return targetOf(exports[subpath], '')
  const patterns = Object.keys(exports)
    .filter((key) => key.includes('*'))
    .toSorted((a, b) => b.indexOf('*') - a.indexOf('*'))
  for (const key of patterns) {
    const [before = '', after = ''] = key.split('*')
    if (subpath.startsWith(before) && subpath.endsWith(after) && subpath.length > before.length + after.length)
      return targetOf(exports[key], subpath.slice(before.length, subpath.length - after.length))
  }
  return null
}

function fileIn(folder: string, { exports, module, main }: Package, subpath: string): string | null {
  if (exports !== undefined && exports !== null) {
    const target = exported(exports, subpath)
    const file = target === null ? '' : path.join(folder, target)
    return isFile(file) ? file : null
  }
  const entry = typeof module === 'string' ? module : typeof main === 'string' ? main : 'index.js'
  const base = path.join(folder, subpath === '.' ? entry : subpath)
  return endings.map((ending) => `${base}${ending}`).find(isFile) ?? null
}

/**
 * Runs on a box. The file an import would lead to, found as Node finds it and never loaded; null: there is none.
 *
 * @param from folder of the file that imports it.
 * @param own the runtime's own package, which is there for what it loads itself.
 */
export function findModule(name: string, from: string, own: string | null): string | null {
  const [scope = '', second = '', ...rest] = name.split('/')
  const bare = scope.startsWith('@') ? `${scope}/${second}` : scope
  const inside = scope.startsWith('@') ? rest : second === '' ? [] : [second, ...rest]
  const subpath = inside.length === 0 ? '.' : `./${inside.join('/')}`
  const folders: string[] = []
  for (let at = path.resolve(from); ; at = path.dirname(at)) {
    folders.push(path.join(at, 'node_modules', ...bare.split('/')))
    if (at === path.dirname(at)) break
  }
  if (own !== null && packageAt(own)?.name === bare) folders.push(own)
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    const found = packageAt(folder)
    if (found !== null) return fileIn(folder, found, subpath)
  }
  return null
}

/** Names that a file does not say, in plain words of the language, that it exports. What it passes on is not followed. */
export function unseenExports(file: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  let text = ''
  try {
    if (statSync(file).size <= largestFile) text = readFileSync(file, 'utf8')
  } catch {
    return [...names]
  }
  const said = new Set<string>()
  for (const [, list = ''] of text.matchAll(/\bexport\s*\{([^}]{0,20000})\}/g))
    for (const part of list.split(','))
      said.add(
        (
          part
            .trim()
            .split(/\s+as\s+/)
            .at(-1) ?? ''
        ).replace(/^type\s+/, ''),
      )
  for (const [, name = ''] of text.matchAll(
    /\bexport\s+(?:async\s+)?(?:function\s*\*?|const|let|var|class)\s+([\w$]+)/g,
  ))
    said.add(name)
  for (const [, name = ''] of text.matchAll(/\bexports\.([\w$]+)\s*=/g)) said.add(name)
  if (/\bexport\s+default\b|\bmodule\.exports\s*=/.test(text)) said.add('default')
  return names.filter((name) => !said.has(name))
}
