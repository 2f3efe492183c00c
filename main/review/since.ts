import type { Finding, FindingId, FoundChange, ReviewSince, SweepId } from '../../shared/contract/index.ts'
import type { Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Outside } from '../outside/outside.ts'
import { changeOfEntry, changeOfTurn, type Dated, justBefore, lookBackMs, toldFacts } from './changed-before.ts'

/** Before the first review, this much is told. */
const firstLookMs = 7 * 24 * 3_600_000
const mostChanges = 200

interface Parts {
  readonly inventory: Pick<InventoryReads, 'boxes' | 'clients'>
  readonly facts: Pick<Facts, 'turnsOf' | 'turnsSince' | 'sweeps' | 'watch'>
  readonly findings: Pick<Findings, 'cameAndWent'>
  readonly ledger: Pick<Ledger, 'ofBox'>
  readonly outside: Pick<Outside, 'changesBetween'>
}

const isChange = (change: Dated | null): change is Dated => change !== null

/** What came before: a trouble's last day, and the time since the last review. Kept from one sweep to the next, because nothing else teaches it. */
export function createSince({ inventory, facts, findings, ledger, outside }: Parts) {
  let known: SweepId | undefined
  let told: { since: ReviewSince; lastEndMs: number | null } | null = null
  let before = new Map<FindingId, FoundChange[]>()

  /** Forgets what was worked out when a sweep has ended since. */
  const fresh = (): void => {
    const sweep = facts.sweeps.last()
    if (sweep?.endedAtMs === null || known === sweep?.sweepId) return
    known = sweep?.sweepId
    told = null
    before = new Map()
  }

  const changesSince = (fromMs: number, nowMs: number): ReviewSince['changes'] => {
    const names = new Map(inventory.clients().map(({ clientId, name }) => [clientId, name]))
    const turns = Map.groupBy(facts.turnsSince(toldFacts, fromMs), ({ boxId }) => boxId)
    return inventory
      .boxes()
      .flatMap(({ boxId, clientId, name }) => {
        const subject = (clientId && names.get(clientId)) || name
        const turned = (turns.get(boxId) ?? []).map(changeOfTurn).filter(isChange)
        return [...outside.changesBetween(boxId, fromMs, nowMs), ...turned].map(({ atMs, sentence, who }) => ({
          atMs,
          sentence,
          who,
          boxId,
          subject,
        }))
      })
      .sort((a, b) => b.atMs - a.atMs)
      .slice(0, mostChanges)
  }

  return {
    /** Null: nothing happened that is worth a line. */
    lastReview(lastEndMs: number | null, nowMs: number): ReviewSince | null {
      fresh()
      const fromMs = lastEndMs ?? nowMs - firstLookMs
      if (told?.lastEndMs !== lastEndMs || told === null)
        told = {
          lastEndMs,
          since: {
            fromMs,
            // One that began before that end was told in that review.
            unwatched: facts.watch.spans(fromMs).filter((span) => lastEndMs === null || span.fromMs >= lastEndMs),
            cameAndWent: findings.cameAndWent(fromMs, nowMs),
            changes: changesSince(fromMs, nowMs),
          },
        }
      const { unwatched, cameAndWent, changes } = told.since
      return unwatched.length + cameAndWent.length + changes.length === 0 ? null : told.since
    },
    changedBefore({ findingId, boxId, sinceMs, cause }: Finding): FoundChange[] {
      fresh()
      const kept = before.get(findingId)
      if (kept) return kept
      const fromMs = sinceMs - lookBackMs
      // A finding about changes tells its own; here stands what was before the first of them.
      const toMs = cause === 'changed-outside' ? sinceMs - 1 : sinceMs
      const changes = [
        ...outside.changesBetween(boxId, fromMs, toMs).map((change) => ({ ...change, notBeforeMs: change.atMs })),
        ...facts.turnsOf(boxId, toldFacts, fromMs, toMs).map(changeOfTurn),
        ...ledger.ofBox(boxId, fromMs, toMs).map(changeOfEntry),
      ]
      const found = justBefore(changes.filter(isChange), toMs)
      before.set(findingId, found)
      return found
    },
  }
}
