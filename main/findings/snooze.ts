import type { Finding, FindingId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted, dateWords, dayWords } from '../base/words.ts'
import type { InventoryReads, Undone } from '../inventory/inventory.ts'
import type { StoredSnooze } from './rows.ts'

/**
 * How a finding stands to its snooze now: quiet until a moment, or back by itself since one. A finding that turned red
 * after it was snoozed as attention is back at once: that is another matter than the one that was put off. Pure.
 */
export function snoozeNow(
  snooze: StoredSnooze | null,
  severity: Finding['severity'],
  nowMs: number,
): Pick<Finding, 'snoozed' | 'snoozeEndedAtMs'> {
  if (!snooze) return { snoozed: null, snoozeEndedAtMs: null }
  const { untilMs, reason } = snooze
  const worse = severity === 'red' && snooze.severity === 'attention'
  if (untilMs > nowMs && !worse) return { snoozed: { untilMs, reason }, snoozeEndedAtMs: null }
  return { snoozed: null, snoozeEndedAtMs: Math.min(untilMs, nowMs) }
}

export interface Snoozing {
  /** Quiet until then; they stay open. @throws FaultError `not-found`, `invalid-input`. */
  snooze(input: { findingIds: readonly FindingId[]; untilMs: number; reason: string }): Undone<object>
  /** Ends snoozes before their end. @throws FaultError `not-found`. */
  wake(input: { findingIds: readonly FindingId[] }): Undone<object>
}

interface Parts {
  /** Open findings of machines that are in the inventory. */
  readonly open: () => readonly Finding[]
  readonly rows: {
    snoozeOf(findingId: FindingId): StoredSnooze | null
    putSnooze(findingId: FindingId, snooze: StoredSnooze | null): void
  }
  readonly inventory: Pick<InventoryReads, 'record'>
  readonly clock: Clock
}

const aboutThem = (findings: readonly Finding[]): string =>
  findings.length === 1 ? `{box} ${findings[0]?.sentence}` : `${counted(findings.length, 'trouble')} of {box}`

export function createSnoozing({ open, rows, inventory, clock }: Parts): Snoozing {
  const wanted = (findingIds: readonly FindingId[]): Finding[] => {
    const ids = new Set(findingIds)
    const found = open().filter((finding) => ids.has(finding.findingId))
    if (found.length < ids.size) throw new FaultError({ code: 'not-found', what: 'open finding' })
    return found
  }
  /** One entry in the diary for each machine; the words for the operator name whom it is about. */
  const change = (
    findings: readonly Finding[],
    next: (finding: Finding) => StoredSnooze | null,
    kind: string,
    how: string,
    saidHow = how,
  ) =>
    inventory.record(() => {
      const before = findings.map(({ findingId }) => ({ findingId, snooze: rows.snoozeOf(findingId) }))
      for (const finding of findings) rows.putSnooze(finding.findingId, next(finding))
      const entries = [...Map.groupBy(findings, (finding) => finding.boxId)].map(([boxId, own]) => ({
        boxId,
        kind,
        words: `${aboutThem(own)}: ${how}.`,
        sentence: '',
      }))
      const subjects = [...new Set(findings.map(({ subject }) => subject))]
      const whom = subjects.length === 1 ? subjects[0] : counted(subjects.length, 'machine')
      const said = entries.at(-1)
      if (!said) throw new FaultError({ code: 'not-found', what: 'open finding' })
      return {
        result: {},
        parts: entries.slice(0, -1),
        said: { ...said, sentence: `${whom}: ${saidHow}.` },
        inverse: {
          boxId: said.boxId,
          kind: `${kind}-undone`,
          words: `${aboutThem(findings.filter(({ boxId }) => boxId === said.boxId))}: ${how}, which was taken back.`,
          sentence: `${whom} is back where it was.`,
          act: () => {
            for (const { findingId, snooze } of before) rows.putSnooze(findingId, snooze)
          },
        },
      }
    })

  return {
    snooze({ findingIds, untilMs, reason }) {
      const nowMs = clock.nowMs()
      if (untilMs <= nowMs)
        throw new FaultError({ code: 'invalid-input', field: 'Until', detail: 'The end lies in the past.' })
      return change(
        wanted(findingIds),
        ({ severity }) => ({ severity, fromMs: nowMs, untilMs, reason: reason.trim() }),
        'finding.snoozed',
        `snoozed until ${dateWords(untilMs)}`,
        `snoozed until ${dayWords(untilMs, nowMs)}`,
      )
    },
    wake: ({ findingIds }) =>
      change(
        wanted(findingIds).filter((finding) => finding.snoozed !== null),
        () => null,
        'finding.woken',
        'no longer snoozed',
      ),
  }
}
