import type { AgentId, BoxId, LayerRef, LayerRevision } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** A revision as it lies in the store; its content is not believed before it is read. */
export type StoredRevision = Omit<LayerRevision, 'layer' | 'label' | 'diff' | 'moreLines'> &
  LayerRef & { readonly contentJson: string }

/** How an agent's config read last. */
export interface FoundRow {
  readonly agentId: AgentId
  readonly boxId: BoxId
  readonly takenAtMs: number
  readonly version: string
  readonly platform: string
  readonly sha256: string
  readonly fingerprint: string
  /** Why there are no settings; empty: there are. */
  readonly problem: string
  readonly running: number
  readonly settingsJson: string | null
  /** Of its own files, path to hash; null: not read. */
  readonly filesJson: string | null
  readonly pairingJson: string | null
}

export function createRows(db: Db) {
  const columns = `kind, key, revision, at_ms as atMs, actor as by, how, of_revision as ofRevision, because,
    content_json as contentJson`
  const newest = db.prepare<[], StoredRevision>(
    `select ${columns} from overlay_revision as own
     where revision = (select max(revision) from overlay_revision where kind = own.kind and key = own.key)`,
  )
  const newestOf = db.prepare<[LayerRef], StoredRevision>(
    `select ${columns} from overlay_revision where kind = :kind and key = :key order by revision desc limit 1`,
  )
  const one = db.prepare<[LayerRef & { revision: number }], StoredRevision>(
    `select ${columns} from overlay_revision where kind = :kind and key = :key and revision = :revision`,
  )
  const history = db.prepare<[LayerRef & { limit: number }], StoredRevision>(
    `select ${columns} from overlay_revision where kind = :kind and key = :key order by revision desc limit :limit`,
  )
  const any = db.prepare<[], unknown>('select 1 from overlay_revision limit 1')
  const insert = db.prepare<[StoredRevision]>(
    `insert into overlay_revision (kind, key, revision, at_ms, actor, how, of_revision, because, content_json)
     values (:kind, :key, :revision, :atMs, :by, :how, :ofRevision, :because, :contentJson)`,
  )
  const foundColumns = `agent_id as agentId, box_id as boxId, taken_at_ms as takenAtMs, version, platform, sha256,
    fingerprint, problem, running`
  const foundHead = db.prepare<[string], Omit<FoundRow, 'settingsJson' | 'filesJson'>>(
    `select ${foundColumns}, pairing_json as pairingJson from overlay_found where agent_id = ?`,
  )
  const found = db.prepare<[string], FoundRow>(
    `select ${foundColumns}, settings_json as settingsJson, files_json as filesJson,
       pairing_json as pairingJson from overlay_found where agent_id = ?`,
  )
  const platforms = db.prepare<[], { agentId: AgentId; platform: string }>(
    'select agent_id as agentId, platform from overlay_found',
  )
  const putFound = db.prepare<[FoundRow]>(
    `insert into overlay_found (agent_id, box_id, taken_at_ms, version, platform, sha256, fingerprint, problem, running,
       settings_json, files_json, pairing_json)
     values (:agentId, :boxId, :takenAtMs, :version, :platform, :sha256, :fingerprint, :problem, :running, :settingsJson,
       :filesJson, :pairingJson)
     on conflict do update set box_id = excluded.box_id, taken_at_ms = excluded.taken_at_ms, version = excluded.version,
       platform = excluded.platform, sha256 = excluded.sha256, fingerprint = excluded.fingerprint,
       problem = excluded.problem, running = excluded.running, settings_json = excluded.settings_json,
       files_json = coalesce(excluded.files_json, files_json), pairing_json = excluded.pairing_json`,
  )
  const touchFound = db.prepare<[{ agentId: string; takenAtMs: number; running: number }]>(
    'update overlay_found set taken_at_ms = :takenAtMs, running = :running where agent_id = :agentId',
  )
  const filesOf = db.prepare<[string], { filesJson: string | null }>(
    'select files_json as filesJson from overlay_found where agent_id = ?',
  )
  const putFile = db.prepare<[string, Buffer, number]>(
    'insert into overlay_file (sha256, bytes, added_at_ms) values (?, ?, ?) on conflict do nothing',
  )
  const file = db.prepare<[string], { bytes: Buffer }>('select bytes from overlay_file where sha256 = ?')
  const fileSize = db.prepare<[string], { size: number }>(
    'select length(bytes) as size from overlay_file where sha256 = ?',
  )
  return {
    filesOf: (agentId: AgentId): string | null => filesOf.get(agentId)?.filesJson ?? null,
    putFile: (sha256: string, bytes: Buffer, atMs: number): void => void putFile.run(sha256, bytes, atMs),
    /** Content of a file that a layer declared; null: it was never added here. */
    file: (sha256: string): Buffer | null => file.get(sha256)?.bytes ?? null,
    fileSize: (sha256: string): number | null => fileSize.get(sha256)?.size ?? null,
    /** Of every layer that was ever saved. */
    newest: (): StoredRevision[] => newest.all(),
    newestOf: ({ kind, key }: LayerRef): StoredRevision | null => newestOf.get({ kind, key }) ?? null,
    one: ({ kind, key }: LayerRef, revision: number): StoredRevision | null => one.get({ kind, key, revision }) ?? null,
    history: ({ kind, key }: LayerRef, limit: number): StoredRevision[] => history.all({ kind, key, limit }),
    /** Nothing was ever declared. */
    isEmpty: (): boolean => any.get() === undefined,
    insert: (row: StoredRevision): void => void insert.run(row),
    foundHead: (agentId: AgentId): Omit<FoundRow, 'settingsJson' | 'filesJson'> | null =>
      foundHead.get(agentId) ?? null,
    found: (agentId: AgentId): FoundRow | null => found.get(agentId) ?? null,
    platforms: (): Map<AgentId, string> => new Map(platforms.all().map((row) => [row.agentId, row.platform])),
    putFound: (row: FoundRow): void => void putFound.run(row),
    touchFound: (row: { agentId: AgentId; takenAtMs: number; running: number }): void => void touchFound.run(row),
  }
}
