import type { LayerContent, LayerRef, OutsideChange } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import type { FaultError } from '../base/fault-error.ts'
import { createInventory } from '../inventory/inventory.ts'
import { createOverlay, type OverlayParts } from '../overlay/overlay.ts'
import { fakeClock } from './fake-clock.ts'
import { tempStore } from './temp-store.ts'

export const fleet: LayerRef = { kind: 'fleet', key: '' }

export const content = (change: Partial<LayerContent> = {}): LayerContent => ({
  sections: {},
  raw: { openclaw: {} },
  excepts: [],
  ...change,
})

/** Layers over a real store and an inventory without boxes. What `outside` holds was changed on its box by others. */
export function overlayLab(parts: Partial<Pick<OverlayParts, 'schemaOf' | 'staleBeforeMs'>> = {}) {
  const clock = fakeClock()
  const temp = tempStore(clock)
  const changes = createChanges()
  const inventory = createInventory({ ...temp, changes, clock, homeDir: temp.dataDir })
  const outside: OutsideChange[] = []
  const overlay = createOverlay({
    store: temp.store,
    inventory,
    clock,
    changes,
    actor: 'operator',
    outsideOf: (boxId) => outside.filter((change) => change.boxId === boxId),
    schemaOf: () => null,
    staleBeforeMs: () => clock.nowMs() - 86_400_000,
    ...parts,
  })
  return { temp, clock, changes, inventory, overlay, outside }
}

/** The fault that it throws, at once or in the end; null when it does not. */
export async function faultInTheEnd(act: () => unknown): Promise<FaultError['fault'] | null> {
  try {
    await act()
  } catch (error) {
    return (error as FaultError).fault
  }
  return null
}

/** The fault that it throws; null when it does not. */
export function faultOf(act: () => unknown): FaultError['fault'] | null {
  try {
    act()
  } catch (error) {
    return (error as FaultError).fault
  }
  return null
}
