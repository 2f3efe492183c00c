import type { PatchId, PatchSummary } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** A revision as it lies in the store; its content is not believed before it is read. */
export type StoredPatch = Pick<PatchSummary, 'patchId' | 'revision' | 'atMs' | 'by' | 'how' | 'because' | 'hash'> & {
  readonly name: string
  readonly contentJson: string
}

export function createRows(db: Db) {
  const columns = `own.patch_id as patchId, patch.name, own.revision, own.at_ms as atMs, own.actor as by, own.how,
    own.because, own.hash, own.content_json as contentJson`
  const from = 'from patch_revision as own join patch using (patch_id)'
  const newest = db.prepare<[], StoredPatch>(
    `select ${columns} ${from} where removed = 0
       and revision = (select max(revision) from patch_revision where patch_id = own.patch_id) order by patch.name`,
  )
  const newestOf = db.prepare<[string], StoredPatch>(
    `select ${columns} ${from} where patch_id = ? and removed = 0 order by revision desc limit 1`,
  )
  const one = db.prepare<[string, number], StoredPatch>(
    `select ${columns} ${from} where patch_id = ? and revision = ? and removed = 0`,
  )
  const history = db.prepare<[string], StoredPatch>(
    `select ${columns} ${from} where patch_id = ? and removed = 0 order by revision desc limit 200`,
  )
  const idOf = db.prepare<[string], { patchId: PatchId }>(
    'select patch_id as patchId from patch where name = ? and removed = 0',
  )
  const add = db.prepare<[{ patchId: string; name: string; atMs: number }]>(
    'insert into patch (patch_id, name, created_at_ms, removed) values (:patchId, :name, :atMs, 0)',
  )
  const rename = db.prepare<[string, string]>('update patch set name = ? where patch_id = ?')
  const remove = db.prepare<[string]>('update patch set removed = 1 where patch_id = ?')
  const insert = db.prepare<[Omit<StoredPatch, 'name'>]>(
    `insert into patch_revision (patch_id, revision, at_ms, actor, how, because, hash, content_json)
     values (:patchId, :revision, :atMs, :by, :how, :because, :hash, :contentJson)`,
  )
  const file = db.prepare<[string], { content: Buffer }>('select content from patch_file where sha256 = ?')
  const putFile = db.prepare<[string, Uint8Array]>(
    'insert into patch_file (sha256, content) values (?, ?) on conflict do nothing',
  )
  return {
    /** Of every patch, by name. */
    newest: (): StoredPatch[] => newest.all(),
    newestOf: (patchId: PatchId): StoredPatch | null => newestOf.get(patchId) ?? null,
    one: (patchId: PatchId, revision: number): StoredPatch | null => one.get(patchId, revision) ?? null,
    history: (patchId: PatchId): StoredPatch[] => history.all(patchId),
    idOf: (name: string): PatchId | null => idOf.get(name)?.patchId ?? null,
    add: (row: { patchId: PatchId; name: string; atMs: number }): void => void add.run(row),
    rename: (patchId: PatchId, name: string): void => void rename.run(name, patchId),
    remove: (patchId: PatchId): void => void remove.run(patchId),
    insert: (row: Omit<StoredPatch, 'name'>): void => void insert.run(row),
    file: (sha256: string): Uint8Array | null => file.get(sha256)?.content ?? null,
    putFile: (sha256: string, content: Uint8Array): void => void putFile.run(sha256, content),
  }
}
