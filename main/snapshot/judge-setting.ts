import { showHidden } from '../../shared/untrusted.ts'
import { decidesWhoIsAnswered } from '../rules/rules.ts'
import { dottedPath } from '../runtimes/operations.ts'
import { holdsFingerprint, isSettings, plainSecretsIn } from '../runtimes/runtimes.ts'
import type { SettingDifference } from './differences.ts'

/** `$include` would have other machines read a file of theirs. */
const neverNames = new Set(['__proto__', 'constructor', 'prototype', '$include'])
const mostChars = 20_000
/** Of a path into a layer, as the contract has it. */
const longestPath = 1200

const isOddName = (name: string): boolean =>
  name === '' || name.length > 200 || neverNames.has(name) || showHidden(name) !== name

/** Line breaks and tabs stand in prompts; everything else that cannot be seen is somebody's trick. */
const hidesSomething = (text: string): boolean => {
  const plain = text.replace(/[\n\t]/g, '')
  return showHidden(plain) !== plain
}

/** Every text of a value, with the names inside it. */
function* textsOf(value: unknown): Generator<{ text: string; isName: boolean }> {
  if (typeof value === 'string') yield { text: value, isName: false }
  else if (Array.isArray(value)) for (const entry of value) yield* textsOf(entry)
  else if (isSettings(value))
    for (const [name, inner] of Object.entries(value)) {
      yield { text: name, isName: true }
      yield* textsOf(inner)
    }
}

/** A value in its place, for a secret is often told by the names around it. */
const placed = (path: readonly string[], value: unknown): Record<string, unknown> =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>

const holdsSecret = (path: readonly string[], value: unknown): boolean =>
  path.some((name) => holdsFingerprint(name)) ||
  (value !== undefined && (holdsFingerprint(value) || plainSecretsIn(placed(path, value)).length > 0))

const secretStays =
  'It holds a secret, which stays on the machine: give every machine its own, or name an environment variable.'

/** Why no patch carries a difference of the settings; empty: one may. Pure. */
export function whyNotSetting({ path, after }: SettingDifference): string {
  if (holdsSecret(path, after)) return secretStays
  if (path.length > 32 || path.some(isOddName)) return 'Its name cannot be the name of a setting here.'
  if (dottedPath(['raw', 'openclaw', ...path]).length > longestPath) return 'Its name is too long.'
  if (after === undefined) return ''
  if (after === null) return 'Its value is null, which a layer reads as: nothing may stand there.'
  if (JSON.stringify(after).length > mostChars) return 'Its value is too large to be declared.'
  const texts = [...textsOf(after)]
  if (texts.some(({ text, isName }) => isName && neverNames.has(text)))
    return 'It holds a name that no setting can have.'
  return texts.some(({ text }) => hidesSomething(text)) ? 'It holds characters that cannot be seen.' : ''
}

/** Why a setting that no section decides is none of a layer for others; empty: it may be. Pure. */
export const whyNotRaw = ({ path, before, after }: SettingDifference): string =>
  [before, after].some((value) => value !== undefined && decidesWhoIsAnswered(placed(path, value)))
    ? 'Who is answered is never taken over from a machine. Change it where the people are named: at the client, or in the layer.'
    : ''

/** Where a machine keeps things is seldom where another does. */
const place = /^(\/|~[\\/]|[A-Za-z]:[\\/])/

/** What speaks against carrying it to other machines; empty: nothing. Pure. */
export function remarkOnSetting({ path, before, after }: SettingDifference): string {
  if (after === undefined)
    return holdsSecret(path, before) ? 'It held a secret here, and would go on every machine that gets this.' : ''
  if (path[0] === 'channels') return 'It is about a channel, which every machine has its own accounts of.'
  return [...textsOf(after)].some(({ text, isName }) => !isName && place.test(text))
    ? 'It names a place on this machine, which others may not have.'
    : ''
}
