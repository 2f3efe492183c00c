import type { BoxId, Client, ClientId, Finding, FindingId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { newId } from '../base/ids.ts'
import { readWords } from '../base/words.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { explainedBy, foldExplained } from './explains.ts'
import { flapping } from './patience.ts'
import { type Assessment, type Before, type Look, reconcile, type Trouble } from './reconcile.ts'
import { createDoubtRows, createNoticeRows, createRows, type StoredFinding, type Teller } from './rows.ts'
import { createSnoozing, type Snoozing, snoozeNow } from './snooze.ts'

export { explainedBy } from './explains.ts'
export { createFlags, type Flags } from './flags.ts'
export { type Notice, planNotices } from './notices.ts'
export type { Assessment, Trouble } from './reconcile.ts'
export type { Teller } from './rows.ts'

export interface Findings extends Snoozing {
  /**
   * Makes the open findings of a box say what was just judged: opens, refreshes, closes. Causes that are not assessed
   * stay as they are. What one unlucky look can show is believed at the second, unless the operator `asked` himself.
   * Call it inside `store.write`, together with the evidence.
   */
  settle(
    boxId: BoxId,
    assessments: readonly Assessment[],
    atMs: number,
    asked?: boolean,
  ): { opened: number; closed: number }
  /** The box could not be judged, and that is no trouble: what was doubted of it is begun anew. */
  forgetDoubts(boxId: BoxId): void
  /** When the oldest trouble that is not believed yet was last seen; null: none is doubted. */
  oldestDoubtMs(): number | null
  /** Closes one finding by the operator's word, such as a change that was looked at. False: it was not open. */
  close(findingId: FindingId, recovery: string, atMs: number): boolean
  /** Open findings of machines that are in the inventory, worst first, then longest. */
  open(): Finding[]
  /** Troubles that began and ended in between and that the operator never saw, newest first. */
  cameAndWent(fromMs: number, toMs: number): Finding[]
  /** Red findings this teller has not told, and told ones whose recovery it has not; what is put off is not told. */
  untold(teller: Teller): { opened: Finding[]; closed: Finding[] }
  /** They were told; each is told once. */
  told(teller: Teller, findings: { opened: readonly FindingId[]; closed: readonly FindingId[] }): void
  /** Open and closed findings of a box, newest first. */
  ofBox(boxId: BoxId, limit: number): Finding[]
}

export interface FindingsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<InventoryReads, 'boxes' | 'clients' | 'record' | 'isPaused'>
  readonly clock: Clock
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

/** What another trouble explains is taken back; what only a doubted one would explain is neither raised nor over yet. */
function withoutExplained(
  assessments: readonly Assessment[],
  before: Before<StoredFinding>,
  look: Look,
): readonly Assessment[] {
  const { doubt } = reconcile(before, assessments, look)
  return foldExplained(assessments, before.open).filter((folded, index) => {
    const assessment = assessments[index]
    return !assessment || folded === assessment || explainedBy(assessment, doubt) === null
  })
}

export function createFindings(parts: FindingsParts): Findings {
  const { store, ledger, inventory, changes } = parts
  const rows = createRows(store.db)
  const doubts = createDoubtRows(store.db)
  const notices = createNoticeRows(store.db)

  const names = () => {
    const boxes = new Map<BoxId, StoredBox>(inventory.boxes().map((box) => [box.boxId, box]))
    const clients = new Map<ClientId, Client>(inventory.clients().map((client) => [client.clientId, client]))
    const nowMs = parts.clock.nowMs()
    return ({
      snooze,
      times: _times,
      comesSinceMs: _comes,
      calmSinceMs: _calm,
      ...stored
    }: StoredFinding): Finding | null => {
      const box = boxes.get(stored.boxId)
      if (!box) return null
      const client = box.clientId ? clients.get(box.clientId) : undefined
      return {
        ...stored,
        ...snoozeNow(snooze, stored.severity, nowMs),
        sentence: readWords(stored.sentence, nowMs),
        detail: readWords(stored.detail, nowMs),
        evidence: stored.evidence.map((fact) => ({
          ...fact,
          name: readWords(fact.name, nowMs),
          value: readWords(fact.value, nowMs),
        })),
        recovery: stored.recovery === null ? null : readWords(stored.recovery, nowMs),
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

  const open = () => named(rows.open()).sort(byWeight)

  return {
    ...createSnoozing({ open, rows, inventory, clock: parts.clock }),
    settle(boxId, assessments, atMs, asked = false) {
      const open = rows.openOfBox(boxId)
      const before = { open, doubts: doubts.ofBox(boxId), past: rows.past(boxId, atMs - flapping.withinMs) }
      const steps = reconcile(before, withoutExplained(assessments, before, { atMs, asked }), { atMs, asked })
      for (const { cause, agentId, trouble, ...coming } of steps.open) {
        const clean = capped(trouble)
        rows.insert(newId(), { cause, agentId, boxId }, clean, coming, atMs)
        ledger.append({ actor: 'console', kind: 'finding.opened', boxId, words: `{box} ${clean.sentence}.` })
      }
      for (const { finding, trouble, ...coming } of steps.refresh)
        rows.refresh(finding.findingId, capped(trouble), coming, atMs)
      for (const { finding, sinceMs } of steps.calm) rows.calm(finding.findingId, sinceMs)
      for (const { finding, recovery } of steps.close) closeOne(finding, recovery, atMs)
      for (const doubt of steps.settled) doubts.drop(boxId, doubt)
      for (const doubt of steps.doubt) doubts.put(boxId, doubt)
      if (steps.open.length + steps.close.length + steps.refresh.length > 0) changes.publish('findings', 'review')
      return { opened: steps.open.length, closed: steps.close.length }
    },
    forgetDoubts: (boxId) => doubts.dropAll(boxId),
    oldestDoubtMs: () => doubts.oldestMs(),
    close(findingId, recovery, atMs) {
      const finding = rows.one(findingId)
      if (!finding?.open) return false
      const closed = closeOne(finding, recovery, atMs)
      changes.publish('findings', 'review')
      return closed
    },
    open,
    untold(teller) {
      const nowMs = parts.clock.nowMs()
      const putOff = ({ snoozed, clientId }: Finding) =>
        snoozed !== null || (clientId !== null && inventory.isPaused(clientId, nowMs))
      return {
        opened: named(notices.red(teller))
          .filter((finding) => !putOff(finding))
          .sort(byWeight),
        closed: named(notices.over(teller)),
      }
    },
    told(teller, findings) {
      const atMs = parts.clock.nowMs()
      store.write(() => {
        for (const findingId of findings.opened) notices.opened(findingId, teller, atMs)
        for (const findingId of findings.closed) notices.closed(findingId, teller, atMs)
      })
    },
    cameAndWent: (fromMs, toMs) => named(rows.cameAndWent(fromMs, toMs)),
    ofBox: (boxId, limit) => named(rows.ofBox(boxId, limit)),
  }
}
