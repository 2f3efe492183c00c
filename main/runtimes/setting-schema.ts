import * as z from 'zod'
import { isSettings } from './openclaw/settings.ts'
import { dottedPath, type Json } from './operations.ts'

export const settingTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const

/** One setting as a runtime's version describes it. */
export const SettingShape = z.object({
  /** Empty: any. */
  types: z.array(z.enum(settingTypes)).max(7),
  /** The only values it may have, where single ones are named; empty: any of its types. */
  values: z.array(z.union([z.string().max(200), z.number(), z.boolean()])).max(100),
  /** An object that takes names its schema does not list. */
  open: z.boolean(),
  /** In the runtime's own words. */
  title: z.string().max(120),
  description: z.string().max(400),
  /** What it is when nothing is set; null: not said. */
  usual: z.union([z.string().max(200), z.number(), z.boolean()]).nullable(),
})
export type SettingShape = z.infer<typeof SettingShape>

/** More paths than this are made up; OpenClaw has about 6000. */
export const mostSettings = 20_000

/**
 * All settings of one version, by dotted path (`dottedPath`); `*` stands for any name of a map, `[]` for any entry of a
 * list. The empty path is the whole config.
 */
export const SchemaIndex = z.object({
  version: z.string().max(60),
  settings: z
    .record(z.string().max(1000), SettingShape)
    .refine((settings) => Object.keys(settings).length <= mostSettings, 'It names too many settings.'),
})
export type SchemaIndex = z.infer<typeof SchemaIndex>

/** What the console tells the box. */
export interface SchemaRequest {
  /** Of the agent, as the box itself named it. */
  readonly stateDir: string
  /** Entry points of the runtime found at enrolment. */
  readonly entries: readonly string[]
}

/** Names inside a setting, one deeper; the empty path is the whole. */
export const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

const shapeAt = (schema: SchemaIndex, path: string): SettingShape | undefined =>
  Object.hasOwn(schema.settings, path) ? schema.settings[path] : undefined

interface Found {
  /** In the schema's own words, `*` for names it does not list. Null: inside something that takes anything. */
  readonly path: string | null
}

/** Where a path leads in the schema; the number of names that are still known when it leads nowhere. */
function follow(schema: SchemaIndex, path: readonly string[]): Found | number {
  let at = ''
  for (const [depth, name] of path.entries()) {
    const exact = below(at, dottedPath([name]))
    const any = below(at, '*')
    if (shapeAt(schema, exact) !== undefined) at = exact
    else if (shapeAt(schema, any) !== undefined) at = any
    else return shapeAt(schema, at)?.open === true || shapeAt(schema, at)?.types.length === 0 ? { path: null } : depth
  }
  return { path: at }
}

export const knowsSetting = (schema: SchemaIndex, path: readonly string[]): boolean =>
  typeof follow(schema, path) !== 'number'

export interface SettingProblem {
  /** Dotted; inside a list its place stands in brackets. */
  readonly path: string
  readonly kind: 'unknown' | 'type' | 'value'
  readonly words: string
  /** What it may be, where that is a short list. */
  readonly allowed: readonly (string | number | boolean)[]
}

const listed = (values: readonly unknown[]): string => values.slice(0, 12).map(String).join(', ')

/** Whether a version takes a value at a path; at most 20 problems. Ranges and patterns are left to the machine itself. */
export function judgeSetting(schema: SchemaIndex, path: readonly string[], value: Json): SettingProblem[] {
  const found = follow(schema, path)
  const shown = dottedPath(path)
  if (typeof found === 'number') {
    const near = namesNear(schema, path.slice(0, found), path[found] ?? '')
    const unknown = dottedPath(path.slice(0, found + 1))
    const hint = near.length === 0 ? '' : `; near it: ${listed(near)}`
    return [{ path: shown, kind: 'unknown', words: `${unknown} is not a setting of it${hint}.`, allowed: [] }]
  }
  const problems: SettingProblem[] = []
  if (found.path !== null) judgeValue(schema, found.path, shown, value, problems)
  return problems.slice(0, 20)
}

