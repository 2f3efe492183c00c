import {
  type ClientId,
  coolOffMs,
  type GuardSaid,
  type PatchId,
  type RolloutGuard,
} from '../../shared/contract/index.ts'
import { dayWords } from '../base/words.ts'
import type { GuardRow } from './guard-rows.ts'

export interface GuardQuestion {
  /** Newest of the patch; null: nothing was ever said. */
  readonly said: GuardRow | null
  readonly revision: number
  /** Whom it reaches now. */
  readonly clients: readonly { readonly clientId: ClientId; readonly clientName: string }[]
  readonly nowMs: number
}

/** May a change of behaviour begin, by what was said about it? Whatever is not certain says no. Pure. */
export function judgeGuard({ said, revision, clients, nowMs }: GuardQuestion): Omit<RolloutGuard, 'clients'> {
  const open = (words: string) => ({ state: 'open' as const, words, answer: null })
  if (said === null || said.kind === 'none') return open('Nobody said yet who asked for it.')
  if (said.revision !== revision)
    return open('The patch was changed since somebody said who asked for it, so it is asked anew.')
  const named = new Set(said.clientIds)
  const [first, ...more] = clients.filter(({ clientId }) => !named.has(clientId))
  if (first)
    return open(
      `It reaches ${first.clientName}${more.length > 0 ? ` and ${more.length} more` : ''} now, whom it did not when somebody said who asked for it.`,
    )
  const { patchId: _, clientIds: __, kind, ...rest } = said
  const answer = { ...rest, kind }
  if (kind === 'asked') return { state: 'ready', words: '', answer }
  if (said.waitsUntilMs === null || nowMs < said.waitsUntilMs)
    return {
      state: 'cooling',
      words: `Nobody asked for it, so it waits until ${said.waitsUntilMs === null ? 'somebody says so' : dayWords(said.waitsUntilMs, nowMs)}.`,
      answer,
    }
  return { state: 'ready', words: '', answer }
}

/**
 * The row for what somebody says now. The cool-off begins once for a revision: saying it in other words does not begin it
 * anew, and reaching somebody else does. A clock that was set back gives no earlier beginning than `knownMs`, the latest
 * moment on record. Pure.
 */
export function guardRow(
  said: GuardSaid,
  { said: before, revision, clients }: GuardQuestion,
  about: { readonly patchId: PatchId; readonly nowMs: number; readonly knownMs: number; readonly by: GuardRow['by'] },
): GuardRow {
  const { patchId, by } = about
  const atMs = Math.max(about.nowMs, about.knownMs)
  const named = new Set(before?.clientIds ?? [])
  const isSame =
    before !== null &&
    before.kind === 'unasked' &&
    before.revision === revision &&
    clients.every(({ clientId }) => named.has(clientId))
  const waitsUntilMs = said.kind === 'asked' ? null : ((isSame ? before.waitsUntilMs : null) ?? atMs + coolOffMs)
  return { ...said, patchId, revision, clientIds: clients.map(({ clientId }) => clientId), atMs, by, waitsUntilMs }
}
