import { fixedKind, fixedKindReason } from '../../shared/channels.ts'
import type { Client, RuleId, RuleProblem } from '../../shared/contract/index.ts'
import { doorOfKey, missingSafeguards, type Sections, safeguardWords } from '../../shared/sections.ts'
import { dottedPath, namesOfDotted } from '../../shared/value-path.ts'
import { isSettings, mergeSettings, plainSecretsIn, type Settings, textAt } from '../runtimes/runtimes.ts'
import { accessValues, deepest, referenceIn, textsIn } from './access-values.ts'
import { includesIn } from './judge-doors.ts'
import { isFilledIn, isHandleOf, wildcardIn } from './spelling.ts'

const problem = (ruleId: RuleId, place: string, sentence: string): RuleProblem => ({ ruleId, place, sentence })

const noStar = (place: string, text: string): RuleProblem =>
  problem(
    'no-wildcard',
    place,
    `${JSON.stringify(text)} stands for everyone. Add another number of the client instead.`,
  )
const noReference = (place: string, what: string): RuleProblem =>
  problem('no-references', place, `${what} is filled in later, so nobody can say who is let in. Write the handles out.`)
const noSecret = (place: string): RuleProblem =>
  problem('no-plain-secrets', place, `A secret stands in plain text at ${place}. Name an environment variable there.`)

/**
 * What can never be saved in guided sections, whatever machine they are for. Pure.
 *
 * @param client whose layers these are; null where they are for many.
 * @param whole all layers merged, so that what is not said is not said anywhere; one layer alone may leave it to another.
 */
export function judgeSections(sections: Sections, client: Client | null, whole: boolean): RuleProblem[] {
  const found = Object.entries(sections.channels ?? {}).flatMap(([door, section]) => {
    const { channel } = doorOfKey(door)
    const place = `sections.channels.${door}`
    const always = fixedKind(channel)
    const kind = always ?? section.kind
    const problems: RuleProblem[] = []
    if (always !== null && section.kind !== undefined && section.kind !== always)
      problems.push(problem('own-people', `${place}.kind`, fixedKindReason(channel)))
    if (wildcardIn(door) !== null) problems.push(noStar(place, door))
    for (const [at, { name, handle }] of (section.people ?? []).entries()) {
      const where = `${place}.people[${at}]`
      if (wildcardIn(handle) !== null) problems.push(noStar(where, handle))
      else if (isFilledIn(handle)) problems.push(noReference(where, handle))
      else if (!isHandleOf(channel, handle))
        problems.push(problem('own-people', where, `${JSON.stringify(handle)} is no handle of ${channel}.`))
      if (wildcardIn(name) !== null) problems.push(noStar(where, name))
    }
    if (kind !== 'team' && (section.people ?? []).length > 0)
      problems.push(problem('own-people', `${place}.people`, 'People are named for a team’s account alone.'))
    if (whole && kind === 'public' && section.enabled !== false)
      for (const name of missingSafeguards(section, sections.escalation))
        if (!(name === 'humanNumber' && client !== null && client.humanFallback !== ''))
          problems.push(
            problem(
              'public-safeguards',
              place,
              `A public account lacks ${safeguardWords[name]}, so it is opened to nobody.`,
            ),
          )
    return problems
  })
  const handles = (client?.handles ?? [])
    .filter(({ value }) => wildcardIn(value) !== null)
    .map(({ value }) => noStar('the client’s handles', value))
  const money = Object.entries(sections.tools?.judged ?? {}).flatMap(([name, { movesMoney, use }]) =>
    movesMoney === true && use === 'free'
      ? [problem('money-asks', `sections.tools.judged.${name}`, `${name} moves money, so a person approves each use.`)]
      : [],
  )
  return [...found, ...handles, ...money, ...plainSecretsIn(sections).map((at) => noSecret(`sections.${at}`))]
}

