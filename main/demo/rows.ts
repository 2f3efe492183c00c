import Database from 'better-sqlite3'

/** Tables that both eras' state databases have and a demo box fills; as `.schema` of 2026.9.6 prints them. */
const sharedSchema = `
  create table channel_ingress_events (
    queue_name text not null, event_id text not null, channel_id text not null, account_id text not null,
    status text not null, lane_key text, payload_json text not null, metadata_json text, received_at integer not null,
    updated_at integer not null, claim_token text, claim_owner text, claimed_at integer,
    attempts integer not null default 0, last_attempt_at integer, last_error text, failed_reason text,
    failed_at integer, completed_at integer, completed_metadata_json text, primary key (queue_name, event_id)
  ) strict;
  create table diagnostic_events (
    scope text not null, event_key text not null, payload_json text not null, created_at integer not null,
    sequence integer not null default 0, primary key (scope, event_key)
  ) strict;
  create table backup_runs (
    id text not null primary key, created_at integer not null, archive_path text not null, status text not null,
    manifest_json text not null
  ) strict;
  create table channel_pairing_allow_entries (
    channel_key text not null, account_id text not null, entry text not null, sort_order integer not null,
    updated_at integer not null, primary key (channel_key, account_id, entry)
  ) strict;
  create table channel_pairing_requests (
    channel_key text not null, account_id text not null, request_id text not null, code text not null,
    created_at text not null, last_seen_at text not null, meta_json text,
    primary key (channel_key, account_id, request_id)
  ) strict;`

/** 2026.6.11: user_version 1, neither audit nor starts are written down. */
const olderSchema = `${sharedSchema} pragma user_version = 1;`

/** 2026.9.6: user_version 18. */
const stateSchema = `${sharedSchema}
  create table audit_events (
    sequence integer primary key autoincrement, event_id text not null unique, source_id text not null unique,
    schema_version integer not null default 1, source_sequence integer not null, occurred_at integer not null,
    kind text not null, action text not null, status text not null, error_code text, actor_type text not null,
    actor_id text not null, agent_id text, session_key text, session_id text, run_id text, tool_call_id text,
    tool_name text, direction text, channel text, conversation_kind text, message_outcome text, reason_code text,
    delivery_kind text, failure_stage text, duration_ms integer, result_count integer, account_ref text,
    conversation_ref text, message_ref text, target_ref text
  ) strict;
  create table gateway_boot_lifecycle (
    boot_id text not null primary key, pid integer not null, started_at_ms integer not null,
    completed_at_ms integer, outcome text, startup_reason text, reason text
  ) strict;
  pragma user_version = 18;`

/** Of the agent's own database (user_version 23): transcripts. */
const agentSchema = `
  create table transcript_events (
    session_id text not null, seq integer not null, event_json text, created_at integer not null, event_zstd blob,
    event_utf8_bytes integer, navigation_json text, primary key (session_id, seq)
  ) strict;
  pragma user_version = 23;`

export interface StateRows {
  inbound(row: {
    id: string
    channel: string
    lane: string
    atMs: number
    /** Null: the agent took it and is still at it. */
    doneAtMs: number | null
    error: string | null
  }): void
  run(row: {
    id: string
    sessionId: string
    channel: string
    startedAtMs: number
    endedAtMs: number
    failed: boolean
  }): void
  configWrite(row: { id: string; atMs: number; payload: unknown }): void
  /** The config that the running gateway took last. */
  loadedConfig(row: { configPath: string; hash: string; atMs: number }): void
  boot(row: { id: string; pid: number; startedAtMs: number; endedAtMs: number | null; outcome: string | null }): void
  backup(row: { id: string; atMs: number; ok: boolean }): void
  close(): void
}

