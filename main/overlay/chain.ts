import type { Agent, BoxId, Client, LayerRef } from '../../shared/contract/index.ts'
import { nameKey } from '../base/name-key.ts'
import { counted } from '../base/words.ts'
import type { StoredBox } from '../inventory/inventory.ts'

/** An agent with all that decides which layers it has. */
export interface Placed {
  readonly agent: Agent
  readonly box: StoredBox
  readonly client: Client | null
  /** As Node names it; empty: the machine was never read. */
  readonly platform: string
}

const systems: Readonly<Record<string, string>> = { darwin: 'macos', win32: 'windows', linux: 'linux' }
export const systemNames: Readonly<Record<string, string>> = { macos: 'macOS', windows: 'Windows', linux: 'Linux' }

/** Two spellings of a niche are one layer. */
export const nicheKey = (niche: string): string => nameKey(niche.trim())

/** The layers of an agent, widest first. */
export function chainOf({ agent, box, client, platform }: Placed): LayerRef[] {
  const system = systems[platform]
  const niche = client ? nicheKey(client.niche) : ''
  return [
    { kind: 'fleet', key: '' },
    ...(system === undefined ? [] : [{ kind: 'os' as const, key: system }]),
    ...(niche === '' ? [] : [{ kind: 'niche' as const, key: niche }]),
    ...(client ? [{ kind: 'client' as const, key: client.clientId }] : []),
    { kind: 'box', key: box.boxId },
    { kind: 'agent', key: agent.agentId },
  ]
}

export const isSameLayer = (one: LayerRef, other: LayerRef): boolean => one.kind === other.kind && one.key === other.key

/** A text that tells layers apart. */
export const layerKey = ({ kind, key }: LayerRef): string => `${kind}:${key}`

/** "peak-mini", or "peak-mini/second" for an agent that is not the unnamed one. */
export const agentName = ({ agent, box }: Pick<Placed, 'agent' | 'box'>): string =>
  agent.profile === 'default' ? box.name : `${box.name}/${agent.profile}`

/** "Reaches 9 agents on 9 machines of 8 clients." `silent`: machines of the layer on which no agent was seen yet. */
export function reachWords(reached: readonly Placed[], silent: number): string {
  const unseen = silent === 0 ? '' : ` On ${counted(silent, 'machine')} of it no agent was seen yet.`
  if (reached.length === 0) return `Reaches no agent.${unseen}`
  const boxes = new Set<BoxId>(reached.map(({ box }) => box.boxId)).size
  const clients = new Set(reached.flatMap(({ client }) => (client ? [client.clientId] : []))).size
  const [first] = reached
  if (reached.length === 1 && first)
    return `Reaches 1 agent: ${agentName(first)}${first.client ? ` of ${first.client.name}` : ''}.${unseen}`
  const of = clients === 0 ? '' : ` of ${counted(clients, 'client')}`
  return `Reaches ${counted(reached.length, 'agent')} on ${counted(boxes, 'machine')}${of}.${unseen}`
}
