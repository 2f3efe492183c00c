import type { AgentId, BoxId, SnapshotId, SnapshotSummary } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** A snapshot as it lies in the store; its JSON is not believed before it is read. */
export interface StoredSnapshot extends Pick<SnapshotSummary, 'atMs' | 'by' | 'note'> {
  readonly snapshotId: SnapshotId
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly contentJson: string
  /** Null: taken by hand. */
  readonly comparisonJson: string | null
}

export interface StoredFile {
  readonly sha256: string
  readonly content: Uint8Array
}

export function createRows(db: Db) {
  const columns = `snapshot_id as snapshotId, box_id as boxId, agent_id as agentId, at_ms as atMs, actor as by, note,
    content_json as contentJson, comparison_json as comparisonJson`
  const newest = 'order by at_ms desc, snapshot_id desc'
  const all = db.prepare<[], StoredSnapshot>(`select ${columns} from snapshot ${newest}`)
  const ofBox = db.prepare<[string], StoredSnapshot>(`select ${columns} from snapshot where box_id = ? ${newest}`)
  const one = db.prepare<[string], StoredSnapshot>(`select ${columns} from snapshot where snapshot_id = ?`)
  const insert = db.prepare<[StoredSnapshot]>(
    `insert into snapshot (snapshot_id, box_id, agent_id, at_ms, actor, note, content_json, comparison_json)
     values (:snapshotId, :boxId, :agentId, :atMs, :by, :note, :contentJson, :comparisonJson)`,
  )
  const compared = db.prepare<[string, string]>('update snapshot set comparison_json = ? where snapshot_id = ?')
  const remove = db.prepare<[string]>('delete from snapshot where snapshot_id = ?')
  const dropOldest = db.prepare<[{ boxId: string; except: string; most: number }]>(
    `delete from snapshot where box_id = :boxId and snapshot_id <> :except and snapshot_id not in
       (select snapshot_id from snapshot where box_id = :boxId ${newest} limit :most)`,
  )
  const file = db.prepare<[string, string], { content: Buffer }>(
    'select content from snapshot_file where snapshot_id = ? and sha256 = ?',
  )
  const files = db.prepare<[string], { sha256: string; content: Buffer }>(
    'select sha256, content from snapshot_file where snapshot_id = ?',
  )
  const putFile = db.prepare<[string, string, Uint8Array]>(
    'insert into snapshot_file (snapshot_id, sha256, content) values (?, ?, ?) on conflict do nothing',
  )
  return {
    all: (): StoredSnapshot[] => all.all(),
    ofBox: (boxId: BoxId): StoredSnapshot[] => ofBox.all(boxId),
    one: (snapshotId: SnapshotId): StoredSnapshot | null => one.get(snapshotId) ?? null,
    insert: (row: StoredSnapshot): void => void insert.run(row),
    compared: (snapshotId: SnapshotId, json: string): void => void compared.run(json, snapshotId),
    remove: (snapshotId: SnapshotId): void => void remove.run(snapshotId),
    /** Keeps the newest of a machine, and `except`. */
    dropOldest: (boxId: BoxId, except: SnapshotId, most: number): void => void dropOldest.run({ boxId, except, most }),
    file: (snapshotId: SnapshotId, sha256: string): Uint8Array | null => file.get(snapshotId, sha256)?.content ?? null,
    files: (snapshotId: SnapshotId): StoredFile[] => files.all(snapshotId),
    putFile: (snapshotId: SnapshotId, { sha256, content }: StoredFile): void =>
      void putFile.run(snapshotId, sha256, content),
  }
}
