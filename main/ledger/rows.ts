import type { LedgerEntry } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { Head, Row } from './chain.ts'

const columns = `seq, at_ms as atMs, actor, kind, box_id as boxId, client_id as clientId, words`

export type StoredEntry = Omit<LedgerEntry, 'sentence'> & {
  readonly words: string
  readonly boxName: string | null
  readonly clientName: string | null
}

export function ledgerRows(db: Db) {
  const end = db.prepare<[], Head>('select seq as count, hash from ledger_entry order by seq desc limit 1')
  const insert = db.prepare<[Row]>(
    `insert into ledger_entry (seq, at_ms, actor, kind, box_id, client_id, words, previous_hash, hash)
     values (:seq, :atMs, :actor, :kind, :boxId, :clientId, :words, :previousHash, :hash)`,
  )
  const all = db.prepare<[], Row>(
    `select ${columns}, previous_hash as previousHash, hash from ledger_entry order by seq`,
  )
  const name = db.prepare<[string, string]>(
    'insert into ledger_name (id, name) values (?, ?) on conflict (id) do update set name = excluded.name',
  )
  const newest = db.prepare<[{ boxId: string | null; clientId: string | null; limit: number }], StoredEntry>(
    `select ${columns},
       (select name from ledger_name where id = box_id) as boxName,
       (select name from ledger_name where id = client_id) as clientName
     from ledger_entry
     where (:boxId is null or box_id = :boxId) and (:clientId is null or client_id = :clientId)
     order by seq desc limit :limit`,
  )
  const ofBox = db.prepare<[{ boxId: string; fromMs: number; toMs: number }], StoredEntry>(
    `select ${columns},
       (select name from ledger_name where id = box_id) as boxName,
       (select name from ledger_name where id = client_id) as clientName
     from ledger_entry where box_id = :boxId and at_ms between :fromMs and :toMs order by seq desc`,
  )
  const latest = db.prepare<[], { atMs: number | null }>('select max(at_ms) as atMs from ledger_entry')
  return { end, insert, all, name, newest, ofBox, latest }
}
