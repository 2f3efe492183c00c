import JSON5 from 'json5'
import { applyOperations, dottedPath, isEqual, type Operation } from '../operations.ts'
import { parseConfig } from './includes.ts'
import { isSettings, type Settings, valueAt } from './settings.ts'

/** A config text after operations, or why there is none: a sentence. */
export type Candidate =
  | { readonly text: string; readonly settings: Settings; readonly comments: boolean }
  | { readonly why: string }

/**
 * The file with operations done to it, as the runtime itself writes a config: plain JSON. It is read as it lies, so
 * includes and references stay what they are; then it is put together as the runtime does it, and each operation has to
 * hold in the outcome: what an include brings cannot be taken away from here.
 *
 * @param read gives the text of an included file; throws where there is none.
 */
export function candidateOf(
  file: string,
  raw: string,
  operations: readonly Operation[],
  read: (file: string) => string,
): Candidate {
  const bad = operations.find((operation) => 'set' in operation && holdsFingerprint(operation.set))
  if (bad !== undefined) return { why: `${dottedPath(bad.path)} would be set to the fingerprint of a secret.` }
  const found = parsed(raw)
  if (found === null) return { why: 'The config on disk is no JSON5 object, so nothing can be changed in it.' }
  let text: string
  try {
    text = `${JSON.stringify(applyOperations(found.settings, operations), null, 2)}\n`
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  }
  const whole = parseConfig(file, text, read)
  if (whole.problem !== '') return { why: `The changed config cannot be read: ${whole.problem}` }
  const lost = operations.find((operation) => !holds(whole.settings, operation))
  if (lost !== undefined)
    return { why: `${dottedPath(lost.path)} comes from an included file and cannot be changed from here.` }
  return { text, settings: whole.settings, comments: found.comments }
}

const holds = (settings: Settings, operation: Operation): boolean => {
  const found = valueAt(settings, ...operation.path)
  return 'set' in operation ? isEqual(found, operation.set) : found === undefined
}

function parsed(raw: string): { settings: Settings; comments: boolean } | null {
  try {
    const value: unknown = JSON.parse(raw)
    return isSettings(value) ? { settings: value, comments: false } : null
  } catch {}
  try {
    const value: unknown = JSON5.parse(raw)
    return isSettings(value) ? { settings: value, comments: true } : null
  } catch {
    return null
  }
}

/** The console knows secrets by these alone; one that came back would replace the secret. */
const holdsFingerprint = (value: unknown): boolean => {
  if (typeof value === 'string') return /^#[0-9a-f]{12}$/.test(value)
  if (Array.isArray(value)) return value.some(holdsFingerprint)
  return isSettings(value) && Object.values(value).some(holdsFingerprint)
}

/**
 * What turns a channel off, its accounts included, and what turns it on again as it was. An account that is not named in
 * the config is the channel itself.
 *
 * @param account null: all of them.
 */
export function switchOff(
  settings: Settings,
  channel: string,
  account: string | null,
): { off: Operation[]; undo: Operation[] } {
  const base = valueAt(settings, 'channels', channel)
  if (!isSettings(base)) return { off: [], undo: [] }
  const named = isSettings(base.accounts) ? Object.keys(base.accounts) : []
  const places =
    account !== null && named.includes(account)
      ? [['channels', channel, 'accounts', account, 'enabled']]
      : [
          ['channels', channel, 'enabled'],
          ...named
            .filter((name) => isSettings(valueAt(base.accounts, name)))
            .map((name) => ['channels', channel, 'accounts', name, 'enabled']),
        ]
  const changed = places.filter((place) => valueAt(settings, ...place) !== false)
  return {
    off: changed.map((path) => ({ path, set: false })),
    undo: changed.map((path) => {
      const before = valueAt(settings, ...path)
      return typeof before === 'boolean' ? { path, set: before } : { path, remove: true }
    }),
  }
}
