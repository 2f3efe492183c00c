import { dottedPath } from '../operations.ts'
import { clip } from '../reading.ts'
import { below, mostSettings, type SchemaIndex, type SettingShape, settingTypes } from '../setting-schema.ts'
import { isSettings, type Settings, settingsAt, valueAt } from './settings.ts'

/** Deeper than any config goes; a schema may refer to itself. */
const deepest = 14

type Plain = string | number | boolean

interface Node {
  readonly schema: Settings
  /** The nearest schema above that holds definitions: `$ref` counts from there. */
  readonly home: Settings
}

/** A JSON Schema (draft 7, as OpenClaw prints it) as one flat list, where alternatives of a setting are laid together. */
export function indexSchema(schema: unknown, version: string): SchemaIndex {
  const settings: Record<string, SettingShape> = Object.create(null)
  let count = 0
  const visit = (path: string, nodes: readonly Node[], depth: number): void => {
    if (count >= mostSettings || depth > deepest || path.length > 900) return
    const variants = nodes.flatMap((node) => variantsOf(node, 0))
    count++
    settings[path] = shapeOf(variants)
    const inside = new Map<string, Node[]>()
    const add = (name: string, child: unknown, { home }: Node) => {
      if (!isSettings(child)) return
      const known = inside.get(name)
      if (known === undefined) inside.set(name, [{ schema: child, home }])
      else known.push({ schema: child, home })
    }
    for (const variant of variants) {
      for (const [name, child] of Object.entries(settingsAt(variant.schema, 'properties')))
        if (name !== '__proto__') add(dottedPath([name]), child, variant)
      const others = variant.schema.additionalProperties
      if (isSettings(others) && Object.keys(others).length > 0) add('*', others, variant)
      add('[]', variant.schema.items, variant)
    }
    for (const [name, children] of inside) visit(below(path, name), children, depth + 1)
  }
  if (isSettings(schema)) visit('', [{ schema, home: schema }], 0)
  return { version: clip(version, 60), settings: { ...settings } }
}

/** A schema without its references and alternatives: each of what it may be. */
function variantsOf({ schema, home }: Node, depth: number): Node[] {
  if (depth > 6) return []
  const own = isSettings(schema.$defs) || isSettings(schema.definitions) ? schema : home
  const reference = schema.$ref
  if (typeof reference === 'string') {
    const target = reference.startsWith('#/') ? valueAt(own, ...reference.slice(2).split('/')) : undefined
    return isSettings(target) ? variantsOf({ schema: target, home: own }, depth + 1) : []
  }
  const alternatives = [schema.anyOf, schema.oneOf, schema.allOf].filter(Array.isArray).flat().filter(isSettings)
  const inner = alternatives.flatMap((child) => variantsOf({ schema: child, home: own }, depth + 1))
  return [{ schema, home: own }, ...inner]
}

function shapeOf(variants: readonly Node[]): SettingShape {
  const schemas = variants.map(({ schema }) => schema)
  // What only gathers alternatives says nothing of its own.
  const telling = schemas.filter(
    (schema) => schema.type !== undefined || schema.enum !== undefined || 'const' in schema,
  )
  const types = telling.flatMap(typesOf)
  const values = telling.flatMap((schema) =>
    'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : [],
  )
  const isClosed = (schema: Settings) => 'const' in schema || Array.isArray(schema.enum)
  const said = (name: string) => schemas.map((schema) => schema[name]).find((value) => typeof value === 'string')
  const usual = schemas.map((schema) => schema.default).find(isPlain)
  return {
    types: telling.length === 0 ? [] : settingTypes.filter((type) => types.includes(type)),
    values: [
      ...new Set(values.filter(isPlain).map((value) => (typeof value === 'string' ? clip(value, 200) : value))),
    ].slice(0, 100),
    open: telling.length === 0 || telling.some((schema) => !isClosed(schema) && takesAnyName(schema)),
    title: clip(said('title'), 120),
    description: clip(said('description'), 400),
    usual: usual === undefined ? null : typeof usual === 'string' ? clip(usual, 200) : usual,
  }
}

function typesOf(schema: Settings): unknown[] {
  if (schema.type !== undefined) return Array.isArray(schema.type) ? schema.type : [schema.type]
  const values = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : []
  return values.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value))
}

const takesAnyName = ({ type, additionalProperties: others }: Settings): boolean =>
  (type === 'object' || (Array.isArray(type) && type.includes('object'))) &&
  (others === undefined || others === true || (isSettings(others) && Object.keys(others).length === 0))

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
