import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

const largestFile = 4_000_000
const endings = ['', '.js', '.mjs', '.cjs', '.json', '/index.js', '/index.mjs', '/index.cjs']

interface Package {
  readonly name?: unknown
  readonly exports?: unknown
  readonly main?: unknown
  readonly version?: unknown
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

type How = 'import' | 'require'

/** The file of a target of `exports` on Node, whose conditions are tried in the order of the package; null: it is closed, or names none. */
function targetOf(target: unknown, star: string, how: How): string | null {
  if (typeof target === 'string') return target.startsWith('./') ? target.replaceAll('*', star) : null
  if (Array.isArray(target))
    return target.map((each) => targetOf(each, star, how)).find((each) => each !== null) ?? null
  if (!isObject(target)) return null
  for (const [condition, inner] of Object.entries(target))
    if (['node', 'module-sync', 'default', how].includes(condition)) {
      const found = targetOf(inner, star, how)
      if (found !== null) return found
    }
  return null
}

/** As Node reads `exports`: https://nodejs.org/api/packages.html#subpath-patterns */
function exported(exports: unknown, subpath: string, how: How): string | null {
  const isMap = isObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
  if (!isMap) return subpath === '.' ? targetOf(exports, '', how) : null
  if (Object.hasOwn(exports, subpath)) return targetOf(exports[subpath], '', how)
  const patterns = Object.keys(exports)
    .filter((key) => key.includes('*'))
    .toSorted((a, b) => b.indexOf('*') - a.indexOf('*'))
  for (const key of patterns) {
    const [before = '', after = ''] = key.split('*')
    if (subpath.startsWith(before) && subpath.endsWith(after) && subpath.length > before.length + after.length)
      return targetOf(exports[key], subpath.slice(before.length, subpath.length - after.length), how)
  }
  return null
}

function fileIn(folder: string, { exports, main }: Package, subpath: string, how: How): string | null {
  if (exports !== undefined && exports !== null) {
    const target = exported(exports, subpath, how)
    const file = target === null ? '' : path.join(folder, target)
    return isFile(file) ? file : null
  }
  const entry = typeof main === 'string' ? main : 'index.js'
  const base = path.join(folder, subpath === '.' ? entry : subpath)
  const found = endings.map((ending) => `${base}${ending}`).find(isFile)
  // Node falls back to it where what `main` names is not there.
  const index = path.join(folder, 'index.js')
  return found ?? (subpath === '.' && isFile(index) ? index : null)
}

/** A module as it was found: its files, first what an import gets, and the version of its package. */
export interface FoundModule {
  readonly files: readonly string[]
  readonly version: string
}

/**
 * Runs on a box. The files an import and a `require` would lead to, found as Node finds them and never loaded; null: there is
 * none.
 *
 * @param from folder of the file that imports it.
 * @param own the runtime's own package, which is there for what it loads itself.
 */
export function findModule(name: string, from: string, own: string | null): FoundModule | null {
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
    if (found === null) continue
    const both = [fileIn(folder, found, subpath, 'import'), fileIn(folder, found, subpath, 'require')]
    const files = [...new Set(both.filter((file) => file !== null))]
    return files.length === 0 ? null : { files, version: typeof found.version === 'string' ? found.version : '' }
  }
  return null
}
