import * as z from 'zod'
import {
  type AgentId,
  type ApplyId,
  ApplyJob,
  type BoxId,
  ChannelStop,
  SettingChange,
  type WayBack,
} from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

type JobRow = Omit<ApplyJob, 'changes' | 'files' | 'fault' | 'update' | 'commands' | 'folders'> & {
  changes: string
  files: string
  fault: string | null
  update: string | null
  commands: string
  folders: string
}

/** A job and whether its machine is still to be asked how it stands. */
export interface KeptJob {
  readonly job: ApplyJob
  readonly open: boolean
}

export function jobRows(db: Db) {
  const columns = `apply_id as applyId, box_id as boxId, box_name as boxName, agent_id as agentId, kind, state, step, outcome,
    words, next_step as nextStep, fault, boot_job as bootJob, changes, files, runtime_update as "update", commands, folders, hash_before as hashBefore, hash_after as hashAfter,
    begun_at_ms as begunAtMs, ended_at_ms as endedAtMs`
  const put = db.prepare(
    `insert into apply_job (apply_id, box_id, box_name, agent_id, kind, state, step, outcome, open, words, next_step, fault,
       boot_job, changes, files, runtime_update, commands, folders, hash_before, hash_after, begun_at_ms, ended_at_ms)
     values (@applyId, @boxId, @boxName, @agentId, @kind, @state, @step, @outcome, @open, @words, @nextStep, @fault, @bootJob,
       @changes, @files, @update, @commands, @folders, @hashBefore, @hashAfter, @begunAtMs, @endedAtMs)
     on conflict (apply_id) do update set state = excluded.state, step = excluded.step, outcome = excluded.outcome,
       open = excluded.open, words = excluded.words, next_step = excluded.next_step, fault = excluded.fault,
       boot_job = excluded.boot_job, folders = excluded.folders, hash_before = excluded.hash_before, hash_after = excluded.hash_after,
       ended_at_ms = excluded.ended_at_ms`,
  )
  const one = db.prepare<[string], JobRow>(`select ${columns} from apply_job where apply_id = ?`)
  const recent = db.prepare<{ boxId: string | null; limit: number }, JobRow>(
    `select ${columns} from apply_job where @boxId is null or box_id = @boxId order by begun_at_ms desc, apply_id limit @limit`,
  )
  const open = db.prepare<{ boxId: string | null }, JobRow>(
    `select ${columns} from apply_job where open = 1 and (@boxId is null or box_id = @boxId) order by begun_at_ms`,
  )
  const running = db.prepare<[], JobRow>(`select ${columns} from apply_job where state = 'running'`)
  const asJob = (row: JobRow): ApplyJob =>
    ApplyJob.parse({
      ...row,
      changes: JSON.parse(row.changes),
      files: JSON.parse(row.files),
      update: row.update === null ? null : JSON.parse(row.update),
      commands: JSON.parse(row.commands),
      folders: JSON.parse(row.folders),
      fault: row.fault === null ? null : JSON.parse(row.fault),
    })
  return {
    put({ job, open }: KeptJob): void {
      put.run({
        ...job,
        open: open ? 1 : 0,
        changes: JSON.stringify(job.changes),
        files: JSON.stringify(job.files),
        update: job.update === null ? null : JSON.stringify(job.update),
        commands: JSON.stringify(job.commands),
        folders: JSON.stringify(job.folders),
        fault: job.fault === null ? null : JSON.stringify(job.fault),
      })
    },
    one(applyId: ApplyId): ApplyJob | null {
      const row = one.get(applyId)
      return row ? asJob(row) : null
    },
    recent: (boxId: BoxId | null, limit: number): ApplyJob[] => recent.all({ boxId, limit }).map(asJob),
    /** Oldest first. */
    open: (boxId: BoxId | null): ApplyJob[] => open.all({ boxId }).map(asJob),
    running: (): ApplyJob[] => running.all().map(asJob),
  }
}

