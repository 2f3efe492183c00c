import { DateTime } from 'luxon'
import type { BoxId, Flag, FlagId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { counted, dateWords } from '../base/words.ts'
import type { InventoryReads, Undone } from '../inventory/inventory.ts'
import type { Store } from '../store/store.ts'
import type { Findings } from './findings.ts'
import { flagRows } from './flag-rows.ts'
import type { Assessment } from './reconcile.ts'

/** Longest line that is kept with a flag. */
const lineChars = 1000

/** What the operator flagged of a machine's log: due the same day, in the review until it is done. */
export interface Flags {
  /** Not done, the first due first. */
  open(boxId: BoxId): Flag[]
  /** @throws FaultError `not-found`; `invalid-input` for a machine without a client. */
  raise(input: Pick<Flag, 'boxId' | 'words' | 'line' | 'lineAtMs'>): Undone<{ flag: Flag }>
  /** @throws FaultError `not-found`: there is none, or it is done. */
  done(input: { flagId: FlagId }): Undone<object>
}

interface Parts {
  readonly store: Store
  readonly inventory: Pick<InventoryReads, 'box' | 'client' | 'record'>
  readonly findings: Pick<Findings, 'settle'>
  readonly clock: Clock
}

/** The last moment of this day by the client's clock; an empty zone is that of this computer. */
export const endOfDay = (nowMs: number, timeZone: string): number =>
  DateTime.fromMillis(nowMs, { zone: timeZone === '' ? 'local' : timeZone })
    .endOf('day')
    .toMillis()

/** Open flags of a machine as one finding: each is told, the first due leads. Pure. */
export function judgeFlags(open: readonly Flag[]): Assessment {
  const [first] = open
  const about = { cause: 'flagged' as const, agentId: null }
  if (!first) return { ...about, trouble: null, recovery: 'What was flagged is done.' }
  const due = `due ${dateWords(first.dueMs)}: ${first.words}`
  return {
    ...about,
    trouble: {
      severity: 'attention',
      state: 'Failing',
      sentence:
        open.length === 1 ? `has a flag of yours, ${due}` : `has ${open.length} flags of yours, the first ${due}`,
      detail: first.line,
      sinceMs: first.lineAtMs,
      evidence: open.flatMap(({ words, line, lineAtMs }, at) => {
        const number = open.length === 1 ? '' : ` ${at + 1}`
        return [
          { name: `Flag${number}`, value: words, takenAtMs: null },
          { name: `Line${number}`, value: line, takenAtMs: lineAtMs },
        ]
      }),
      nextStep: 'Look at the line, put right what went wrong there, then mark the flag done.',
    },
  }
}

export function createFlags({ store, inventory, findings, clock }: Parts): Flags {
  const rows = flagRows(store.db)
  const settle = (boxId: BoxId): void => {
    findings.settle(boxId, [judgeFlags(rows.open(boxId))], clock.nowMs(), true)
  }
  return {
    open: (boxId) => rows.open(boxId),
    raise: ({ boxId, words, line, lineAtMs }) =>
      inventory.record(() => {
        const { clientId } = inventory.box(boxId)
        if (clientId === null)
          throw new FaultError({
            code: 'invalid-input',
            field: 'flag',
            detail: 'This machine has no client, so nobody is waiting for it today. Write a note instead.',
          })
        const client = inventory.client(clientId)
        const flaggedAtMs = clock.nowMs()
        const flag: Flag = {
          flagId: newId<FlagId>(),
          boxId,
          words: words.trim(),
          line: untrusted(line, lineChars),
          lineAtMs,
          flaggedAtMs,
          dueMs: endOfDay(flaggedAtMs, client.timeZone),
        }
        rows.add(flag)
        settle(boxId)
        return {
          result: { flag },
          said: {
            boxId,
            clientId,
            kind: 'flag.raised',
            words: `{box}: flagged for {client}, due ${dateWords(flag.dueMs)}: ${flag.words}`,
            sentence: `${client.name} was flagged; it stands in the review until it is done.`,
          },
          inverse: {
            boxId,
            clientId,
            kind: 'flag.raise-undone',
            words: `{box}: a flag was taken back: ${flag.words}`,
            sentence: `The flag of ${client.name} is gone again.`,
            act: () => {
              rows.remove(flag.flagId)
              settle(boxId)
            },
          },
        }
      }),
    done: ({ flagId }) =>
      inventory.record(() => {
        const flag = rows.one(flagId)
        if (!flag) throw new FaultError({ code: 'not-found', what: 'open flag' })
        const { boxId } = flag
        rows.setDone(flagId, clock.nowMs())
        settle(boxId)
        const left = rows.open(boxId).length
        return {
          result: {},
          said: {
            boxId,
            kind: 'flag.done',
            words: `{box}: a flag is done: ${flag.words}`,
            sentence: `Done: ${flag.words}${left === 0 ? '' : ` · ${counted(left, 'flag')} left there`}`,
          },
          inverse: {
            boxId,
            kind: 'flag.done-undone',
            words: `{box}: a flag is open again: ${flag.words}`,
            sentence: 'The flag is open again.',
            act: () => {
              rows.setDone(flagId, null)
              settle(boxId)
            },
          },
        }
      }),
  }
}
