/** Terminals and commands over machines: what was opened and sent, and how it ended. Never what was typed or answered. */
export const shell = `
  create table terminal_session (
    terminal_id  text primary key,
    box_id       text not null,
    opened_at_ms integer not null,
    ended_at_ms  integer,                  -- null: it runs, or the console ended before it
    how          text                      -- exit, closed, lost, interrupted
  ) strict;
  create index terminal_session_open on terminal_session (ended_at_ms) where ended_at_ms is null;

  create table command_run (
    command_id  text primary key,
    command     text not null,             -- without the secrets in it
    begun_at_ms integer not null,
    ended_at_ms integer,
    state       text not null check (state in ('running', 'done', 'cancelled', 'interrupted')),
    left_out    text not null              -- JSON: machines that were left alone, and why
  ) strict;
  create index command_run_by_time on command_run (begun_at_ms);

  create table command_box (
    command_id  text not null references command_run (command_id) on delete cascade,
    box_id      text not null,
    position    integer not null,
    box_name    text not null,             -- as it was called then
    client_name text,
    state       text not null check (state in
                  ('waiting', 'running', 'ok', 'failed', 'timed-out', 'not-attempted', 'cancelled')),
    exit_code   integer,
    signal      text,
    fault       text,                      -- JSON
    took_ms     integer,
    bytes       integer not null,
    cut_bytes   integer not null,
    attempts    integer not null,
    primary key (command_id, box_id)
  ) strict, without rowid;

  create table command_snippet (
    snippet_id    text primary key,
    name          text not null,
    command       text not null,
    saved_at_ms   integer not null,
    removed_at_ms integer                  -- set: it is gone, and can be taken back
  ) strict;
`
