/** Backups of agents: the row stands before the machine is asked, and how it ended before it is shown. */
export const backups = `
  create table backup_run (
    run_id      text primary key,
    reason      text not null check (reason in ('operator', 'cli', 'schedule', 'change')),
    begun_at_ms integer not null,
    ended_at_ms integer,
    state       text not null check (state in ('running', 'done', 'cancelled', 'interrupted')),
    left_out    text not null              -- JSON: machines that were left alone, and why
  ) strict;
  create index backup_run_by_time on backup_run (begun_at_ms);

  create table backup_agent (
    run_id      text not null references backup_run (run_id) on delete cascade,
    agent_id    text not null,
    box_id      text not null,
    position    integer not null,
    box_name    text not null,             -- as it was called then
    client_name text,
    profile     text not null,
    state       text not null check (state in
                  ('waiting', 'running', 'made', 'failed', 'cancelled', 'not-attempted', 'unknown')),
    made        text,                      -- JSON: the archive, as the machine told
    words       text not null,
    next_step   text not null,
    fault       text,                      -- JSON
    took_ms     integer,
    primary key (run_id, agent_id)
  ) strict, without rowid;
`
