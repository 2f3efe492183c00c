import * as z from 'zod'
import {
  type AgentId,
  type ClientId,
  type GuardAnswer,
  type PatchId,
  type RolloutId,
  WatchClient,
} from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** What was said about a change of behaviour; `none`: it was taken back. */
export interface GuardRow extends Omit<GuardAnswer, 'kind' | 'clients'> {
  readonly patchId: PatchId
  readonly kind: GuardAnswer['kind'] | 'none'
  /** Whom it reached when that was said. */
  readonly clientIds: readonly ClientId[]
}

/** What a day had counted already when a watch began. */
const BeginDay = z.record(z.string(), z.object({ day: z.string(), inbound: z.number(), replies: z.number() }))
export type BeginDay = Readonly<Record<AgentId, { day: string; inbound: number; replies: number }>>

export interface WatchRow {
  readonly rolloutId: RolloutId
  readonly beganAtMs: number
  readonly endsAtMs: number
  readonly endedAtMs: number | null
  readonly beginDay: BeginDay
  /** As they stood at the end; null while it lasts. */
  readonly clients: readonly WatchClient[] | null
}

type GuardText = Omit<GuardRow, 'clientIds'> & { readonly clientIds: string }
type WatchText = Omit<WatchRow, 'beginDay' | 'clients'> & {
  readonly beginDay: string
  readonly clients: string | null
}

const asGuard = ({ clientIds, ...row }: GuardText): GuardRow => ({
  ...row,
  clientIds: z.array(z.string()).parse(JSON.parse(clientIds)) as ClientId[],
})
const asWatch = ({ beginDay, clients, ...row }: WatchText): WatchRow => ({
  ...row,
  beginDay: BeginDay.parse(JSON.parse(beginDay)) as BeginDay,
  clients: clients === null ? null : z.array(WatchClient).parse(JSON.parse(clients)),
})

export function guardRows(db: Db) {
  const insert = db.prepare<[GuardText]>(
    `insert into rollout_guard (patch_id, revision, kind, words, benefits, client_ids, at_ms, waits_until_ms, actor)
     values (:patchId, :revision, :kind, :words, :benefits, :clientIds, :atMs, :waitsUntilMs, :by)`,
  )
  const ofPatch = db.prepare<[string], GuardText>(
    `select patch_id as patchId, revision, kind, words, benefits, client_ids as clientIds, at_ms as atMs,
       waits_until_ms as waitsUntilMs, actor as by
     from rollout_guard where patch_id = ? order by guard_id desc`,
  )
  return {
    insert: (row: GuardRow): void => void insert.run({ ...row, clientIds: JSON.stringify(row.clientIds) }),
    /** Newest first. */
    ofPatch: (patchId: PatchId): GuardRow[] => ofPatch.all(patchId).map(asGuard),
  }
}

export function watchRows(db: Db) {
  const columns = `rollout_id as rolloutId, began_at_ms as beganAtMs, ends_at_ms as endsAtMs, ended_at_ms as endedAtMs,
    begin_day as beginDay, clients`
  const put = db.prepare<[WatchText]>(
    `insert into rollout_watch (rollout_id, began_at_ms, ends_at_ms, ended_at_ms, begin_day, clients)
     values (:rolloutId, :beganAtMs, :endsAtMs, :endedAtMs, :beginDay, :clients)
     on conflict do update set began_at_ms = excluded.began_at_ms, ends_at_ms = excluded.ends_at_ms,
       ended_at_ms = excluded.ended_at_ms, begin_day = excluded.begin_day, clients = excluded.clients`,
  )
  const one = db.prepare<[string], WatchText>(`select ${columns} from rollout_watch where rollout_id = ?`)
  const open = db.prepare<[], WatchText>(`select ${columns} from rollout_watch where ended_at_ms is null`)
  return {
    put: (row: WatchRow): void =>
      void put.run({
        ...row,
        beginDay: JSON.stringify(row.beginDay),
        clients: row.clients === null ? null : JSON.stringify(row.clients),
      }),
    one(rolloutId: RolloutId): WatchRow | null {
      const row = one.get(rolloutId)
      return row ? asWatch(row) : null
    },
    /** Those that last. */
    open: (): WatchRow[] => open.all().map(asWatch),
  }
}
