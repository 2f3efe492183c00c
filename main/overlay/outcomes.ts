import { doorInstance } from '../../shared/channels.ts'
import type {
  AgentId,
  BoxId,
  ChannelKind,
  LayerContent,
  LayerProblem,
  Merged,
  OutsideChange,
} from '../../shared/contract/index.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { type Asked, declaredBy, problemsOf, type RuleSubject } from '../rules/rules.ts'
import { doorsOf } from '../runtimes/runtimes.ts'
import type { SchemaIndex } from '../runtimes/setting-schema.ts'
import { agentName, type Placed } from './chain.ts'
import { type FoundConfig, readFound } from './found.ts'
import { type Becoming, become, type Planned } from './plan.ts'
import type { createRows } from './rows.ts'
import type { Stock } from './stock.ts'

type Outcome = Asked['outcomes'][number]

export interface OutcomeParts {
  readonly rows: ReturnType<typeof createRows>
  readonly inventory: Pick<Inventory, 'channels'>
  readonly outsideOf: (boxId: BoxId) => OutsideChange[]
  /** What a version says it knows; null: nobody asked it yet. */
  readonly schemaOf: (version: string) => SchemaIndex | null
  /** What was read before this moment is old. */
  readonly staleBeforeMs: () => number
}

/** Agents as they were found, and what the rules say of what they would become. */
export interface Outcomes {
  /** `version`: as if it ran that one. */
  look(stock: Stock, placed: Placed, instead?: ReadonlyMap<string, LayerContent>, version?: string): Planned
  /** `now`: what its layers declare as they stand. */
  refuse(planned: Planned, found: FoundConfig, becoming: Becoming, now: Merged): LayerProblem[]
  /** What agents would become with other contents; those that were never read are left out. */
  worse(stock: Stock, reached: readonly Placed[], instead: ReadonlyMap<string, LayerContent>): Outcome[]
}

export function createOutcomes(parts: OutcomeParts): Outcomes {
  const { rows, inventory, outsideOf, schemaOf, staleBeforeMs } = parts
  const kindsOf = (boxId: BoxId, agentId: AgentId): Record<string, ChannelKind | null> =>
    Object.fromEntries(
      inventory
        .channels({ boxId })
        .filter((channel) => channel.agentId === agentId)
        .map((channel) => [doorInstance(channel), channel.kind]),
    )
  const subjectOf = (
    { placed }: Planned,
    settings: Record<string, unknown>,
    { version, pairing }: Pick<FoundConfig, 'version' | 'pairing'>,
    merged: Merged,
  ): RuleSubject => {
    const { declared, kinds } = declaredBy(merged.content.sections)
    return {
      settings,
      doors: doorsOf(settings, version, pairing),
      version,
      kinds: { ...kindsOf(placed.box.boxId, placed.agent.agentId), ...kinds },
      client: placed.client,
      declared,
      duties: null,
    }
  }
  const outcomeOf = (planned: Planned, found: FoundConfig, becoming: Becoming, now: Merged): Outcome => ({
    name: agentName(planned.placed),
    before: subjectOf(planned, found.settings ?? {}, found, now),
    after: subjectOf(planned, becoming.after, found, planned.merged),
  })
  const look: Outcomes['look'] = (stock, placed, instead, version) => {
    const read = readFound(rows, placed.agent.agentId)
    const found = read === null || version === undefined ? read : { ...read, version }
    return {
      placed,
      found,
      merged: stock.merged(placed, instead),
      schema: found === null ? null : schemaOf(found.version),
      labelOf: stock.label,
      outside: outsideOf(placed.box.boxId),
      staleBeforeMs: staleBeforeMs(),
      sizeOf: rows.fileSize,
    }
  }
  const saying = (outcome: Outcome) =>
    problemsOf({ layers: [], wholes: [], outcomes: [outcome] }).map((problem) => JSON.stringify(problem))

  return {
    look,
    refuse(planned, found, becoming, now) {
      const name = agentName(planned.placed)
      const { sections, raw } = planned.merged.content
      const whole = { name, sections, raw: raw.openclaw, client: planned.placed.client }
      return problemsOf({ layers: [], wholes: [whole], outcomes: [outcomeOf(planned, found, becoming, now)] }).map(
        ({ place, sentence }) => ({
          path: place.startsWith(`${name}: `) ? place.slice(name.length + 2) : place,
          words: sentence,
        }),
      )
    },
    worse: (stock, reached, instead) =>
      reached.flatMap((placed) => {
        const wanted = look(stock, placed, instead)
        const { found } = wanted
        if (found === null || found.settings === null) return []
        const now = stock.merged(placed)
        const outcome = outcomeOf(wanted, found, become(wanted, found.settings, found.version), now)
        const problems = saying(outcome)
        if (problems.length === 0) return [outcome]
        // What its plan is refused for already is no reason to refuse a save that changes nothing of it.
        const asIs = { ...wanted, merged: now }
        const before = new Set(saying(outcomeOf(asIs, found, become(asIs, found.settings, found.version), now)))
        return problems.some((problem) => !before.has(problem)) ? [outcome] : []
      }),
  }
}
