import type { RuntimeSetting } from '../../shared/contract/index.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { type FoundSetting, knowsSetting, type SchemaIndex, searchSettings } from '../runtimes/setting-schema.ts'

/** Parts of the config that an operator deals with; the rest is for special cases. */
const commonParts = new Set([
  'agents',
  'channels',
  'commands',
  'cron',
  'gateway',
  'logging',
  'session',
  'skills',
  'tools',
  'update',
])
const deepestCommon = 4

const isCommon = (path: string): boolean => {
  const names = pathOfDotted(path) ?? []
  return commonParts.has(names[0] ?? '') && names.length <= deepestCommon && !names.includes('[]')
}

/** Looked for no further than this. */
const mostRanked = 2000

/** Settings of several versions as one list: each as the newest that has it describes it. `schemas` newest first. */
export function searchSchemas(
  schemas: readonly SchemaIndex[],
  query: { words: string; below?: string; limit: number },
): { settings: RuntimeSetting[]; total: number } {
  const found = new Map<string, FoundSetting>()
  for (const schema of schemas)
    for (const setting of searchSettings(schema, query.words, mostRanked))
      if (isInside(setting.path, query.below) && !found.has(setting.path)) found.set(setting.path, setting)
  const settings = [...found.values()].slice(0, query.limit).map(({ open: _open, ...setting }) => ({
    ...setting,
    common: isCommon(setting.path),
    versions: schemas.filter((schema) => has(schema, setting.path)).map(({ version }) => version),
  }))
  return { settings, total: found.size }
}

const isInside = (path: string, parent: string | undefined): boolean =>
  parent === undefined || parent === '' || path === parent || path.startsWith(`${parent}.`)

const has = (schema: SchemaIndex, path: string): boolean =>
  Object.hasOwn(schema.settings, path) || knowsSetting(schema, pathOfDotted(path) ?? [])
