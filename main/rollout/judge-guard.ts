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
  /** Of the patch, newest first. */
  readonly said: readonly GuardRow[]
  readonly revision: number
  /** Whom it reaches now. */
  readonly clients: readonly { readonly clientId: ClientId; readonly clientName: string }[]
  readonly nowMs: number
}

/** What counts for a client: the newest that names them, if it is of this revision and was not taken back. Pure. */
const countingFor = (clientId: ClientId | null, { said, revision }: GuardQuestion): GuardRow | null => {
  const row = said.find(({ clientIds }) => clientId === null || clientIds.includes(clientId))
  return row === undefined || row.kind === 'none' || row.revision !== revision ? null : row
}

/** What counts for those it reaches; where it reaches no client, the newest of all. Pure. */
function counting(question: GuardQuestion): { rows: GuardRow[]; without: GuardQuestion['clients'] } {
  const { clients, said } = question
  const rows = new Set<GuardRow>()
  const without: GuardQuestion['clients'][number][] = []
  for (const client of clients) {
    const row = countingFor(client.clientId, question)
    if (row === null) without.push(client)
    else rows.add(row)
  }
  const any = clients.length === 0 ? countingFor(null, question) : null
  if (any !== null) rows.add(any)
  return { rows: said.filter((row) => rows.has(row)), without }
}

const namesOf = ([first, ...more]: GuardQuestion['clients']): string =>
  `${first?.clientName ?? ''}${more.length > 0 ? ` and ${more.length} more` : ''}`

/**
 * May a change of behaviour begin, by what was said about it? Each client it reaches is answered for by itself: what one
 * of them asked for, nobody asked for in the name of another. Whatever is not certain says no. Pure.
 */
export function judgeGuard(question: GuardQuestion): Omit<RolloutGuard, 'clients'> {
  const { said, revision, clients, nowMs } = question
  const { rows, without } = counting(question)
  const answers = rows.map(({ patchId: _, clientIds, kind, ...rest }) => ({
    ...rest,
    kind: kind === 'asked' ? ('asked' as const) : ('unasked' as const),
    clients: clients.filter(({ clientId }) => clientIds.includes(clientId)).map(({ clientName }) => clientName),
  }))
  const open = (words: string) => ({ state: 'open' as const, words, answer: null, answers })
  const [newest] = said
  const [latest] = answers
  if (latest === undefined)
    return open(
      newest !== undefined && newest.kind !== 'none' && newest.revision !== revision
        ? 'The patch was changed since somebody said who asked for it, so it is asked anew.'
        : 'Nobody said yet who asked for it.',
    )
  if (without.length > 0) return open(`Nobody said yet who asked for it at ${namesOf(without)}.`)
  const cooling = answers
    .filter(({ kind, waitsUntilMs }) => kind === 'unasked' && (waitsUntilMs === null || nowMs < waitsUntilMs))
    .toSorted((a, b) => (b.waitsUntilMs ?? Number.POSITIVE_INFINITY) - (a.waitsUntilMs ?? Number.POSITIVE_INFINITY))
  const [last] = cooling
  if (last === undefined) return { state: 'ready', words: '', answer: latest, answers }
  const until = last.waitsUntilMs === null ? 'somebody says so' : dayWords(last.waitsUntilMs, nowMs)
  const waiting = clients.filter(({ clientName }) => cooling.some((one) => one.clients.includes(clientName)))
  const where = waiting.length === 0 || waiting.length === clients.length ? '' : ` at ${namesOf(waiting)}`
  return { state: 'cooling', words: `Nobody asked for it${where}, so it waits until ${until}.`, answer: last, answers }
}

/** Whom something counts for that is said now; a text: why nobody can tell. Pure. */
export function saidFor({ kind, clientId }: GuardSaid, question: GuardQuestion): ClientId[] | string {
  const { clients } = question
  if (kind === 'unasked') {
    const open = clients.filter((one) => countingFor(one.clientId, question)?.kind !== 'asked')
    return (open.length > 0 ? open : clients).map((one) => one.clientId)
  }
  if (clientId === undefined && clients.length <= 1) return clients.map((one) => one.clientId)
  if (clients.some((one) => one.clientId === clientId)) return clientId === undefined ? [] : [clientId]
  return `Say which client asked for it: ${clients.map(({ clientName }) => clientName).join(', ')}.`
}

/**
 * The row for what somebody says now. The cool-off begins once for a revision: saying it in other words does not begin it
 * anew, and reaching somebody else does. A clock that was set back gives no earlier beginning than `knownMs`, the latest
 * moment on record. Pure.
 */
export function guardRow(
  { kind, words, benefits }: GuardSaid,
  clientIds: readonly ClientId[],
  question: GuardQuestion,
  about: { readonly patchId: PatchId; readonly nowMs: number; readonly knownMs: number; readonly by: GuardRow['by'] },
): GuardRow {
  const { patchId, by } = about
  const atMs = Math.max(about.nowMs, about.knownMs)
  const before = (clientIds.length === 0 ? [null] : clientIds).map((clientId) => countingFor(clientId, question))
  const waits = before.flatMap((row) =>
    row?.kind === 'unasked' && row.waitsUntilMs !== null ? [row.waitsUntilMs] : [],
  )
  const kept = waits.length === before.length ? Math.max(...waits) : null
  const waitsUntilMs = kind === 'asked' ? null : (kept ?? atMs + coolOffMs)
  return { kind, words, benefits, patchId, revision: question.revision, clientIds, atMs, by, waitsUntilMs }
}

/** What takes a row back: nothing counts for these any more, but what did before it. Pure. */
export function takenBack(row: GuardRow, { said }: GuardQuestion, by: GuardRow['by']): GuardRow[] {
  const none = { ...row, kind: 'none', words: '', benefits: '', waitsUntilMs: null, by } as const
  if (row.clientIds.length === 0) return [none, ...said.slice(0, 1).map((before) => ({ ...before, by }))]
  const before = new Map<GuardRow, ClientId[]>()
  for (const clientId of row.clientIds) {
    const found = said.find(({ clientIds }) => clientIds.includes(clientId))
    if (found) before.set(found, [...(before.get(found) ?? []), clientId])
  }
  return [none, ...[...before].map(([found, clientIds]) => ({ ...found, clientIds, by }))]
}