function judgeValue(schema: SchemaIndex, at: string, shown: string, value: Json, problems: SettingProblem[]): void {
  const shape = shapeAt(schema, at)
  if (shape === undefined || problems.length > 20) return
  const { types, values } = shape
  const type = typeOf(value)
  const isNamed = values.some((allowed) => allowed === value)
  const fits = types.length === 0 || types.some((known) => known === type || (known === 'number' && type === 'integer'))
  if (values.length > 0 && !isNamed && (typeof value !== 'object' || value === null) && !fitsBeside(shape, type)) {
    problems.push({ path: shown, kind: 'value', words: `${shown} may be ${listed(values)}.`, allowed: values })
    return
  }
  if (!fits && !isNamed) {
    problems.push({
      path: shown,
      kind: 'type',
      words: `${shown} has to be ${listed(types.map(typeWords))}.`,
      allowed: values,
    })
    return
  }
  if (Array.isArray(value)) {
    for (const [place, entry] of value.entries())
      judgeValue(schema, below(at, '[]'), `${shown}[${place}]`, entry, problems)
    return
  }
  if (!isSettings(value)) return
  for (const [name, inner] of Object.entries(value)) {
    const inside = `${shown}.${dottedPath([name])}`
    const exact = below(at, dottedPath([name]))
    const path = shapeAt(schema, exact) === undefined ? below(at, '*') : exact
    if (shapeAt(schema, path) !== undefined) judgeValue(schema, path, inside, inner as Json, problems)
    else if (!shape.open)
      problems.push({ path: inside, kind: 'unknown', words: `${inside} is not a setting of it.`, allowed: [] })
  }
}

/** Where named values stand beside a type that takes anything of it: `false` or a text. */
const fitsBeside = ({ types, values }: SettingShape, type: string): boolean =>
  types.some((known) => known === type || (known === 'number' && type === 'integer')) &&
  !values.some((value) => typeOf(value) === type || (type === 'integer' && typeof value === 'number'))

const typeOf = (value: Json): (typeof settingTypes)[number] => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as 'string' | 'boolean' | 'object'
}

const typeWords = (type: (typeof settingTypes)[number]): string =>
  ({
    string: 'a text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
    null: 'null',
  })[type]

/** Names beside an unknown one that begin alike or hold it, at most 5. */
function namesNear(schema: SchemaIndex, parent: readonly string[], name: string): string[] {
  const found = follow(schema, parent)
  if (typeof found === 'number' || found.path === null) return []
  const wanted = name.toLowerCase()
  return childrenOf(schema, found.path)
    .filter((child) => {
      const known = child.toLowerCase()
      return known.includes(wanted) || wanted.includes(known) || known.slice(0, 3) === wanted.slice(0, 3)
    })
    .slice(0, 5)
}

function childrenOf(schema: SchemaIndex, parent: string): string[] {
  const prefix = parent === '' ? '' : `${parent}.`
  const names = Object.keys(schema.settings)
    .filter((path) => path !== '' && path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((rest) => rest !== '' && !/(^|[^\\])\./.test(rest) && rest !== '*' && rest !== '[]')
  return [...new Set(names)]
}

export interface FoundSetting extends SettingShape {
  readonly path: string
}

/**
 * Settings by words: every word stands in the path, the title or the description. Those whose path begins or ends with the
 * words come first, then shorter paths.
 */
export function searchSettings(schema: SchemaIndex, words: string, most: number): FoundSetting[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const ranked: { rank: number; setting: FoundSetting }[] = []
  for (const [path, shape] of Object.entries(schema.settings)) {
    if (path === '' || path.endsWith('[]')) continue
    const low = path.toLowerCase()
    const text = `${low} ${shape.title.toLowerCase()} ${shape.description.toLowerCase()}`
    if (!wanted.every((word) => text.includes(word))) continue
    const inPath = wanted.filter((word) => low.includes(word)).length
    const whole = wanted.join('.')
    const edge = low === whole ? 0 : low.startsWith(whole) ? 1 : low.endsWith(whole) ? 2 : 3
    const rank = edge * 1_000_000 + (wanted.length - inPath) * 100_000 + path.split('.').length * 1000 + path.length
    ranked.push({ rank, setting: { path, ...shape } })
  }
  return ranked
    .sort((left, right) => left.rank - right.rank || (left.setting.path < right.setting.path ? -1 : 1))
    .slice(0, most)
    .map(({ setting }) => setting)
}
