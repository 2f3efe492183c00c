import { untrusted } from '../../shared/untrusted.ts'
import { dottedPath, isEqual } from '../runtimes/operations.ts'
import { isSettings, type Settings } from '../runtimes/runtimes.ts'

/** One place of the settings that reads differently. Undefined: nothing stands there. */
export interface SettingDifference {
  readonly path: readonly string[]
  readonly before: unknown
  readonly after: unknown
}

/** What the runtime rewrites by itself, which says nothing about the settings. */
const ownStamps = new Set(['meta', 'wizard'])

const own = (settings: Settings, name: string): unknown => (Object.hasOwn(settings, name) ? settings[name] : undefined)

function* between(before: unknown, after: unknown, path: readonly string[]): Generator<SettingDifference> {
  const isGroup = isSettings(after) && (before === undefined ? Object.keys(after).length > 0 : isSettings(before))
  if (!isGroup) {
    if (before === undefined || !isEqual(before, after)) yield { path, before, after }
    return
  }
  const earlier = isSettings(before) ? before : {}
  for (const name of new Set([...Object.keys(earlier), ...Object.keys(after)])) {
    if (path.length === 0 && ownStamps.has(name)) continue
    yield* between(own(earlier, name), own(after, name), [...path, name])
  }
}

/**
 * Where two configs differ, each place by itself: a new group of settings is told setting by setting, so that a secret in
 * it can be left out alone; a list is one value, and a group that is gone is one place. Pure.
 */
export const settingDifferences = (before: Settings, after: Settings): SettingDifference[] => [
  ...between(before, after, []),
]

/** A path as a person reads it, whatever a box called its settings. */
export const shownPath = (path: readonly string[]): string => untrusted(dottedPath(path), 300)
