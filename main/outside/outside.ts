import type { BoxId, ChangeId, OutsideChange } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { newId } from '../base/ids.ts'
import { counted, readWords } from '../base/words.ts'
import type { Landed } from '../facts/facts.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { assessOutside, whoWords } from './assess.ts'
import { kept } from './compare.ts'
import { withDoneFromHere } from './done-from-here.ts'
import { judgeChanges, type Moved, weighedAsOwn } from './judge.ts'
import type { OwnChange } from './own-change.ts'
import { type PartReading, partsOf } from './parts.ts'
import { createRows, partKey } from './rows.ts'

export { whoWords } from './assess.ts'
export type { OwnChange } from './own-change.ts'

/** What changed on boxes that this console did not do. */
export interface Outside {
  /**
   * Compares an answer with how each part read last, keeps what differs and says so in the one finding of the box. How
   * a part reads first is no change; nor is a part that cannot be read. Called inside the transaction of the answer.
   */
  judge(landed: Landed): Assessment[]
  /** Newest first. */
  ofBox(boxId: BoxId, limit: number): OutsideChange[]
  /** Newest first; `who` is empty where nobody knows. */
  changesBetween(boxId: BoxId, fromMs: number, toMs: number): { atMs: number; sentence: string; who: string }[]
  /**
   * The operator says whose changes these were: `mine` are closed without a trace of alarm, `keep` are somebody else's
   * that may stay. The answer names those that were open until now.
   */
  decide(changeIds: readonly ChangeId[], as: 'mine' | 'keep'): { changeIds: ChangeId[]; sentence: string }
  /** Opens decided changes again. */
  undecide(changeIds: readonly ChangeId[]): { sentence: string }
}

export interface OutsideParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly findings: Findings
  readonly clock: Clock
  readonly changes: Changes
  /** Who decides: the window or the command line. */
  readonly actor: 'operator' | 'cli'
  /** What this console changed on a machine since then, by itself: never somebody else's. Absent: nothing. */
  readonly madeSince?: (boxId: BoxId, sinceMs: number) => readonly OwnChange[]
}

export function createOutside(parts: OutsideParts): Outside {
  const { store, ledger, findings, clock, changes, actor } = parts
  const rows = createRows(store.db)

  const compared = (boxId: BoxId, readings: readonly PartReading[], nowMs: number): Moved[] => {
    const baselines = rows.baselines(boxId)
    const same: string[] = []
    const moved: Moved[] = []
    for (const reading of readings) {
      const key = partKey(reading.agentId, reading.part)
      const baseline = baselines.get(key)
      if (baseline?.hash === reading.hash) {
        same.push(key)
        continue
      }
      const before = baseline ? rows.value(boxId, reading.agentId, reading.part) : null
      if (baseline && before !== null) moved.push({ reading, before, beforeTakenAtMs: baseline.takenAtMs })
      const found = reading.value()
      rows.put(boxId, reading, before === null ? found : kept(reading.part, before, found), nowMs)
    }
    rows.touch(boxId, same, nowMs)
    return moved
  }

  const settle = (boxIds: ReadonlySet<BoxId>, nowMs: number): void => {
    for (const boxId of boxIds) findings.settle(boxId, [assessOutside(rows.open(boxId))], nowMs)
  }

  /** Writes a decision for each change, and a line a box in the diary. */
  const mark = (
    picked: readonly OutsideChange[],
    as: OutsideChange['decided'],
    kind: string,
    words: (what: string) => string,
  ): void => {
    const nowMs = clock.nowMs()
    store.write(() => {
      for (const { changeId } of picked) rows.decide(changeId, as, as === null ? null : nowMs)
      for (const [boxId, ofBox] of Map.groupBy(picked, (change) => change.boxId)) {
        const told = ofBox.slice(0, 5).map(({ sentence }) => sentence)
        const more = ofBox.length > told.length ? [`${ofBox.length - told.length} more`] : []
        ledger.append({ actor, kind, boxId, words: words([...told, ...more].join('; ')) })
      }
      settle(new Set(picked.map(({ boxId }) => boxId)), nowMs)
    })
    changes.publish('findings', 'review', 'ledger')
  }

  return {
    judge(landed) {
      const readings = partsOf(landed)
      const moved = compared(landed.box.boxId, readings, landed.nowMs)
      const isOwn = landed.box.ring === 'lab'
      const sinceMs = Math.min(...moved.map(({ beforeTakenAtMs }) => beforeTakenAtMs))
      const made = moved.length === 0 ? [] : (parts.madeSince?.(landed.box.boxId, sinceMs) ?? [])
      const found = judgeChanges(landed, readings, moved, made)
      const fromMs = Math.min(...found.map(({ notBeforeMs }) => notBeforeMs))
      const diary = found.length === 0 ? [] : ledger.ofBox(landed.box.boxId, fromMs, landed.nowMs)
      for (const change of found.map((each) => withDoneFromHere(each, diary)))
        rows.insert(newId(), landed.box.boxId, isOwn ? weighedAsOwn(change) : change)
      return [assessOutside(rows.open(landed.box.boxId))]
    },
    ofBox(boxId, limit) {
      const nowMs = clock.nowMs()
      const read = ({ name, value }: { name: string; value: string }) => ({ name, value: readWords(value, nowMs) })
      return rows.ofBox(boxId, limit).map((change) => ({ ...change, evidence: change.evidence.map(read) }))
    },
    changesBetween: (boxId, fromMs, toMs) =>
      rows
        .between(boxId, fromMs, toMs)
        .map((change) => ({ atMs: change.atMs, sentence: change.sentence, who: whoWords(change) })),
    decide(changeIds, as) {
      const picked = rows.those(changeIds).filter(({ decided, weight }) => decided === null && weight !== 'listed')
      if (picked.length === 0) return { changeIds: [], sentence: 'These changes were decided already.' }
      const words = {
        mine: (what: string) => `{box}: you said that this was you: ${what}.`,
        keep: (what: string) => `{box}: you let stay what somebody else changed: ${what}.`,
      }[as]
      mark(picked, as, as === 'mine' ? 'change.mine' : 'change.kept', words)
      const many = counted(picked.length, 'change')
      return {
        changeIds: picked.map(({ changeId }) => changeId),
        sentence:
          as === 'mine'
            ? `${many} closed: it was you.`
            : `${many} kept as ${picked.length === 1 ? 'it is' : 'they are'}.`,
      }
    },
    undecide(changeIds) {
      const picked = rows.those(changeIds).filter(({ decided }) => decided !== null)
      if (picked.length === 0) return { sentence: 'Nothing had been decided about these changes.' }
      mark(picked, null, 'change.open-again', (what) => `{box}: taken back, so it is open again: ${what}.`)
      return { sentence: `${counted(picked.length, 'change')} open again.` }
    },
  }
}
