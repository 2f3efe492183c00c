import type { BoxId, Client, ClientId, Finding, FindingId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Changes } from '../base/changes.ts'
import { newId } from '../base/ids.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { type Assessment, reconcile, type Trouble } from './reconcile.ts'
import { createRows, type StoredFinding } from './rows.ts'

export type { Assessment, Trouble } from './reconcile.ts'

export interface Findings {
  /**
   * Makes the open findings of a box say what was just judged: opens, refreshes, closes. Causes that are not assessed
   * stay as they are. Call it inside `store.write`, together with the evidence.
   */
  settle(boxId: BoxId, assessments: readonly Assessment[], atMs: number): { opened: number; closed: number }
  /** Closes one finding by the operator's word, such as a change that was looked at. False: it was not open. */
  close(findingId: FindingId, recovery: string, atMs: number): boolean
  /** Open findings of machines that are in the inventory, worst first, then longest. */
  open(): Finding[]
  /** Open and closed findings of a box, newest first. */
  ofBox(boxId: BoxId, limit: number): Finding[]
}

export interface FindingsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<InventoryReads, 'boxes' | 'clients'>
  readonly changes: Changes
  /** Names of the workflows of a client; a finding about its machine touches them. */
  readonly workflowsOf: (clientId: ClientId) => string[]
}

/** Order of the states, worst first (ui.md §5). */
const stateOrder: readonly Finding['state'][] = [
  'Unsafe',
  'Silent',
  'Failing',
  'Offline',
  'Behind',
  'Changed',
  'Not seen',
]

/** States by how loud they are on screen: what harms a client now, what drifts, what nobody has seen. */
const loudness: Record<Finding['state'], number> = {
  Unsafe: 0,
  Silent: 0,
  Failing: 0,
  Offline: 0,
  Behind: 1,
  Changed: 1,
  'Not seen': 2,
}

/** Place of a finding among all, 0 is worst: for sorting rows that carry only their worst finding. */
export const weightRank = ({ severity, state }: Pick<Finding, 'severity' | 'state'>): number =>
  (loudness[state] * 2 + (severity === 'red' ? 0 : 1)) * stateOrder.length + stateOrder.indexOf(state)

/** Worst first, then longest. */
export const byWeight = (a: Finding, b: Finding): number =>
  weightRank(a) - weightRank(b) ||
  a.sinceMs - b.sinceMs ||
  a.boxName.localeCompare(b.boxName) ||
  a.findingId.localeCompare(b.findingId)

function capped(trouble: Trouble): Trouble {
  return {
    ...trouble,
    sentence: untrusted(trouble.sentence, 300),
    detail: untrusted(trouble.detail, 300),
    nextStep: untrusted(trouble.nextStep, 400),
    evidence: trouble.evidence
      .slice(0, 5)
      .map((fact) => ({ ...fact, name: untrusted(fact.name, 80), value: untrusted(fact.value, 300) })),
  }
}

export function createFindings(parts: FindingsParts): Findings {
  const { store, ledger, inventory, changes } = parts
  const rows = createRows(store.db)

  const names = () => {
    const boxes = new Map<BoxId, StoredBox>(inventory.boxes().map((box) => [box.boxId, box]))
    const clients = new Map<ClientId, Client>(inventory.clients().map((client) => [client.clientId, client]))
    return (stored: StoredFinding): Finding | null => {
      const box = boxes.get(stored.boxId)
      if (!box) return null
      const client = box.clientId ? clients.get(box.clientId) : undefined
      return {
        ...stored,
        boxName: box.name,
        clientId: client?.clientId ?? null,
        subject: client?.name ?? box.name,
        workflows: client ? parts.workflowsOf(client.clientId) : [],
      }
    }
  }
  const named = (stored: StoredFinding[]): Finding[] => {
    const name = names()
    return stored.map(name).filter((finding) => finding !== null)
  }
  const closeOne = (finding: StoredFinding, recovery: string, atMs: number): boolean => {
    const closed = rows.close(finding.findingId, recovery, atMs)
    if (closed)
      ledger.append({ actor: 'console', kind: 'finding.closed', boxId: finding.boxId, words: `{box}: ${recovery}` })
    return closed
  }

  return {
    settle(boxId, assessments, atMs) {
      const steps = reconcile(rows.openOfBox(boxId), assessments)
      for (const { trouble, ...subject } of steps.open) {
        const clean = capped(trouble)
        rows.insert(newId(), { cause: subject.cause, agentId: subject.agentId, boxId }, clean, atMs)
        ledger.append({ actor: 'console', kind: 'finding.opened', boxId, words: `{box} ${clean.sentence}.` })
      }
      for (const { finding, trouble } of steps.refresh) rows.refresh(finding.findingId, capped(trouble), atMs)
      for (const { finding, recovery } of steps.close) closeOne(finding, recovery, atMs)
      if (steps.open.length + steps.close.length + steps.refresh.length > 0) changes.publish('findings', 'review')
      return { opened: steps.open.length, closed: steps.close.length }
    },
    close(findingId, recovery, atMs) {
      const finding = rows.one(findingId)
      if (!finding?.open) return false
      const closed = closeOne(finding, recovery, atMs)
      changes.publish('findings', 'review')
      return closed
    },
    open: () => named(rows.open()).sort(byWeight),
    ofBox: (boxId, limit) => named(rows.ofBox(boxId, limit)),
  }
}
