import type { BoxId, CommandTarget } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'

export type LeftOut = CommandTarget & { readonly why: string }

interface Reads {
  readonly inventory: Pick<InventoryReads, 'box' | 'client' | 'pauseOf' | 'holdOf'>
  readonly isPinned: (boxId: BoxId) => boolean
}

/** Why a command leaves this machine alone, as a sentence; null when it would reach it. */
function whyNot(box: StoredBox, { inventory, isPinned }: Reads, nowMs: number): string | null {
  if (box.jumpOnly) return 'It is a jump host only.'
  if (!isPinned(box.boxId)) return 'Its host key was never accepted.'
  if (box.clientId === null) return null
  const hold = inventory.holdOf(box.clientId, nowMs)
  if (hold) return `No changes at this client until ${dateWords(hold.untilMs)}.`
  const pause = inventory.pauseOf(box.clientId, nowMs)
  return pause ? `Its client is paused until ${dateWords(pause.untilMs)}.` : null
}

export function targetOf(box: StoredBox, { inventory }: Pick<Reads, 'inventory'>): CommandTarget {
  const clientName = box.clientId === null ? null : inventory.client(box.clientId).name
  return { boxId: box.boxId, boxName: box.name, clientName }
}

/** Whom a command reaches and whom it leaves alone, each once, in the order asked for. @throws FaultError `not-found`. */
export function chooseTargets(
  boxIds: readonly BoxId[],
  reads: Reads,
  nowMs: number,
): { targets: CommandTarget[]; leftOut: LeftOut[] } {
  const targets: CommandTarget[] = []
  const leftOut: LeftOut[] = []
  for (const boxId of new Set(boxIds)) {
    const box = reads.inventory.box(boxId)
    const target = targetOf(box, reads)
    const why = whyNot(box, reads, nowMs)
    if (why === null) targets.push(target)
    else leftOut.push({ ...target, why })
  }
  return { targets, leftOut }
}
