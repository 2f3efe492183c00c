import type {
  Adoption,
  AgentId,
  AgentPlan,
  BoxId,
  LayerContent,
  LayerProblem,
  LayerRef,
  Plan,
} from '../../shared/contract/index.ts'
import type { Undone } from '../inventory/inventory.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { type SaidInSections, saidInSections } from '../runtimes/runtimes.ts'
import { type Adopted, adopted, adoptedOrRefused } from './adopt.ts'
import { layerKey, type Placed } from './chain.ts'
import type { Wanted } from './changing.ts'
import { planOf } from './fold.ts'
import type { Outcomes } from './outcomes.ts'
import { planAgent } from './plan.ts'
import type { Stock } from './stock.ts'

/** What each agent would have to become, from what was read last. Nothing is asked of a box, and nothing changed. */
export interface Plans {
  of(input: { boxIds?: readonly BoxId[] | undefined }): Plan
  /** @throws FaultError `not-found`. */
  ofAgent(agentId: AgentId): AgentPlan
  preview(input: { layer: LayerRef; content: LayerContent }): Plan & { problems: LayerProblem[] }
  /**
   * What agents would become with these contents in the place of what their layers say; with `version`, if they ran that
   * one. The layers are read once, for all who are asked about.
   */
  instead(contents: readonly { layer: LayerRef; content: LayerContent }[]): {
    /** Whom these layers reach, each once. */
    readonly reached: readonly AgentId[]
    of(agentId: AgentId, version?: string): AgentPlan
  }
  /**
   * In which words of the guided sections a layer would say what stands at a place of an agent's config, as it was read
   * last; null: no section decides that place, or it is as declared. The layers are read once. @throws FaultError `not-found`.
   */
  inSections(agentId: AgentId): (path: readonly string[]) => SaidInSections | null
  /** How a found setting would be declared, in its narrowest layer; or why it cannot be. @throws FaultError `not-found`. */
  adoption(input: { agentId: AgentId; path: string }): Adoption
  /** @throws FaultError `not-found`, `invalid-input`, `changed-meanwhile`, `rule-broken`. */
  adopt(input: {
    agentId: AgentId
    path: string
    layer: LayerRef
    baseRevision: number
    because: string
  }): Undone<{ revision: number }>
}

const isWithin = (path: readonly string[], outer: readonly string[]): boolean =>
  outer.every((name, place) => path[place] === name)

export interface PlansParts {
  readonly stock: () => Stock
  readonly outcomes: Outcomes
  readonly check: (input: { layer: LayerRef; content: LayerContent }) => LayerProblem[]
  readonly saveOne: (wanted: Omit<Wanted, 'ofRevision'>, because: string) => Undone<{ revision: number }>
}

export function createPlans({ stock, outcomes, check, saveOne }: PlansParts): Plans {
  const plan = (
    at: Stock,
    placed: Placed,
    instead?: ReadonlyMap<string, LayerContent>,
    version?: string,
  ): AgentPlan => {
    const planned = outcomes.look(at, placed, instead, version)
    const broken = at
      .chain(placed)
      .filter((layer) => instead?.has(layerKey(layer)) !== true)
      .map((layer) => ({ label: at.label(layer), problem: at.held(layer).problem }))
      .find(({ problem }) => problem !== '')
    const { found } = planned
    return planAgent(
      planned,
      broken ? `Layer ${broken.label}: ${broken.problem} Restore an earlier one.` : '',
      (becoming) => (found === null ? [] : outcomes.refuse(planned, found, becoming, at.merged(placed))),
    )
  }
  const wantedOf = (at: Stock, placed: Placed, path: string, layer: LayerRef): Adopted => ({
    path,
    layer,
    planned: outcomes.look(at, placed),
    plan: plan(at, placed),
    chain: at.chain(placed),
    held: at.held(layer).content,
    planWith: (content) => plan(at, placed, new Map([[layerKey(layer), content]])),
  })
  return {
    of({ boxIds }) {
      const at = stock()
      const chosen = boxIds === undefined ? null : new Set(boxIds)
      return planOf(
        at
          .agents()
          .filter(({ box }) => chosen === null || chosen.has(box.boxId))
          .map((placed) => plan(at, placed)),
      )
    },
    ofAgent(agentId) {
      const at = stock()
      return plan(at, at.agent(agentId))
    },
    preview({ layer, content }) {
      const at = stock()
      const known = at.known(layer)
      const instead = new Map([[layerKey(known), content]])
      const plans = at.reached(known).map((placed) => plan(at, placed, instead))
      return { ...planOf(plans), problems: check({ layer: known, content }) }
    },
    instead(contents) {
      const at = stock()
      const known = contents.map(({ layer, content }) => ({ layer: at.known(layer), content }))
      const map = new Map(known.map(({ layer, content }) => [layerKey(layer), content]))
      return {
        reached: [...new Set(known.flatMap(({ layer }) => at.reached(layer).map(({ agent }) => agent.agentId)))],
        of: (agentId, version) => plan(at, at.agent(agentId), map, version),
      }
    },
    inSections(agentId) {
      const at = stock()
      const placed = at.agent(agentId)
      const { found, merged } = outcomes.look(at, placed)
      const decided = plan(at, placed).changes.flatMap(({ path, declared }) => {
        const own = path.startsWith('file ') || !declared.startsWith('sections.') ? null : pathOfDotted(path)
        return own === null ? [] : [{ path: own, declared }]
      })
      const about = {
        found: found?.settings ?? {},
        version: found?.version ?? '',
        sections: merged.content.sections,
      }
      return (path) => {
        const said = decided
          .filter((one) => isWithin(one.path, path) || isWithin(path, one.path))
          .map((one) => saidInSections({ ...one, ...about }))
        const refused = said.find((one) => 'why' in one)
        if (refused !== undefined || said.length === 0) return refused ?? null
        return { set: Object.assign({}, ...said.map((one) => ('set' in one ? one.set : {}))) }
      }
    },
    adoption({ agentId, path }) {
      const at = stock()
      const placed = at.agent(agentId)
      const change = plan(at, placed).changes.find((one) => one.path === path)
      // What is absent can be left unsaid only by the layer that says it.
      const isGone = change?.before === null && change.declared.startsWith('sections.')
      const layer = (isGone ? change.from : null) ?? { kind: 'agent' as const, key: agentId }
      const taken = adopted(wantedOf(at, placed, path, layer))
      const why = 'why' in taken ? taken.why : (check({ layer, content: taken.content })[0]?.words ?? '')
      return why !== '' || 'why' in taken
        ? { why, words: [], onlyIn: null }
        : { why, words: taken.words, onlyIn: isGone ? layer : null }
    },
    adopt({ agentId, path, layer, baseRevision, because }) {
      const at = stock()
      const known = at.known(layer)
      const content = adoptedOrRefused(wantedOf(at, at.agent(agentId), path, known))
      return saveOne({ layer: known, baseRevision, content, how: 'adopted' }, because)
    },
  }
}
