import {
  type Agent,
  type AgentId,
  type Client,
  LayerContent,
  LayerKind,
  type LayerPage,
  type LayerRef,
  type LayerSummary,
  type Merged,
} from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Inventory, StoredBox } from '../inventory/inventory.ts'
import { agentName, chainOf, isSameLayer, layerKey, nicheKey, type Placed, reachWords, systemNames } from './chain.ts'
import { valuesOf } from './difference.ts'
import { type Layer, mergeLayers } from './merge.ts'
import type { createRows, StoredRevision } from './rows.ts'

export const emptyContent: LayerContent = { sections: {}, raw: { openclaw: {} }, excepts: [] }

/** A layer as the store has it. */
export interface Held {
  readonly layer: LayerRef
  /** 0: nothing was ever saved. */
  readonly revision: number
  readonly content: LayerContent
  readonly changedAtMs: number | null
  readonly because: string
  /** Why the content cannot be read, and stands as empty here; empty: it can. */
  readonly problem: string
}

/** What a row holds, as a layer, or why it is none: a row may have been edited. */
export function readContent(json: string): LayerContent | string {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return 'what the store holds is no JSON'
  }
  const parsed = LayerContent.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no layer'}`
}

const heldOf = (row: StoredRevision): Held => {
  const read = readContent(row.contentJson)
  const problem = typeof read === 'string' ? `Revision ${row.revision} cannot be read: ${read}.` : ''
  return {
    layer: { kind: row.kind, key: row.key },
    revision: row.revision,
    content: typeof read === 'string' ? emptyContent : read,
    changedAtMs: row.atMs,
    because: row.because,
    problem,
  }
}

const nothingSaved = (layer: LayerRef): Held => ({
  layer,
  revision: 0,
  content: emptyContent,
  changedAtMs: null,
  because: '',
  problem: '',
})

/** Every layer as it stands, and which agents have it. Read anew at each call, so that nothing of it is older than the store. */
export interface Stock {
  held(layer: LayerRef): Held
  /** The layer as it is written; the niche by its one spelling. @throws FaultError `not-found`, `invalid-input`. */
  known(layer: LayerRef): LayerRef
  label(layer: LayerRef): string
  summary(layer: LayerRef): LayerSummary
  summaries(): LayerSummary[]
  page(layer: LayerRef): LayerPage
  boxes(): StoredBox[]
  clients(): Client[]
  agents(): Placed[]
  /** As the first client spells it. */
  nicheName(key: string): string
  /** @throws FaultError `not-found`. */
  agent(agentId: AgentId): Placed
  chain(placed: Placed): LayerRef[]
  reached(layer: LayerRef): Placed[]
  /** The layers of an agent, with other contents in the place of some. */
  stackOf(placed: Placed, instead?: ReadonlyMap<string, LayerContent>): Layer[]
  merged(placed: Placed, instead?: ReadonlyMap<string, LayerContent>): Merged
  /** The layers above one, as far as all of its agents share them. */
  wider(layer: LayerRef): LayerRef[]
}

export interface StockParts {
  readonly rows: ReturnType<typeof createRows>
  readonly inventory: Pick<Inventory, 'boxes' | 'clients' | 'agents'>
  readonly clock: Clock
}

