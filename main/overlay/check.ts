import type { LayerContent, LayerProblem } from '../../shared/contract/index.ts'
import { dottedPath, pathOfDotted } from '../runtimes/operations.ts'

const largestChars = 200_000
const longestExceptMs = 366 * 24 * 3_600_000
const neverNames = new Set(['__proto__', 'constructor', 'prototype'])

/** What fixed rules decide: an exception there would be a way round them. */
const ruled: readonly (readonly string[])[] = [
  ['sections', 'channels'],
  ['sections', 'tools'],
  ...['channels', 'tools', 'gateway', 'commands', 'session', 'bindings'].map((name) => ['raw', 'openclaw', name]),
]

const isWithin = (path: readonly string[], outer: readonly string[]): boolean =>
  outer.every((name, place) => path[place] === name)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Each value of raw settings by its whole path, however it was written down. */
function rawLeaves(path: readonly string[], value: unknown): (readonly string[])[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [path]
  return Object.entries(value).flatMap(([name, inner]) => rawLeaves([...path, name], inner))
}

function forbiddenName(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(forbiddenName).find((name) => name !== null) ?? null
  if (!isObject(value)) return null
  for (const [name, inner] of Object.entries(value)) {
    const found = neverNames.has(name) ? name : forbiddenName(inner)
    if (found !== null) return found
  }
  return null
}

function rawProblems(openclaw: LayerContent['raw']['openclaw']): LayerProblem[] {
  const problems: LayerProblem[] = []
  const said = new Map<string, readonly string[]>()
  for (const [text, value] of Object.entries(openclaw)) {
    const at = `raw.openclaw.${text}`
    const path = pathOfDotted(text)
    const bad = forbiddenName({ [text]: value }) ?? path?.find((name) => neverNames.has(name)) ?? null
    if (path === null) problems.push({ path: at, words: 'This is no path of settings: names joined by dots.' })
    else if (bad !== null) problems.push({ path: at, words: `“${bad}” cannot be the name of a setting.` })
    else
      for (const leaf of rawLeaves(path, value)) {
        const key = dottedPath(leaf)
        if (pathOfDotted(key) === null)
          problems.push({ path: at, words: 'It is nested too deep, or has a name that is empty or too long.' })
        else if (said.has(key)) problems.push({ path: `raw.openclaw.${key}`, words: 'This layer says it twice.' })
        else said.set(key, leaf)
      }
  }
  for (const [key, leaf] of said) {
    const above = leaf.map((_, place) => dottedPath(leaf.slice(0, place))).find((prefix) => said.has(prefix))
    if (above !== undefined && above !== '')
      problems.push({
        path: `raw.openclaw.${key}`,
        words: `It stands inside ${above}, which this layer gives a value.`,
      })
  }
  return problems
}

function exceptProblems(content: LayerContent, before: LayerContent, nowMs: number): LayerProblem[] {
  const seen = new Set<string>()
  return content.excepts.flatMap(({ path: text, untilMs, because }) => {
    const say = (words: string) => [{ path: text, words }]
    const path = pathOfDotted(text)
    const isInside =
      path !== null &&
      ((path[0] === 'sections' && path.length > 1) || (path[0] === 'raw' && path[1] === 'openclaw' && path.length > 2))
    if (!isInside) return say('An exception is for a value, as sections.model.primary or raw.openclaw.gateway.port.')
    if (seen.has(text)) return say('There are two exceptions for it.')
    seen.add(text)
    if (ruled.some((outer) => isWithin(path, outer)))
      return say('Who is answered and what an agent may do has no exceptions: fixed rules decide there.')
    const isOld = before.excepts.some(
      (each) => each.path === text && each.untilMs === untilMs && each.because === because,
    )
    if (isOld) return []
    if (untilMs <= nowMs) return say('Its end is past. An exception ends in the future.')
    return untilMs - nowMs > longestExceptMs ? say('An exception ends within a year.') : []
  })
}

/** Why a content cannot be a layer, whatever the rules say of it. `before`: what the layer says now. Pure. */
export function structureProblems(content: LayerContent, before: LayerContent, nowMs: number): LayerProblem[] {
  if (JSON.stringify(content).length > largestChars)
    return [{ path: '', words: `A layer holds at most ${largestChars / 1000} kB.` }]
  return [...rawProblems(content.raw.openclaw), ...exceptProblems(content, before, nowMs)]
}
