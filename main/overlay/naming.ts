import type { LayerRef } from '../../shared/contract/index.ts'
import { nameKey } from '../base/name-key.ts'
import { systemNames } from './chain.ts'
import type { LayerName } from './folder.ts'
import type { Stock } from './stock.ts'

/** Do two names mean the same? As the inventory compares them. */
const isSameName = (one: string, other: string): boolean => nameKey(one.trim()) === nameKey(other.trim())

/** How a layer is called in a file; null: what it is of is removed. */
export function nameOfLayer(stock: Stock, { kind, key }: LayerRef): LayerName | null {
  switch (kind) {
    case 'fleet':
      return { layer: kind, name: '' }
    case 'os':
      return { layer: kind, name: key }
    case 'niche':
      return { layer: kind, name: stock.nicheName(key) }
    case 'client': {
      const client = stock.clients().find(({ clientId }) => clientId === key)
      return client ? { layer: kind, name: client.name } : null
    }
    case 'box': {
      const box = stock.boxes().find(({ boxId }) => boxId === key)
      return box ? { layer: kind, name: box.name } : null
    }
    case 'agent': {
      const placed = stock.agents().find(({ agent }) => agent.agentId === key)
      if (!placed) return null
      const { agent, box } = placed
      const alike = stock.agents().filter((one) => one.box.boxId === box.boxId && one.agent.profile === agent.profile)
      return {
        layer: kind,
        box: box.name,
        name: agent.profile,
        ...(alike.length > 1 ? { stateDir: agent.stateDir } : {}),
      }
    }
  }
}

/** The layer a file is about, or why there is none. */
export function layerOfName(stock: Stock, name: LayerName): LayerRef | string {
  const missing = (what: string, called: string) => `There is no ${what} named “${called}” here.`
  switch (name.layer) {
    case 'fleet':
      return { kind: 'fleet', key: '' }
    case 'os':
      return systemNames[name.name] === undefined
        ? 'A system is macos, windows or linux.'
        : { kind: 'os', key: name.name }
    case 'niche':
      return stock.known({ kind: 'niche', key: name.name })
    case 'client': {
      const client = stock.clients().find((one) => isSameName(one.name, name.name))
      return client ? { kind: 'client', key: client.clientId } : missing('client', name.name)
    }
    case 'box': {
      const box = stock.boxes().find((one) => isSameName(one.name, name.name) && !one.jumpOnly)
      return box ? { kind: 'box', key: box.boxId } : missing('machine', name.name)
    }
    case 'agent':
      return agentOfName(stock, name)
  }
}

function agentOfName(stock: Stock, { name, box: boxName = '', stateDir }: LayerName): LayerRef | string {
  const here = stock.agents().filter(({ box }) => isSameName(box.name, boxName))
  const fits = here.filter(
    ({ agent }) => isSameName(agent.profile, name) && (stateDir === undefined || agent.stateDir === stateDir),
  )
  const [only] = fits
  if (!only) return `On a machine named “${boxName}” there is no agent “${name}”.`
  return fits.length > 1
    ? `${only.box.name} has ${fits.length} agents “${name}”: say which by its stateDir.`
    : { kind: 'agent', key: only.agent.agentId }
}