/** @param file is made anew, or opened when it is there. */
export function openState(file: string): StateRows {
  const db = open(file, stateSchema, 18)
  const inbound = db.prepare(
    `insert into channel_ingress_events (queue_name, event_id, channel_id, account_id, status, lane_key, payload_json,
       received_at, updated_at, attempts, last_error, completed_at)
     values (@queue, @id, @channel, 'default', iif(@doneAtMs is null, 'claimed', 'completed'), @lane, 'null', @atMs,
       coalesce(@doneAtMs, @atMs), 1, @error, @doneAtMs)`,
  )
  const audit = db.prepare(
    `insert into audit_events (event_id, source_id, source_sequence, occurred_at, kind, action, status, error_code,
       actor_type, actor_id, agent_id, session_key, session_id, run_id, channel, duration_ms)
     values (@id, @id, @order, @atMs, 'agent_run', @action, @status, @errorCode, 'system', 'gateway', 'main',
       'agent:main:main', @sessionId, @runId, @channel, @durationMs)`,
  )
  const write = db.prepare(
    `insert into diagnostic_events (scope, event_key, payload_json, created_at, sequence)
     values ('config-audit', @id, @payload, @atMs, 0)`,
  )
  const boot = db.prepare(
    'insert into gateway_boot_lifecycle values (@id, @pid, @startedAtMs, @endedAtMs, @outcome, null, null)',
  )
  const backup = backupStatement(db)
  const loaded = db.prepare(
    `insert or replace into diagnostic_events (scope, event_key, payload_json, created_at, sequence)
     values ('config-snapshot', 'latest', @payload, @atMs, 0)`,
  )
  let order = 0
  db.exec('begin')
  return {
    inbound: (row) => void inbound.run({ ...row, queue: `channel:${row.channel}` }),
    run({ id, failed, startedAtMs, endedAtMs, ...row }) {
      const event = { ...row, runId: id, errorCode: null, durationMs: null }
      audit.run({
        ...event,
        id: `${id}-s`,
        order: ++order,
        atMs: startedAtMs,
        action: 'agent.run.started',
        status: 'started',
      })
      audit.run({
        ...event,
        id: `${id}-f`,
        order: ++order,
        atMs: endedAtMs,
        action: 'agent.run.finished',
        status: failed ? 'failed' : 'succeeded',
        errorCode: failed ? 'provider_auth' : null,
        durationMs: endedAtMs - startedAtMs,
      })
    },
    configWrite: ({ payload, ...row }) => void write.run({ ...row, payload: JSON.stringify(payload) }),
    loadedConfig: ({ configPath, hash, atMs }) =>
      void loaded.run({ payload: JSON.stringify({ configPath, rawHash: hash }), atMs }),
    boot: (row) => void boot.run(row),
    backup: (row) => void backup.run(backupRow(row)),
    close: () => closeQuietly(db),
  }
}

/** The state database of the older era; its messages stand in session files. */
export function writeOlderState(file: string, row: { id: string; atMs: number; ok: boolean }): void {
  const db = open(file, olderSchema, 1)
  db.exec('begin')
  backupStatement(db).run(backupRow(row))
  closeQuietly(db)
}

const backupStatement = (db: Database.Database) =>
  db.prepare(`insert into backup_runs values (@id, @atMs, @path, @status, '{}')`)
const backupRow = ({ id, atMs, ok }: { id: string; atMs: number; ok: boolean }) => ({
  id,
  atMs,
  path: `backups/${id}.tar.gz`,
  status: ok ? 'succeeded' : 'failed',
})

export interface TranscriptRows {
  event(row: { sessionId: string; atMs: number; event: unknown }): void
  close(): void
}

export function openTranscripts(file: string): TranscriptRows {
  const db = open(file, agentSchema, 23)
  const insert = db.prepare(
    'insert into transcript_events (session_id, seq, event_json, created_at) values (@sessionId, @seq, @json, @atMs)',
  )
  let seq = 0
  db.exec('begin')
  return {
    event: ({ event, ...row }) => void insert.run({ ...row, seq: ++seq, json: JSON.stringify(event) }),
    close: () => closeQuietly(db),
  }
}

function open(file: string, schema: string, version: number): Database.Database {
  const db = new Database(file)
  // First: what makes the journal would wait for the disk.
  db.pragma('synchronous = off')
  db.pragma('journal_mode = wal')
  if (db.pragma('user_version', { simple: true }) !== version) db.exec(schema)
  return db
}

/** Nothing is left beside the file: as after a gateway that stopped cleanly. */
function closeQuietly(db: Database.Database): void {
  db.exec('commit')
  db.pragma('wal_checkpoint(truncate)')
  db.close()
}
