import * as z from 'zod'
import { type AgentBackup, BackupRun, type BackupRunId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

type RunRow = Omit<BackupRun, 'agents' | 'leftOut'> & { leftOut: string }
type AgentRow = Pick<
  AgentBackup,
  'boxId' | 'agentId' | 'boxName' | 'clientName' | 'profile' | 'state' | 'words' | 'nextStep' | 'tookMs'
> & { made: string | null; fault: string | null }

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

/** Runs of backups and where each agent stands in them. */
export function backupRows(db: Db) {
  const insert = db.prepare(
    `insert into backup_run (run_id, reason, begun_at_ms, state, left_out)
     values (@runId, @reason, @begunAtMs, 'running', @leftOut)`,
  )
  const putAgent = db.prepare(
    `insert into backup_agent (run_id, agent_id, box_id, position, box_name, client_name, profile, state, made, words,
       next_step, fault, took_ms)
     values (@runId, @agentId, @boxId, @position, @boxName, @clientName, @profile, @state, @made, @words, @nextStep,
       @fault, @tookMs)
     on conflict (run_id, agent_id) do update set state = excluded.state, made = excluded.made, words = excluded.words,
       next_step = excluded.next_step, fault = excluded.fault, took_ms = excluded.took_ms`,
  )
  const setRun = db.prepare<[BackupRun['state'], number, BackupRunId]>(
    'update backup_run set state = ?, ended_at_ms = ? where run_id = ?',
  )
  const running = db.prepare<[], { runId: BackupRunId }>(
    "select run_id as runId from backup_run where state = 'running'",
  )
  const recent = db.prepare<[number], RunRow>(
    `select run_id as runId, reason, begun_at_ms as begunAtMs, ended_at_ms as endedAtMs, state, left_out as leftOut
     from backup_run order by begun_at_ms desc, run_id limit ?`,
  )
  const one = db.prepare<[string], RunRow>(
    `select run_id as runId, reason, begun_at_ms as begunAtMs, ended_at_ms as endedAtMs, state, left_out as leftOut
     from backup_run where run_id = ?`,
  )
  const agents = db.prepare<[string], AgentRow>(
    `select box_id as boxId, agent_id as agentId, box_name as boxName, client_name as clientName, profile, state, made,
       words, next_step as nextStep, fault, took_ms as tookMs
     from backup_agent where run_id = ? order by position`,
  )
  const whole = (row: RunRow): BackupRun =>
    BackupRun.parse({
      ...row,
      leftOut: z.array(z.unknown()).parse(JSON.parse(row.leftOut)),
      agents: agents.all(row.runId).map((agent) => ({
        ...agent,
        made: parsed(agent.made),
        fault: parsed(agent.fault),
        step: null,
        bytes: 0,
        ofBytes: 0,
      })),
    })
  return {
    insert({ runId, reason, begunAtMs, leftOut, agents: all }: BackupRun): void {
      insert.run({ runId, reason, begunAtMs, leftOut: JSON.stringify(leftOut) })
      for (const [position, agent] of all.entries()) this.putAgent(runId, agent, position)
    },
    /** @param position of a new row; an old one keeps its own. */
    putAgent(runId: BackupRunId, agent: AgentBackup, position = 0): void {
      const { step: _step, bytes: _bytes, ofBytes: _ofBytes, made, fault, ...rest } = agent
      putAgent.run({
        ...rest,
        runId,
        position,
        made: made === null ? null : JSON.stringify(made),
        fault: fault === null ? null : JSON.stringify(fault),
      })
    },
    setRun: (runId: BackupRunId, state: BackupRun['state'], endedAtMs: number): void =>
      void setRun.run(state, endedAtMs, runId),
    running: (): BackupRunId[] => running.all().map(({ runId }) => runId),
    one(runId: BackupRunId): BackupRun | null {
      const row = one.get(runId)
      return row ? whole(row) : null
    },
    recent: (limit: number): BackupRun[] => recent.all(limit).map(whole),
  }
}
