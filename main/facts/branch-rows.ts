import type { AgentId, BoxId, FolderId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { KnownTip } from './branches.ts'

interface TipRow {
  saidBy: string
  commit: string
  committedAtMs: number | null
  lookedAtMs: number
}

/** What is known of branches beyond a box's own refs: tips by who knows them, counts between commits, asked remotes. */
export function createBranchRows(db: Db) {
  const tips = db.prepare<[string, string], TipRow>(
    `select said_by as saidBy, commit_id as "commit", committed_at_ms as committedAtMs, looked_at_ms as lookedAtMs
     from branch_tip where remote = ? and branch = ? order by said_by`,
  )
  const putTip = db.prepare(
    `insert into branch_tip (remote, branch, said_by, commit_id, committed_at_ms, looked_at_ms)
     values (@remote, @branch, @saidBy, @commit, @committedAtMs, @lookedAtMs)
     on conflict do update set commit_id = excluded.commit_id, committed_at_ms = excluded.committed_at_ms,
       looked_at_ms = excluded.looked_at_ms`,
  )
  const dropTips = db.prepare<[string]>(
    `delete from branch_tip where said_by like 'reference %' and said_by not in (select value from json_each(?))`,
  )
  const count = db.prepare<[string, string], { count: number; saidBy: string; atMs: number }>(
    'select commits as count, said_by as saidBy, at_ms as atMs from commit_count where from_commit = ? and to_commit = ?',
  )
  const putCount = db.prepare(
    `insert or ignore into commit_count (from_commit, to_commit, commits, said_by, at_ms)
     values (@from, @to, @count, @saidBy, @atMs)`,
  )
  const asked = db.prepare<[string, string], { askedAtMs: number; problem: string }>(
    'select asked_at_ms as askedAtMs, problem from remote_answer where remote = ? and branch = ?',
  )
  const putAsked = db.prepare(
    `insert into remote_answer (remote, branch, asked_at_ms, problem) values (@remote, @branch, @askedAtMs, @problem)
     on conflict do update set asked_at_ms = excluded.asked_at_ms, problem = excluded.problem`,
  )
  const allNeeds = db.prepare<[], { version: string; node: string }>('select version, node from version_need')
  const putNeed = db.prepare<[string, string]>(
    'insert into version_need (version, node) values (?, ?) on conflict do update set node = excluded.node',
  )
  const seen = db.prepare(
    `insert into checkout_seen (folder_id, box_id, agent_id, at_ms, observed_json)
     values (@folderId, @boxId, @agentId, @atMs, @observed)
     on conflict do update set box_id = excluded.box_id, agent_id = excluded.agent_id, at_ms = excluded.at_ms,
       observed_json = excluded.observed_json`,
  )
  const checkouts = db.prepare<[], { folderId: FolderId; boxId: BoxId; agentId: string; atMs: number; json: string }>(
    `select folder_id as folderId, box_id as boxId, agent_id as agentId, at_ms as atMs, observed_json as json
     from checkout_seen`,
  )
  return {
    tips: (remote: string, branch: string): KnownTip[] => tips.all(remote, branch) as KnownTip[],
    putTip: (remote: string, branch: string, tip: KnownTip): void => {
      putTip.run({ remote, branch, ...tip })
    },
    dropTipsBut: (saidBy: readonly string[]): void => {
      dropTips.run(JSON.stringify(saidBy))
    },
    count: (from: string, to: string) =>
      (count.get(from, to) as { count: number; saidBy: KnownTip['saidBy']; atMs: number } | undefined) ?? null,
    putCount: (commits: { from: string; to: string }, counted: number, saidBy: string, atMs: number): void => {
      putCount.run({ ...commits, count: counted, saidBy, atMs })
    },
    asked: (remote: string, branch: string) => asked.get(remote, branch) ?? null,
    putAsked: (remote: string, branch: string, askedAtMs: number, problem: string): void => {
      putAsked.run({ remote, branch, askedAtMs, problem })
    },
    needs: (): Map<string, string> => new Map(allNeeds.all().map(({ version, node }) => [version, node])),
    putNeed: (version: string, node: string): void => {
      putNeed.run(version, node)
    },
    keepCheckout: (
      kept: { folderId: FolderId; boxId: BoxId; agentId: AgentId | null; atMs: number },
      observed: unknown,
    ): void => {
      seen.run({ ...kept, agentId: kept.agentId ?? '', observed: JSON.stringify(observed) })
    },
    checkouts: () =>
      checkouts.all().map(({ json, agentId, ...row }) => ({
        ...row,
        agentId: (agentId || null) as AgentId | null,
        observed: JSON.parse(json) as unknown,
      })),
  }
}
export type BranchRows = ReturnType<typeof createBranchRows>
