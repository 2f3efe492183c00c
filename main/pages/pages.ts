import { DateTime } from 'luxon'
import type {
  AgentId,
  Box,
  BoxId,
  FactKey,
  FleetPage,
  MachinePage,
  ReviewPage,
  SweepSummary,
} from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { counted, spanWords } from '../base/words.ts'
import type { Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { Inventory, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Ssh } from '../ssh/ssh.ts'
import type { Store } from '../store/store.ts'
import { buildFleet, fleetKeys, rowState } from './fleet.ts'
import { buildReview } from './review.ts'
import { createRows } from './rows.ts'
import { buildTimeline } from './timeline.ts'

export interface PagesParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<Inventory, 'boxes' | 'box' | 'clients' | 'client' | 'agents' | 'notes'>
  readonly findings: Findings
  readonly facts: Facts
  readonly ssh: Pick<Ssh, 'trust' | 'commandFor'>
  readonly clock: Clock
  readonly changes: Changes
  readonly demo: boolean
}

/** Pages as the window shows them, each put together from the store in one go. */
export interface Pages {
  review(): ReviewPage
  fleet(): FleetPage
  machine(boxId: BoxId): MachinePage
  factHistory(query: {
    boxId: BoxId
    agentId: AgentId | null
    key: FactKey
    instance: string
  }): ReturnType<Facts['history']>
  /** Marks rows of the review; the last one ends it. Marks hold for the operator's day. */
  markSeen(keys: readonly string[], seen: boolean): { reviewEnded: boolean }
}

export function createPages(parts: PagesParts): Pages {
  const { store, ledger, inventory, findings, facts, ssh, clock, changes } = parts
  const rows = createRows(store.db)
  let reviewStartedAtMs: number | null = null

  const boxes = (): StoredBox[] => inventory.boxes().filter((box) => !box.jumpOnly)
  const lastSweep = (): SweepSummary | null => facts.sweeps.history(1)[0] ?? null

  const page = (): ReviewPage => {
    const nowMs = clock.nowMs()
    return buildReview({
      nowMs,
      demo: parts.demo,
      boxes: boxes(),
      clients: inventory.clients(),
      findings: findings.open(),
      marked: rows.marked(DateTime.fromMillis(nowMs).startOf('day').toMillis()),
      attempts: facts.attempts(),
      oldest: facts.oldest(),
      staleBeforeMs: facts.staleBeforeMs(),
      lastSweep: lastSweep(),
      reviewStartedAtMs,
    })
  }

  /** Changes that were looked at are not news any more; every other trouble stays until it is over. */
  const endReview = (review: ReviewPage, atMs: number): void => {
    const all = review.items.flatMap((item) => [item.finding, ...item.others])
    const looked = all.filter((finding) => finding.cause === 'changed-outside')
    const took = reviewStartedAtMs === null ? '' : ` after ${spanWords(atMs - reviewStartedAtMs)}`
    for (const { findingId } of looked) findings.close(findingId, 'You saw the change in the review.', atMs)
    const left = all.length - looked.length
    ledger.append({
      actor: 'operator',
      kind: 'review.ended',
      words: `The review ended${took}: ${counted(review.items.length, 'row')} seen, ${left === 0 ? 'all quiet' : `${left} left for later`}.`,
    })
    reviewStartedAtMs = null
  }

  return {
    review() {
      const review = page()
      if (review.items.some((item) => !item.seen)) reviewStartedAtMs ??= clock.nowMs()
      return { ...review, reviewStartedAtMs }
    },
    fleet: () =>
      buildFleet({
        demo: parts.demo,
        boxes: boxes(),
        clients: inventory.clients(),
        agents: inventory.agents(),
        findings: findings.open(),
        attempts: facts.attempts(),
        facts: facts.ofKeys(fleetKeys),
        staleBeforeMs: facts.staleBeforeMs(),
        lastSweep: lastSweep(),
      }),
    machine(boxId) {
      const stored = inventory.box(boxId)
      const trust = ssh.trust(boxId)
      const box: Box = { ...stored, pinned: trust.pin?.fingerprint ?? null }
      const ofBox = findings.ofBox(boxId, 200)
      const open = findings.open().filter((finding) => finding.boxId === boxId)
      const attempt = facts.attempts().get(boxId)
      const state = rowState(open, attempt, facts.staleBeforeMs())
      const boxFacts = facts.ofBox(boxId)
      const notes = inventory.notes({ boxId })
      const ofClient = box.clientId ? inventory.notes({ clientId: box.clientId }) : []
      return {
        box,
        client: box.clientId ? inventory.client(box.clientId) : null,
        agents: inventory.agents(boxId),
        state: state.state,
        stateSentence: state.sentence,
        sshCommand: ssh.commandFor(boxId),
        trust,
        facts: boxFacts,
        findings: [...open, ...ofBox.filter((finding) => !finding.open)],
        timeline: buildTimeline({
          findings: ofBox,
          facts: boxFacts,
          changes: facts.changesOf(boxId, 500),
          ledger: ledger.entries({ boxId, limit: 200 }),
          failed: facts.failedAttempts(boxId, 50),
        }),
        notes: [...notes, ...ofClient.filter((note) => !notes.some((own) => own.noteId === note.noteId))],
        lastAttempt: attempt
          ? { atMs: attempt.atMs, sentence: attempt.fault ? faultText(attempt.fault).sentence : 'It answered.' }
          : null,
      }
    },
    factHistory: (query) => facts.history(query),
    markSeen(keys, seen) {
      const atMs = clock.nowMs()
      const wanted = new Set(keys)
      const picked = page().items.filter((item) => wanted.has(item.key))
      const reviewEnded = store.write(() => {
        for (const { findingId } of picked.flatMap((item) => [item.finding, ...item.others])) {
          if (seen) rows.mark(findingId, atMs)
          else rows.unmark(findingId)
        }
        const review = page()
        const ended = seen && picked.length > 0 && review.items.every((item) => item.seen)
        if (ended) endReview(review, atMs)
        return ended
      })
      changes.publish('review')
      return { reviewEnded }
    },
  }
}