/** The layers, read once. */
export function takeStock({ rows, inventory, clock }: StockParts): Stock {
  const nowMs = clock.nowMs()
  const boxes = new Map(inventory.boxes().map((box) => [box.boxId as string, box]))
  const clients = new Map(inventory.clients().map((client) => [client.clientId as string, client]))
  const platforms = rows.platforms()
  const saved = new Map(rows.newest().map((row) => [layerKey(row), heldOf(row)]))
  const placedOf = (agent: Agent): Placed[] => {
    const box = boxes.get(agent.boxId)
    if (!box) return []
    const client = box.clientId === null ? null : (clients.get(box.clientId) ?? null)
    return [{ agent, box, client, platform: platforms.get(agent.agentId) ?? '' }]
  }
  const agents = inventory.agents().flatMap(placedOf)
  const chains = new Map(agents.map((placed) => [placed.agent.agentId, chainOf(placed)]))
  const byLayer = new Map<string, Placed[]>()
  for (const placed of agents)
    for (const layer of chains.get(placed.agent.agentId) ?? []) {
      const reached = byLayer.get(layerKey(layer)) ?? []
      reached.push(placed)
      byLayer.set(layerKey(layer), reached)
    }

  const held = (layer: LayerRef): Held => saved.get(layerKey(layer)) ?? nothingSaved(layer)
  const reached = (layer: LayerRef): Placed[] => byLayer.get(layerKey(layer)) ?? []
  const chain = (placed: Placed): LayerRef[] => chains.get(placed.agent.agentId) ?? chainOf(placed)

  const nicheName = (key: string): string =>
    [...clients.values()].find(({ niche }) => nicheKey(niche) === key)?.niche.trim() ?? key
  const label = ({ kind, key }: LayerRef): string => {
    switch (kind) {
      case 'fleet':
        return 'Fleet'
      case 'os':
        return systemNames[key] ?? key
      case 'niche':
        return `Niche ${nicheName(key)}`
      case 'client':
        return clients.get(key)?.name ?? 'a removed client'
      case 'box':
        return boxes.get(key)?.name ?? 'a removed machine'
      case 'agent': {
        const placed = agents.find(({ agent }) => agent.agentId === key)
        return placed ? `${placed.box.name}/${placed.agent.profile}` : 'a removed agent'
      }
    }
  }
  /** Machines of a layer on which no agent was seen yet. */
  const silent = (layer: LayerRef): number => {
    const seen = new Set(agents.map(({ box }) => box.boxId))
    return [...boxes.values()].filter((box) => {
      if (box.jumpOnly || seen.has(box.boxId)) return false
      const client: Client | null = box.clientId === null ? null : (clients.get(box.clientId) ?? null)
      if (layer.kind === 'fleet') return true
      if (layer.kind === 'niche') return client !== null && nicheKey(client.niche) === layer.key
      return (
        (layer.kind === 'client' && client?.clientId === layer.key) || (layer.kind === 'box' && box.boxId === layer.key)
      )
    }).length
  }

  const summary = (layer: LayerRef): LayerSummary => {
    const { revision, changedAtMs, content, problem } = held(layer)
    return {
      layer,
      label: label(layer),
      revision,
      changedAtMs,
      values: valuesOf(content),
      excepts: content.excepts.filter(({ untilMs }) => untilMs > nowMs).length,
      agents: reached(layer).length,
      problem,
    }
  }
  const everyLayer = (): LayerRef[] => {
    const niches = [...clients.values()].map(({ niche }) => nicheKey(niche)).filter((key) => key !== '')
    const there: LayerRef[] = [
      { kind: 'fleet', key: '' },
      ...Object.keys(systemNames).map((key) => ({ kind: 'os' as const, key })),
      ...[...new Set(niches)].toSorted().map((key) => ({ kind: 'niche' as const, key })),
      ...[...clients.keys()].map((key) => ({ kind: 'client' as const, key })),
      ...[...boxes.values()]
        .filter(({ jumpOnly }) => !jumpOnly)
        .map(({ boxId }) => ({ kind: 'box' as const, key: boxId })),
      ...agents.map(({ agent }) => ({ kind: 'agent' as const, key: agent.agentId })),
    ]
    // A niche that no client has any more still has its layer.
    const more = [...saved.values()]
      .map(({ layer }) => layer)
      .filter((layer) => layer.kind === 'niche' && !there.some((other) => isSameLayer(layer, other)))
    const rank = ({ kind }: LayerRef) => LayerKind.options.indexOf(kind)
    return [...there, ...more].toSorted((a, b) => rank(a) - rank(b))
  }

  /** Widest first; of a niche, client and machine the system is known only where all of their agents share one. */
  const wider = (layer: LayerRef): LayerRef[] => {
    const [first, ...rest] = reached(layer).map(chain)
    const above = (all: readonly LayerRef[]) =>
      all.slice(
        0,
        Math.max(
          0,
          all.findIndex((one) => isSameLayer(one, layer)),
        ),
      )
    if (first) return above(first).filter((one) => rest.every((other) => other.some((each) => isSameLayer(each, one))))
    const box = layer.kind === 'box' ? boxes.get(layer.key) : undefined
    const client = clients.get(layer.kind === 'client' ? layer.key : (box?.clientId ?? ''))
    const niche = client ? nicheKey(client.niche) : ''
    return [
      ...(layer.kind === 'fleet' ? [] : [{ kind: 'fleet' as const, key: '' }]),
      ...(niche === '' ? [] : [{ kind: 'niche' as const, key: niche }]),
      ...(box && client ? [{ kind: 'client' as const, key: client.clientId }] : []),
    ]
  }
  const stackOf = (placed: Placed, instead?: ReadonlyMap<string, LayerContent>): Layer[] =>
    chain(placed).map((layer) => ({ layer, content: instead?.get(layerKey(layer)) ?? held(layer).content }))

  return {
    held,
    label,
    summary,
    boxes: () => [...boxes.values()],
    clients: () => [...clients.values()],
    agents: () => agents,
    nicheName,
    agent(agentId) {
      const placed = agents.find(({ agent }) => agent.agentId === agentId)
      if (!placed) throw new FaultError({ code: 'not-found', what: 'agent' })
      return placed
    },
    chain,
    reached,
    stackOf,
    wider,
    merged: (placed, instead) => mergeLayers(stackOf(placed, instead), nowMs),
    summaries: () => everyLayer().map(summary),
    known({ kind, key }) {
      const isThere = {
        fleet: key === '',
        os: systemNames[key] !== undefined,
        niche: key.trim() !== '',
        client: clients.has(key),
        box: boxes.get(key)?.jumpOnly === false,
        agent: agents.some(({ agent }) => agent.agentId === key),
      }[kind]
      if (isThere) return { kind, key: kind === 'niche' ? nicheKey(key) : key }
      const what = { fleet: 'layer', os: 'system', niche: 'niche', client: 'client', box: 'machine', agent: 'agent' }[
        kind
      ]
      throw new FaultError({ code: 'not-found', what })
    },
    page(layer) {
      const { content, because } = held(layer)
      const above = wider(layer)
      const placed = reached(layer)
      const inherited = mergeLayers(
        above.map((one) => ({ layer: one, content: held(one).content })),
        nowMs,
      )
      return {
        ...summary(layer),
        content,
        because,
        inherited,
        wider: above.map(summary),
        reach: {
          agents: placed.map((one) => ({
            agentId: one.agent.agentId,
            boxId: one.box.boxId,
            name: agentName(one),
            clientName: one.client?.name ?? null,
          })),
          sentence: reachWords(placed, silent(layer)),
        },
      }
    },
  }
}