export function wayBackRows(db: Db) {
  const put = db.prepare<[string, number, number, string]>(
    `insert into way_back (box_id, proven, tried_at_ms, words) values (?, ?, ?, ?)
     on conflict (box_id) do update set proven = excluded.proven, tried_at_ms = excluded.tried_at_ms, words = excluded.words`,
  )
  const one = db.prepare<[string], { proven: number; triedAtMs: number; words: string }>(
    'select proven, tried_at_ms as triedAtMs, words from way_back where box_id = ?',
  )
  return {
    put: (boxId: BoxId, proven: boolean, triedAtMs: number, words: string): void =>
      void put.run(boxId, proven ? 1 : 0, triedAtMs, words),
    one(boxId: BoxId): WayBack {
      const row = one.get(boxId)
      return row
        ? { boxId, proven: row.proven === 1, triedAtMs: row.triedAtMs, words: row.words }
        : { boxId, proven: false, triedAtMs: null, words: 'The drill was never run there.' }
    },
  }
}

const Undo = z.array(SettingChange)

/** A stop whose end was never written. */
export interface UnendedStop {
  readonly stopId: string
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly channel: string
  readonly account: string | null
  readonly begunAtMs: number
}

export function stopRows(db: Db) {
  const begin = db.prepare<[string, BoxId, AgentId, string, string | null, number]>(
    `insert into channel_stop (stop_id, box_id, agent_id, channel, account, begun_at_ms, undo, undone)
     values (?, ?, ?, ?, ?, ?, '[]', 0)`,
  )
  const end = db.prepare<[number, string, string, string]>(
    'update channel_stop set ended_at_ms = ?, result = ?, undo = ? where stop_id = ?',
  )
  const unended = db.prepare<[], UnendedStop>(
    `select stop_id as stopId, box_id as boxId, agent_id as agentId, channel, account, begun_at_ms as begunAtMs
     from channel_stop where result is null order by begun_at_ms`,
  )
  const undone = db.prepare<[string, string]>('update channel_stop set undone = 1 where agent_id = ? and channel = ?')
  const ofChannel = db.prepare<[string, string], { undo: string }>(
    `select undo from channel_stop where agent_id = ? and channel = ? and undone = 0 and result is not null
     order by begun_at_ms`,
  )
  const since = db.prepare<[BoxId, number], { agentId: AgentId; undo: string }>(
    'select agent_id as agentId, undo from channel_stop where box_id = ? and coalesce(ended_at_ms, begun_at_ms) >= ?',
  )
  const newest = db.prepare<[], { result: string }>(
    `select result from channel_stop as newest where undone = 0 and result is not null and not exists
       (select 1 from channel_stop as later where later.agent_id = newest.agent_id and later.channel = newest.channel
        and later.undone = 0 and later.result is not null and later.begun_at_ms > newest.begun_at_ms)
     order by begun_at_ms desc limit 500`,
  )
  return {
    begin: (
      stopId: string,
      at: { boxId: BoxId; agentId: AgentId; channel: string; account: string | null },
      atMs: number,
    ) => void begin.run(stopId, at.boxId, at.agentId, at.channel, at.account, atMs),
    end: (stopId: string, result: ChannelStop, undo: readonly SettingChange[]): void =>
      void end.run(result.atMs, JSON.stringify(result), JSON.stringify(undo), stopId),
    /** Oldest first. */
    unended: (): UnendedStop[] => unended.all(),
    /** What turns the channel on as it was before it was first stopped: the oldest word for each path. */
    undoOf(agentId: AgentId, channel: string): SettingChange[] {
      const all = ofChannel.all(agentId, channel).flatMap(({ undo }) => Undo.parse(JSON.parse(undo)))
      const seen = new Set<string>()
      return all.filter(({ path }) => {
        const key = JSON.stringify(path)
        return !seen.has(key) && seen.add(key)
      })
    },
    /** The settings that stops on a machine changed since then. */
    since: (boxId: BoxId, sinceMs: number): { agentId: AgentId; changes: SettingChange[] }[] =>
      since.all(boxId, sinceMs).map(({ agentId, undo }) => ({ agentId, changes: Undo.parse(JSON.parse(undo)) })),
    undone: (agentId: AgentId, channel: string): void => void undone.run(agentId, channel),
    newest: (): ChannelStop[] => newest.all().map(({ result }) => ChannelStop.parse(JSON.parse(result))),
  }
}
