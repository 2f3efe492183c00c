import { createHash } from 'node:crypto'
import type { Client, RuleProblem } from '../../shared/contract/index.ts'
import { Sections } from '../../shared/sections.ts'
import { canonicalJson } from '../base/canonical.ts'
import { FaultError } from '../base/fault-error.ts'
import { ruleOf } from './catalogue.ts'
import { judgeRules } from './judge.ts'
import { refusals } from './refusals.ts'
import { judgeRaw, judgeSections } from './saving.ts'
import type { RuleSubject } from './subject.ts'

/** Settings as somebody wrote them down: typed, read from a file, from an older revision or from a row of the store. */
export interface Written {
  /** What it is called in a sentence: a layer, or a machine. */
  readonly name: string
  /** Believed nothing of: it is checked against its schema here. */
  readonly sections: unknown
  /** Raw settings of one runtime, by path. */
  readonly raw: Readonly<Record<string, unknown>>
  /** Whose it is; null where it is for many. */
  readonly client: Client | null
}

/** What one agent would become. */
export interface Outcome {
  /** The machine, in a sentence. */
  readonly name: string
  /** As it was found; null: it was never seen, so nothing is forgiven. */
  readonly before: RuleSubject | null
  readonly after: RuleSubject
}

export interface Asked {
  readonly way: 'save' | 'import' | 'restore' | 'apply'
  /** Layers as they would stand. */
  readonly layers: readonly Written[]
  /** What they merge to: for each agent that has them, or of the layer with those above it where there is none. */
  readonly wholes: readonly Written[]
  readonly outcomes: readonly Outcome[]
}

declare const permitted: unique symbol
/** That the rules were asked and refused nothing. Whoever writes or sends takes it and checks that it is for that. */
export interface Permit {
  readonly [permitted]: true
}

const issued = new WeakMap<Permit, { way: Asked['way']; contents: ReadonlySet<string> }>()

const digestOf = (content: unknown): string => createHash('sha256').update(canonicalJson(content)).digest('hex')

function judgeWritten({ name, sections, raw, client }: Written, whole: boolean): RuleProblem[] {
  const parsed = Sections.safeParse(sections)
  const odd = parsed.success
    ? judgeSections(parsed.data, client, whole)
    : [
        {
          ruleId: 'no-references' as const,
          place: `sections.${parsed.error.issues[0]?.path.join('.') ?? ''}`,
          sentence: `The sections cannot be read: ${parsed.error.issues[0]?.message ?? 'they are none'}`,
        },
      ]
  return [...odd, ...judgeRaw(raw)].map((each) => ({ ...each, place: `${name}: ${each.place}` }))
}

function judgeOutcome({ name, before, after }: Outcome): RuleProblem[] {
  return refusals(before === null ? [] : judgeRules(before), judgeRules(after)).flatMap(
    ({ ruleId, breaches, unknown }): RuleProblem[] => {
      const { sentence } = ruleOf(ruleId)
      const says = (place: string, words: string) => ({ ruleId, place: `${name}: ${place}`, sentence: words })
      return [
        ...breaches.map(({ place, what }) => says(place, `${what}. ${sentence}`)),
        ...unknown.map((place) => says(place, `Nobody could tell whether this holds: ${sentence}`)),
      ]
    },
  )
}

/** Everything the rules say against it, each once; empty: nothing. Pure. */
export function problemsOf({ layers, wholes, outcomes }: Omit<Asked, 'way'>): RuleProblem[] {
  const found = [
    ...layers.flatMap((each) => judgeWritten(each, false)),
    ...wholes.flatMap((each) => judgeWritten(each, true)),
    ...outcomes.flatMap(judgeOutcome),
  ]
  return [...new Map(found.map((each) => [`${each.ruleId} ${each.place} ${each.sentence}`, each])).values()]
}

/**
 * The only way through which something is saved, imported, restored or sent. There is no argument, setting, variable or
 * file that makes it answer otherwise.
 *
 * @throws FaultError `rule-broken` with every problem.
 */
export function permit(asked: Asked): Permit {
  const problems = problemsOf(asked)
  if (problems.length > 0) throw new FaultError({ code: 'rule-broken', problems: problems.slice(0, 100) })
  const given = Object.freeze({}) as Permit
  const contents = [...asked.layers, ...asked.wholes].map(({ sections, raw }) => digestOf({ sections, raw }))
  const settings = asked.outcomes.map(({ after }) => digestOf(after.settings))
  issued.set(given, { way: asked.way, contents: new Set([...contents, ...settings]) })
  return given
}

/**
 * Was this permit given, for that way and for exactly that content? `content`: the sections and raw settings of a layer,
 * or the settings an agent would have. A permit made up elsewhere is for nothing.
 */
export function covers(given: Permit, way: Asked['way'], content: unknown): boolean {
  const known = issued.get(given)
  return known?.way === way && known.contents.has(digestOf(content))
}
