import type {
  AgentId,
  AgentPlan,
  BoxId,
  LayerContent,
  LayerProblem,
  LayerRef,
  Plan,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Undone } from '../inventory/inventory.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { valueAt } from '../runtimes/runtimes.ts'
import { isSameLayer, layerKey, type Placed } from './chain.ts'
import type { Wanted } from './changing.ts'
import { withRaw } from './edit.ts'
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
  /** @throws FaultError `not-found`, `invalid-input`, `changed-meanwhile`, `rule-broken`. */
  adopt(input: {
    agentId: AgentId
    path: string
    layer: LayerRef
    baseRevision: number
    because: string
  }): Undone<{ revision: number }>
}

export interface PlansParts {
  readonly stock: () => Stock
  readonly outcomes: Outcomes
  readonly check: (input: { layer: LayerRef; content: LayerContent }) => LayerProblem[]
  readonly saveOne: (wanted: Omit<Wanted, 'ofRevision'>, because: string) => Undone<{ revision: number }>
}

const fingerprint = /^#[0-9a-f]{12}$/

const holdsSecret = (value: unknown): boolean =>
  typeof value === 'string'
    ? fingerprint.test(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret)

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
    adopt({ agentId, path: text, layer, baseRevision, because }) {
      const at = stock()
      const placed = at.agent(agentId)
      const known = at.known(layer)
      const refuse = (detail: string): never => {
        throw new FaultError({ code: 'invalid-input', field: text, detail })
      }
      if (!at.chain(placed).some((one) => isSameLayer(one, known)))
        refuse(`${at.label(known)} is no layer of this agent, so it would change others alone.`)
      const path = pathOfDotted(text) ?? refuse('It is no path of a setting.')
      const { found } = outcomes.look(at, placed)
      const change = plan(at, placed).changes.find((one) => one.path === text)
      if (change !== undefined && !change.declared.startsWith('raw.'))
        refuse(
          `It is decided by ${change.declared}. Change it there, or leave it as it is for a while by an exception.`,
        )
      const value = valueAt(found?.settings ?? {}, ...path)
      if (holdsSecret(value))
        refuse('It holds a secret, which stays on the machine. Name an environment variable instead.')
      // What is not there is declared as not being there.
      const content = withRaw(at.held(known).content, path, (value ?? null) as LayerContent['raw']['openclaw'][string])
      return saveOne({ layer: known, baseRevision, content, how: 'adopted' }, because)
    },
  }
}
