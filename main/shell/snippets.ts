import type { Snippet, SnippetId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import type { Db } from '../store/store.ts'
import { snippetRows } from './rows.ts'

/** Commands kept for the next time. */
export interface Snippets {
  snippets(): Snippet[]
  /** @throws FaultError `not-found`; `already-exists` for a name that another one has. */
  saveSnippet(input: { snippetId?: SnippetId | undefined; name: string; command: string }): Undone<{ snippet: Snippet }>
  /** @throws FaultError `not-found`. */
  removeSnippet(input: { snippetId: SnippetId }): Undone<object>
}

interface Parts {
  readonly db: Db
  readonly record: Inventory['record']
  readonly clock: Clock
}

export function createSnippets({ db, record, clock }: Parts): Snippets {
  const rows = snippetRows(db)
  const one = (snippetId: SnippetId): Snippet => {
    const found = rows.one(snippetId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'snippet' })
    return found
  }
  const refuseTaken = ({ snippetId, name }: Snippet) => {
    const same = rows
      .list()
      .find((other) => other.snippetId !== snippetId && other.name.toLowerCase() === name.toLowerCase())
    if (same) throw new FaultError({ code: 'already-exists', what: 'snippet', name: same.name })
  }
  return {
    snippets: () => rows.list(),
    saveSnippet: ({ snippetId, name, command }) =>
      record(() => {
        const before = snippetId === undefined ? null : one(snippetId)
        const snippet: Snippet = {
          snippetId: snippetId ?? newId<SnippetId>(),
          name: name.trim(),
          command: command.trim(),
          savedAtMs: before?.savedAtMs ?? clock.nowMs(),
        }
        refuseTaken(snippet)
        rows.put(snippet)
        return {
          result: { snippet },
          said: {
            kind: 'snippet.saved',
            words: `The snippet "${snippet.name}" was saved.`,
            sentence: `${snippet.name} is saved.`,
          },
          inverse: {
            kind: 'snippet.save-undone',
            words: `Saving the snippet "${snippet.name}" was taken back.`,
            sentence: before ? `${before.name} is as it was before.` : `${snippet.name} is not saved any more.`,
            act: () => (before ? rows.put(before) : rows.mark(snippet.snippetId, clock.nowMs())),
          },
        }
      }),
    removeSnippet: ({ snippetId }) =>
      record(() => {
        const before = one(snippetId)
        rows.mark(snippetId, clock.nowMs())
        return {
          result: {},
          said: {
            kind: 'snippet.removed',
            words: `The snippet "${before.name}" was removed.`,
            sentence: `${before.name} is removed.`,
          },
          inverse: {
            kind: 'snippet.remove-undone',
            words: `The snippet "${before.name}" is back.`,
            sentence: `${before.name} is back.`,
            act: () => {
              refuseTaken(before)
              rows.mark(snippetId, null)
            },
          },
        }
      }),
  }
}
