import type { Client, LayerContent, LayerProblem, LayerRef } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { type Asked, covers, permit, problemsOf } from '../rules/rules.ts'
import { agentName, layerKey, type Placed } from './chain.ts'
import type { Wanted } from './changing.ts'
import { structureProblems } from './check.ts'
import { mergeLayers } from './merge.ts'
import type { Outcomes } from './outcomes.ts'
import type { Stock } from './stock.ts'

/** That what is wanted may be written; whoever writes asks it for each content. */
export type Pass = (wanted: Wanted) => boolean

/** What may become a layer: whatever way it comes, it comes by here, and by the rules. */
export interface Gate {
  problems(stock: Stock, wanted: readonly Wanted[]): (LayerProblem & { readonly layer: LayerRef })[]
  /** @throws FaultError `invalid-input` with the first that is no layer at all, `rule-broken` with all that rules refuse. */
  pass(stock: Stock, wanted: readonly Wanted[]): Pass
}

type Written = Asked['layers'][number]

const wayOf = (how: Wanted['how']): Asked['way'] =>
  how === 'imported' ? 'import' : how === 'restored' || how === 'taken-back' ? 'restore' : 'save'

const written = (name: string, content: Pick<LayerContent, 'sections' | 'raw'>, client: Client | null): Written => ({
  name,
  sections: content.sections,
  raw: content.raw.openclaw,
  client,
})

function clientOf(stock: Stock, { kind, key }: LayerRef): Client | null {
  if (kind === 'agent') return stock.agents().find(({ agent }) => agent.agentId === key)?.client ?? null
  const id =
    kind === 'box' ? stock.boxes().find(({ boxId }) => boxId === key)?.clientId : kind === 'client' ? key : null
  return stock.clients().find(({ clientId }) => clientId === id) ?? null
}

const reachedBy = (stock: Stock, wanted: readonly Wanted[]): Placed[] => {
  const all = wanted.flatMap(({ layer }) => stock.reached(layer))
  return [...new Map(all.map((placed) => [placed.agent.agentId, placed])).values()]
}

const insteadOf = (wanted: readonly Wanted[]): ReadonlyMap<string, LayerContent> =>
  new Map(wanted.map(({ layer, content }) => [layerKey(layer), content]))

export function createGate({
  clock,
  outcomes,
}: {
  readonly clock: Clock
  readonly outcomes: Pick<Outcomes, 'worse'>
}): Gate {
  /** What agents would declare in whole; of a layer that reaches none, what it and those above it would. */
  const wholesOf = (
    stock: Stock,
    wanted: readonly Wanted[],
    instead?: ReadonlyMap<string, LayerContent>,
  ): Written[] => {
    const ofAgents = reachedBy(stock, wanted).map((placed) =>
      written(agentName(placed), stock.merged(placed, instead).content, placed.client),
    )
    const ofNobody = wanted
      .filter(({ layer }) => stock.reached(layer).length === 0)
      .map(({ layer }) => {
        const stack = [...stock.wider(layer), layer].map((one) => ({
          layer: one,
          content: instead?.get(layerKey(one)) ?? stock.held(one).content,
        }))
        return written(stock.label(layer), mergeLayers(stack, clock.nowMs()).content, clientOf(stock, layer))
      })
    return [...ofAgents, ...ofNobody]
  }
  /** What was wrong in whole before and is so still is no reason to refuse; the plan of that agent is refused. */
  const worseWholes = (stock: Stock, wanted: readonly Wanted[]): Written[] => {
    const instead = insteadOf(wanted)
    const saying = (whole: Written) => problemsOf({ layers: [], wholes: [whole], outcomes: [] })
    const before = new Set(
      wholesOf(stock, wanted)
        .flatMap(saying)
        .map((one) => JSON.stringify(one)),
    )
    return wholesOf(stock, wanted, instead).filter((whole) =>
      saying(whole).some((problem) => !before.has(JSON.stringify(problem))),
    )
  }
  const structure = (stock: Stock, wanted: readonly Wanted[]) =>
    wanted.flatMap(({ layer, content }) =>
      structureProblems(content, stock.held(layer).content, clock.nowMs()).map((problem) => ({ ...problem, layer })),
    )
  /** What would be made worse by it, of agents in whole and of their settings. */
  const together = (stock: Stock, wanted: readonly Wanted[]) => ({
    wholes: worseWholes(stock, wanted),
    outcomes: outcomes.worse(stock, reachedBy(stock, wanted), insteadOf(wanted)),
  })
  const layersOf = (stock: Stock, wanted: readonly Wanted[]): Written[] =>
    wanted.map(({ layer, content }) => written(stock.label(layer), content, clientOf(stock, layer)))

  return {
    problems(stock, wanted) {
      const odd = structure(stock, wanted)
      if (odd.length > 0) return odd
      const own = wanted.flatMap((one) => {
        const prefix = `${stock.label(one.layer)}: `
        return problemsOf({ layers: layersOf(stock, [one]), wholes: [], outcomes: [] }).map(({ place, sentence }) => ({
          layer: one.layer,
          path: place.slice(prefix.length).replace(/^raw\./, 'raw.openclaw.'),
          words: sentence,
        }))
      })
      if (own.length > 0) return own
      const [first] = wanted
      if (!first) return []
      return problemsOf({ layers: [], ...together(stock, wanted) }).map(({ place, sentence }) => ({
        layer: first.layer,
        path: '',
        words: `${place}: ${sentence}`,
      }))
    },
    pass(stock, wanted) {
      const [first] = structure(stock, wanted)
      if (first)
        throw new FaultError({
          code: 'invalid-input',
          field: [stock.label(first.layer), first.path].filter(Boolean).join(', '),
          detail: first.words,
        })
      const [one] = wanted
      const way = wayOf(one?.how ?? 'saved')
      const given = permit({ way, layers: layersOf(stock, wanted), ...together(stock, wanted) })
      return ({ content }) => covers(given, way, { sections: content.sections, raw: content.raw.openclaw })
    },
  }
}
