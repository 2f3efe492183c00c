import { satisfies, valid, validRange } from 'semver'
import type { LayerProblem, Need } from '../../shared/contract/index.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { knowsSetting, type SchemaIndex } from '../runtimes/setting-schema.ts'

/** What is known of one machine, or would be of it with another version of the runtime. */
export interface Known {
  /** Of the runtime; null: nobody read it. */
  readonly version: string | null
  /** What that version can be set to; null: nobody asked it yet. */
  readonly schema: SchemaIndex | null
  /** What of the layers that version cannot be given; null: nobody can tell. */
  readonly cannot: readonly LayerProblem[] | null
  readonly nodeVersion: string | null
  readonly freeBytes: number | null
  /** What it answered when it was asked for something by name; null: it was not, or not lately. */
  readonly lookedFor: (need: Need) => NeedAnswer | null
}

export interface NeedAnswer {
  readonly state: 'ok' | 'missing' | 'cant-tell'
  /** What was found, or what is missing by its name. */
  readonly words: string
}

const ok = (words: string): NeedAnswer => ({ state: 'ok', words })
const missing = (words: string): NeedAnswer => ({ state: 'missing', words })
const cantTell = (words: string): NeedAnswer => ({ state: 'cant-tell', words })

function judgeRange(what: string, has: string | null, range: string): NeedAnswer {
  if (has === null || valid(has) === null) return cantTell(`which ${what} it has was not read`)
  if (validRange(range) === null) return cantTell(`${range} is no range of versions`)
  return satisfies(has, range, { includePrerelease: true })
    ? ok(`${what} ${has}`)
    : missing(`it has ${what} ${has}, not ${range}`)
}

/** Does one path lead to the other, or into it? */
export const isNear = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)

function judgeSetting(text: string, { version, schema, cannot }: Known): NeedAnswer {
  const [root, , ...setting] = pathOfDotted(text) ?? []
  if (root === 'sections') {
    if (cannot === null) return cantTell('its settings were not read')
    const found = cannot.find(({ path }) => isNear(path, text))
    return found ? missing(found.words) : ok(`${version} can be given it`)
  }
  if (version === null) return cantTell('its version was not read')
  if (schema === null) return cantTell(`the settings of ${version} were never asked for`)
  return knowsSetting(schema, setting)
    ? ok(`${version} knows it`)
    : missing(`${version} has no setting ${setting.join('.')}`)
}

/** Whether a machine has what a patch needs. What nobody looked at is not there and not missing: nobody can tell. Pure. */
export function judgeNeed(need: Need, known: Known): NeedAnswer {
  switch (need.kind) {
    case 'runtime':
      return judgeRange('version', known.version, need.range)
    case 'node':
      return judgeRange('Node', known.nodeVersion, need.range)
    case 'setting':
      return judgeSetting(need.path, known)
    case 'disk':
      if (known.freeBytes === null) return cantTell('its free disk was not read')
      return known.freeBytes >= need.bytes
        ? ok(`${gigabytes(known.freeBytes)} free`)
        : missing(`${gigabytes(known.freeBytes)} free, not ${gigabytes(need.bytes)}`)
    case 'command':
    case 'module':
    case 'file':
      return known.lookedFor(need) ?? cantTell('it was not asked for it lately')
    case 'plugin':
      return cantTell('no plugin is looked for on machines yet')
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
