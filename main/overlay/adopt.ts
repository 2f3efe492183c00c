import type { Adoption, AgentPlan, LayerContent, LayerRef } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { type SaidInSections, saidInSections, valueAt } from '../runtimes/runtimes.ts'
import { isSameLayer } from './chain.ts'
import { shownValue } from './difference.ts'
import { withEdit, withoutPaths, withRaw } from './edit.ts'
import type { Planned } from './plan.ts'

const fingerprint = /^#[0-9a-f]{12}$/

const holdsSecret = (value: unknown): boolean =>
  typeof value === 'string'
    ? fingerprint.test(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret)

/** What an agent is to declare as it was found, and in which of its layers. */
export interface Adopted {
  /** Of the runtime's own settings, dotted. */
  readonly path: string
  readonly planned: Planned
  readonly plan: AgentPlan
  readonly layer: LayerRef
  /** The layers of the agent. */
  readonly chain: readonly LayerRef[]
  readonly held: LayerContent
  /** The plan of that agent if the layer said this. */
  readonly planWith: (content: LayerContent) => AgentPlan
}

type Taken = { readonly content: LayerContent; readonly words: Adoption['words'] } | { readonly why: string }

/**
 * The layer's content that declares what was found: raw for what no section decides, else in the words of the sections.
 * Those are believed only when the plan that they come to leaves the setting as it is. Pure but for `planWith`.
 */
export function adopted(wanted: Adopted): Taken {
  const { path: text, planned, plan, layer, chain, held } = wanted
  const { labelOf } = planned
  if (!chain.some((one) => isSameLayer(one, layer)))
    return { why: `${labelOf(layer)} is no layer of this agent, so it would change others alone.` }
  const path = pathOfDotted(text)
  if (path === null) return { why: 'It is no path of a setting.' }
  const value = valueAt(planned.found?.settings ?? {}, ...path)
  if (holdsSecret(value))
    return { why: 'It holds a secret, which stays on the machine. Name an environment variable instead.' }
  const declared = plan.changes.find((one) => one.path === text)?.declared ?? ''
  return declared.startsWith('sections.') ? inSections(wanted, path, declared, value) : rawly(held, path, value)
}

/** What is not there is declared as not being there. */
const rawly = (held: LayerContent, path: readonly string[], value: unknown): Taken => ({
  content: withRaw(held, path, (value ?? null) as LayerContent['raw']['openclaw'][string]),
  words: [],
})

function inSections(wanted: Adopted, path: readonly string[], declared: string, value: unknown): Taken {
  const { planned, layer, held, path: text } = wanted
  const said = declared.startsWith('sections.files.')
    ? fileSaid(planned, declared)
    : saidInSections({
        declared,
        path,
        found: planned.found?.settings ?? {},
        version: planned.found?.version ?? '',
        sections: planned.merged.content.sections,
      })
  // What the layer alone declares is left undeclared again.
  if ('why' in said && value === undefined) {
    const without = withoutPaths(held, [declared])
    return isLeft(wanted, without) ? { content: without, words: [{ path: declared, value: null }] } : said
  }
  if ('why' in said) return said
  const content = withEdit(held, { set: said.set, reset: [] })
  if ('words' in content) return { why: content.words }
  const words = Object.entries(said.set).map(([at, each]) => ({ path: at, value: shownValue(each) }))
  if (isLeft(wanted, content)) return { content, words }
  const after = wanted.planWith(content).changes.find((one) => one.path === text)?.after
  return {
    why: `In ${planned.labelOf(layer)} these words come to ${after ?? 'nothing'} there, so they do not say what was found.`,
  }
}

/** A file is what its hash says; its content stays where it is. */
function fileSaid({ found }: Planned, declared: string): SaidInSections {
  const name = pathOfDotted(declared)?.[2] ?? ''
  const sha256 = found?.files?.get(name)
  return sha256 === undefined
    ? { why: 'The file is not there, and a layer cannot say that a file may not be.' }
    : { set: { [`${declared}.sha256`]: sha256 } }
}

/** With that content nothing would change there, and nothing more could not be given. */
function isLeft({ plan, path, planWith }: Adopted, content: LayerContent): boolean {
  const after = planWith(content)
  const before = new Set(plan.cannot.map((one) => JSON.stringify(one)))
  return (
    after.state !== 'unread' &&
    !after.changes.some((one) => one.path === path) &&
    after.cannot.every((one) => before.has(JSON.stringify(one)))
  )
}

/** @throws FaultError `invalid-input` with the reason. */
export function adoptedOrRefused(wanted: Adopted): LayerContent {
  const taken = adopted(wanted)
  if ('why' in taken) throw new FaultError({ code: 'invalid-input', field: wanted.path, detail: taken.why })
  return taken.content
}
