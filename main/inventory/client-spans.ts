import type { ClientId, ClientSpan, ClientSpanId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { dateWords, dayWords } from '../base/words.ts'
import type { Db } from '../store/store.ts'
import type { Recorder, Undone } from './record.ts'
import { type clientRows, clientSpanRows } from './rows.ts'

type Kind = ClientSpan['kind']
interface Wanted {
  clientId: ClientId
  fromMs?: number | undefined
  untilMs: number
  reason: string
}

export interface ClientSpanReads {
  /** The client is away: nobody is expected to write, no machine is expected on. */
  isPaused(clientId: ClientId, atMs: number): boolean
  pauseOf(clientId: ClientId, atMs: number): ClientSpan | null
  /** No changes at this client until its end. */
  holdOf(clientId: ClientId, atMs: number): ClientSpan | null
  /** Every pause of a client as it really was, also those that are over: nobody was expected to write then. */
  pausesEver(clientId: ClientId): { fromMs: number; toMs: number }[]
  /** Pauses and holds that are not over, by their begin. */
  clientSpans(query: { clientId?: ClientId | undefined }): ClientSpan[]
}

export interface ClientSpanChanges {
  /** The client is away from–to. Takes the place of one that is not over. @throws FaultError `invalid-input`, `not-found`. */
  pauseClient(input: Wanted): Undone<{ span: ClientSpan }>
  /** No changes until. Takes the place of one that is not over. @throws FaultError `invalid-input`, `not-found`. */
  holdClient(input: Wanted): Undone<{ span: ClientSpan }>
  /** Ends a pause or a hold before its end. @throws FaultError `not-found` when it is over. */
  endClientSpan(input: { spanId: ClientSpanId }): Undone<object>
}

export type ClientSpans = ClientSpanReads & ClientSpanChanges

interface Parts {
  readonly db: Db
  readonly clients: ReturnType<typeof clientRows>
  readonly record: Recorder
  readonly clock: Clock
}

/** Spans begin and end with a day; the hour is told where it is another. */
const endWords = (atMs: number, nowMs: number): string => dayWords(atMs, nowMs).replace(/ 00:00$/, '')

/** For the diary and the operator. The reason is not in it: the diary keeps no words about a client that could not be forgotten. */
const words = {
  pause: {
    set: (span: ClientSpan, whom: string) =>
      `${whom} is paused from ${dateWords(span.fromMs)} until ${dateWords(span.untilMs)}.`,
    ended: (whom: string) => `The pause of ${whom} was ended.`,
    undone: (whom: string) => `Pausing ${whom} was taken back.`,
    again: (whom: string) => `${whom} is paused again.`,
    said: (span: ClientSpan, whom: string, nowMs: number) =>
      `${whom} is paused${span.fromMs > nowMs ? ` from ${endWords(span.fromMs, nowMs)}` : ''} until ${endWords(span.untilMs, nowMs)}.`,
  },
  hold: {
    set: (span: ClientSpan, whom: string) => `${whom} is on hold: no changes until ${dateWords(span.untilMs)}.`,
    ended: (whom: string) => `The hold of ${whom} was ended.`,
    undone: (whom: string) => `Holding ${whom} was taken back.`,
    again: (whom: string) => `${whom} is on hold again.`,
    said: (span: ClientSpan, whom: string, nowMs: number) =>
      `${whom} is on hold: no changes until ${endWords(span.untilMs, nowMs)}.`,
  },
} satisfies Record<Kind, unknown>

export function createClientSpans({ db, clients, record, clock }: Parts): ClientSpans {
  const rows = clientSpanRows(db)
  const at = (clientId: ClientId, kind: Kind, atMs: number) =>
    rows.of(clientId, atMs).find((span) => span.kind === kind && span.fromMs <= atMs) ?? null

  const set = (kind: Kind, { clientId, untilMs, reason, fromMs }: Wanted) =>
    record.make(() => {
      const nowMs = clock.nowMs()
      const client = clients.one(clientId)
      if (!client) throw new FaultError({ code: 'not-found', what: 'client' })
      const span: ClientSpan = {
        spanId: newId<ClientSpanId>(),
        clientId,
        kind,
        fromMs: fromMs ?? nowMs,
        untilMs,
        reason: reason.trim(),
        setAtMs: nowMs,
      }
      if (untilMs <= Math.max(nowMs, span.fromMs))
        throw new FaultError({ code: 'invalid-input', field: 'Until', detail: 'The end lies before the begin.' })
      const before = rows.of(clientId, nowMs).filter((other) => other.kind === kind)
      for (const other of before) rows.end(other.spanId, nowMs)
      rows.add(span)
      return {
        result: { span },
        said: {
          clientId,
          kind: `client.${kind}-set`,
          words: words[kind].set(span, '{client}'),
          sentence: words[kind].said(span, client.name, nowMs),
        },
        inverse: {
          clientId,
          kind: `client.${kind}-undone`,
          words: words[kind].undone('{client}'),
          sentence: words[kind].undone(client.name),
          act: () => {
            rows.end(span.spanId, clock.nowMs())
            for (const other of before) rows.end(other.spanId, null)
          },
        },
      }
    })

  return {
    isPaused: (clientId, atMs) => at(clientId, 'pause', atMs) !== null,
    pauseOf: (clientId, atMs) => at(clientId, 'pause', atMs),
    holdOf: (clientId, atMs) => at(clientId, 'hold', atMs),
    pausesEver: (clientId) => rows.ever(clientId, 'pause'),
    clientSpans: ({ clientId }) => (clientId ? rows.of(clientId, clock.nowMs()) : rows.all(clock.nowMs())),
    pauseClient: (input) => set('pause', input),
    holdClient: (input) => set('hold', input),
    endClientSpan: ({ spanId }) =>
      record.make(() => {
        const nowMs = clock.nowMs()
        const span = rows.one(spanId, nowMs)
        if (!span) throw new FaultError({ code: 'not-found', what: 'pause or hold' })
        const { clientId, kind } = span
        const name = clients.one(clientId)?.name ?? ''
        rows.end(spanId, nowMs)
        return {
          result: {},
          said: {
            clientId,
            kind: `client.${kind}-ended`,
            words: words[kind].ended('{client}'),
            sentence: words[kind].ended(name),
          },
          inverse: {
            clientId,
            kind: `client.${kind}-end-undone`,
            words: words[kind].again('{client}'),
            sentence: words[kind].again(name),
            act: () => rows.end(spanId, null),
          },
        }
      }),
  }
}