/** The raw values as settings, put together as they are merged: what stands deeper refines what stands above it. */
function asSettings(raw: Readonly<Record<string, unknown>>): Settings {
  const all: Settings = Object.create(null)
  const paths = Object.entries(raw).map(([path, value]) => ({ names: namesOfDotted(path) ?? [path], value }))
  for (const { names, value } of paths.toSorted((a, b) => a.names.length - b.names.length)) {
    const last = names.pop() ?? ''
    let at = all
    for (const name of names) {
      const inner = at[name]
      if (!isSettings(inner)) at[name] = Object.create(null)
      at = at[name] as Settings
    }
    // A copy: deeper paths are written into it.
    at[last] = mergeSettings(at[last], structuredClone(value))
  }
  return all
}

const forbidden = /^(__proto__|constructor|prototype)$/

/** Policies that open, and what is opened where nothing is said. */
function judgePolicy(names: readonly string[], value: unknown): RuleProblem[] {
  const [first] = names
  const name = names.at(-1) ?? ''
  const place = `raw.${dottedPath(names)}`
  if (first !== 'channels') return []
  const inAccount = names.includes('accounts')
  if (name === 'dmPolicy' || name === 'policy') {
    if (value === 'allowlist' || value === 'disabled') return []
    if (value === 'open')
      return [
        problem(
          inAccount ? 'no-reopening' : 'own-people',
          place,
          'A channel is opened by its kind alone, never by a setting.',
        ),
      ]
    return [
      problem('no-pairing', place, 'Strangers would get a pairing code: it is what happens where no list is demanded.'),
    ]
  }
  if (name === 'groupPolicy' && value !== 'disabled' && value !== 'allowlist')
    return [problem('no-groups', place, 'Groups would be answered.')]
  if (name === 'configWrites' && value !== false)
    return [problem('no-config-by-chat', place, 'Whoever is answered could change the settings.')]
  return []
}

/** What can never be saved as raw settings: every path and value, however it is nested. Pure. */
export function judgeRaw(raw: Readonly<Record<string, unknown>>): RuleProblem[] {
  const odd = Object.keys(raw).filter(
    (path) => namesOfDotted(path)?.every((name) => name !== '' && !forbidden.test(name)) !== true,
  )
  if (odd.length > 0)
    return odd.map((path) => problem('no-references', `raw.${path}`, 'No setting can have that name.'))
  const settings = asSettings(raw)
  const problems = includesIn(settings).map((at) =>
    problem('no-references', `raw.${at}`, 'An included file is never read by the rules. Write out what stands in it.'),
  )
  for (const { path, kind, value } of accessValues(settings)) {
    const place = `raw.${dottedPath(path)}`
    const reference = referenceIn(value)
    if (reference !== null) problems.push(noReference(place, reference))
    if (kind === 'whole' && reference === null) problems.push(noReference(place, JSON.stringify(value)))
    if (kind === 'unseen')
      problems.push(problem('no-references', place, 'So much stands there that nobody can judge it.'))
    if (kind === 'policy') problems.push(...judgePolicy(path, value))
    else if (kind === 'people')
      for (const text of textsIn(value)) if (wildcardIn(text) !== null) problems.push(noStar(place, text))
  }
  for (const text of namesIn(settings))
    if (wildcardIn(text) !== null && text !== '*') problems.push(noStar('raw', text))
  if (textAt(settings, 'gateway', 'auth', 'mode') === 'none')
    problems.push(problem('closed-gateway', 'raw.gateway.auth.mode', 'The gateway would take orders without a login.'))
  return [...problems, ...plainSecretsIn(settings).map((at) => noSecret(`raw.${at}`))]
}

/** Names of everything under the channels: a room or a group may be named by a sign that looks like a star. */
function namesIn(settings: Settings): string[] {
  const names: string[] = []
  const walk = (at: unknown, depth: number): void => {
    if (depth > deepest || !isSettings(at)) return
    for (const [name, value] of Object.entries(at)) {
      names.push(name)
      walk(value, depth + 1)
    }
  }
  walk(settings.channels, 0)
  return names
}
