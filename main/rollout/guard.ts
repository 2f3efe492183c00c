import {
  type BoxId,
  type GuardClient,
  type GuardSaid,
  type Patch,
  PatchClass,
  type RolloutGuard,
  type RolloutTarget,
} from '../../shared/contract/index.ts'
import type { Activity } from '../activity/activity.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { dateWords, dayWords } from '../base/words.ts'
import { behaviourHistories, type Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isAtLeastClass } from '../patch/patch.ts'
import type { Store } from '../store/store.ts'
import { type GuardRow, guardRows } from './guard-rows.ts'
import { type GuardQuestion, guardRow, judgeGuard, saidFor, takenBack } from './judge-guard.ts'
import { streakOf } from './streak.ts'

export interface GuardParts {
  readonly store: Store
  readonly ledger: Pick<Ledger, 'latestMs'>
  readonly inventory: Pick<Inventory, 'boxes' | 'agents' | 'clients' | 'workflows' | 'record'>
  readonly facts: Pick<Facts, 'ofBox' | 'history' | 'attempts'>
  readonly findings: Pick<Findings, 'ofBox'>
  readonly activity: Pick<Activity, 'days' | 'readAtMs'>
  readonly clock: Clock
  readonly actor: GuardRow['by']
}

type Reached = readonly Pick<RolloutTarget, 'boxId' | 'goes' | 'why'>[]

/** What a patch is called, or what it touches, whichever is the more careful: a row may have been edited. */
export const classOfPatch = ({ content, proposal }: Pick<Patch, 'content' | 'proposal'>): PatchClass =>
  isAtLeastClass(content.class, proposal.class) ? content.class : proposal.class

const daysLookedAt = 60
const mostFindings = 200

/** A change of behaviour before it goes: whom it reaches and what they would risk, who asked, and how long it waits. */
export function createGuard(parts: GuardParts) {
  const { store, ledger, inventory, facts, findings, activity, clock, actor } = parts
  const rows = guardRows(store.db)

  function clientOf(clientId: GuardClient['clientId'], clientName: string): GuardClient {
    const boxes = inventory.boxes().filter((box) => box.clientId === clientId && !box.jumpOnly)
    const names = new Map(boxes.map(({ boxId, name }) => [boxId, name]))
    const attempts = facts.attempts()
    const isRead = boxes.every(({ boxId }) => (attempts.get(boxId)?.sweptAtMs ?? null) !== null)
    return {
      clientId,
      clientName,
      workflows: inventory.workflows({ clientId }).map(({ name }) => name),
      streak: streakOf({
        histories: behaviourHistories(
          boxes.flatMap(({ boxId }) => facts.ofBox(boxId)),
          (boxId) => names.get(boxId) ?? '',
          facts.history,
        ),
        agents: boxes.flatMap(({ boxId }) =>
          inventory.agents(boxId).map(({ agentId }) => ({
            days: activity.days(agentId, daysLookedAt),
            readAtMs: activity.readAtMs(agentId),
          })),
        ),
        findings: boxes.flatMap(({ boxId }) => findings.ofBox(boxId, mostFindings)),
        watchedSinceMs: isRead ? Math.max(...boxes.map(({ createdAtMs }) => createdAtMs)) : null,
      }),
    }
  }

  /** Those that it goes to, or would once a choice is made. */
  function reached(targets: Reached): Pick<GuardClient, 'clientId' | 'clientName'>[] {
    const boxIds = new Set<BoxId>(targets.filter(({ goes, why }) => goes || why === '').map(({ boxId }) => boxId))
    const own = new Set(inventory.boxes().flatMap(({ boxId, clientId }) => (boxIds.has(boxId) ? [clientId] : [])))
    return inventory
      .clients()
      .filter(({ clientId }) => own.has(clientId))
      .map(({ clientId, name: clientName }) => ({ clientId, clientName }))
      .toSorted((a, b) => (a.clientName < b.clientName ? -1 : 1))
  }
  const questionOf = ({ patchId, revision }: Patch, targets: Reached): GuardQuestion => ({
    said: rows.ofPatch(patchId),
    revision,
    clients: reached(targets),
    nowMs: clock.nowMs(),
  })

  return {
    /** Null: the patch is no change of behaviour. */
    of(patch: Patch, targets: Reached): RolloutGuard | null {
      if (classOfPatch(patch) !== PatchClass.enum.behavioural) return null
      const question = questionOf(patch, targets)
      return {
        ...judgeGuard(question),
        clients: question.clients.map(({ clientId, clientName }) => clientOf(clientId, clientName)),
      }
    },
    /** @throws FaultError `invalid-input`: no change of behaviour, or it is not settled yet what it is. */
    justify(patch: Patch, targets: Reached, said: GuardSaid): Undone<object> {
      const refuse = (detail: string) => new FaultError({ code: 'invalid-input', field: patch.content.name, detail })
      if (classOfPatch(patch) !== PatchClass.enum.behavioural)
        throw refuse('Only of a change of behaviour it is asked who wanted it.')
      if (patch.open > 0)
        throw refuse('Confirm first what it needs: that is another revision, of which it would be asked anew.')
      const about = { patchId: patch.patchId, nowMs: clock.nowMs(), knownMs: ledger.latestMs(), by: actor }
      const where = `Patch ${patch.content.name}, revision ${patch.revision}`
      const whom = saidFor(said, questionOf(patch, targets))
      if (typeof whom === 'string') throw new FaultError({ code: 'invalid-input', field: 'client', detail: whom })
      return inventory.record(() => {
        const question = questionOf(patch, targets)
        const row = guardRow(said, whom, question, about)
        rows.insert(row)
        // A quote is a client's own words: it can be forgotten, the diary cannot.
        const told =
          row.waitsUntilMs === null
            ? 'somebody asked for it; the quote or link is on record.'
            : `nobody asked for it. Because: ${row.words} It waits until ${dateWords(row.waitsUntilMs)}.`
        return {
          result: {},
          said: {
            kind: 'rollout.justified',
            words: `${where}: ${told}`,
            sentence:
              row.waitsUntilMs === null
                ? 'It is on record who asked. No machine was changed.'
                : `The reason is on record, and it waits until ${dayWords(row.waitsUntilMs, about.nowMs)}. No machine was changed.`,
          },
          inverse: {
            kind: 'rollout.justification-taken-back',
            words: `${where}: what was said about who asked is taken back.`,
            sentence: 'It is open again who asked for it.',
            act: () => {
              for (const each of takenBack(row, question, actor)) rows.insert(each)
            },
          },
        }
      })
    },
  }
}
