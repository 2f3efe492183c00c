import type { BoxId, ChangeTopic, ClientId, UndoId } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'

/** One sentence for the diary (with `{box}` and `{client}`) and the same for the operator (with names). */
export interface Said {
  readonly kind: string
  readonly words: string
  readonly sentence: string
  readonly boxId?: BoxId | null
  readonly clientId?: ClientId | null
}

/** A change that was made, and how to take it back. */
export interface Made<T> {
  readonly result: T
  readonly said: Said
  /** Entries of their own for the parts of a large change, before `said`. */
  readonly parts?: readonly Said[]
  readonly inverse: Said & { readonly act: () => void }
}

export type Undone<T> = T & { undoId: UndoId; sentence: string }

/** Makes changes: rows and diary entry in one transaction, then the undo token, then the news of it. */
export interface Recorder {
  make<T extends object>(work: () => Made<T>): Undone<T>
  /** @throws FaultError `not-found` for a token that was used or is older than the last 50 changes; what the inverse throws. */
  undo(undoId: UndoId): { sentence: string }
}

const keptTokens = 50
const topics: readonly ChangeTopic[] = ['inventory', 'ledger', 'review']

export function createRecorder(parts: { store: Store; ledger: Ledger; changes: Changes }): Recorder {
  const { store, ledger, changes } = parts
  const tokens = new Map<UndoId, Made<object>['inverse']>()
  const enter = ({ kind, words, boxId, clientId }: Said) =>
    ledger.append({ actor: 'operator', kind, words, boxId: boxId ?? null, clientId: clientId ?? null })
  return {
    make: (work) => {
      const made = store.write(() => {
        const done = work()
        for (const part of done.parts ?? []) enter(part)
        enter(done.said)
        return done
      })
      const undoId = newId<UndoId>()
      tokens.set(undoId, made.inverse)
      for (const oldest of [...tokens.keys()].slice(0, -keptTokens)) tokens.delete(oldest)
      changes.publish(...topics)
      return { ...made.result, undoId, sentence: made.said.sentence }
    },
    undo: (undoId) => {
      const inverse = tokens.get(undoId)
      if (!inverse) throw new FaultError({ code: 'not-found', what: 'change to take back' })
      store.write(() => {
        inverse.act()
        enter(inverse)
      })
      tokens.delete(undoId)
      changes.publish(...topics)
      return { sentence: inverse.sentence }
    },
  }
}

/** Without the keys whose value is undefined, which a partial input may carry. */
export const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
