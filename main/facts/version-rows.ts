import type { Db } from '../store/store.ts'

/** Versions of the runtime and when the registry was asked. */
export function createVersionRows(db: Db) {
  const all = db.prepare<[], { version: string; publishedAtMs: number | null; fromRegistry: number }>(
    'select version, published_at_ms as publishedAtMs, from_registry as fromRegistry from known_version',
  )
  const put = db.prepare(
    `insert into known_version (version, published_at_ms, from_registry, first_seen_ms) values (@version, @publishedAtMs, @fromRegistry, @atMs)
     on conflict do update set published_at_ms = coalesce(excluded.published_at_ms, published_at_ms),
       from_registry = max(from_registry, excluded.from_registry)`,
  )
  const asked = db.prepare<[], { askedAtMs: number; newest: string | null }>(
    'select asked_at_ms as askedAtMs, newest from registry_answer',
  )
  const ask = db.prepare(
    `insert into registry_answer (one, asked_at_ms, newest) values (1, @atMs, @newest)
     on conflict do update set asked_at_ms = excluded.asked_at_ms, newest = coalesce(excluded.newest, newest)`,
  )
  return {
    all: () => all.all(),
    put: (version: string, publishedAtMs: number | null, fromRegistry: boolean, atMs: number): void => {
      put.run({ version, publishedAtMs, fromRegistry: Number(fromRegistry), atMs })
    },
    asked: () => asked.get() ?? null,
    ask: (atMs: number, newest: string | null): void => {
      ask.run({ atMs, newest })
    },
  }
}
export type VersionRows = ReturnType<typeof createVersionRows>
