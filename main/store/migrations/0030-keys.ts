/** Changes of the operator's own key on machines: each step stands here before it is begun. Public keys only. */
export const keys = `
  create table key_run (
    run_id          text primary key,
    reverts         text,
    new_fingerprint text,
    begun_at_ms     integer not null,
    ended_at_ms     integer,
    state           text not null check (state in ('running', 'done', 'stopped', 'interrupted')),
    left_out        text not null          -- JSON
  ) strict;
  create index key_run_by_time on key_run (begun_at_ms);

  create table key_box (
    run_id          text not null references key_run (run_id) on delete cascade,
    box_id          text not null,
    position        integer not null,
    box_name        text not null,         -- as it was called then
    client_name     text,
    ring            text not null,
    wave            integer not null,
    old_fingerprint text not null,
    old_key         text not null,         -- JSON: where its file is here, and its public half
    new_key         text not null,         -- JSON: the same
    old_line        text,                  -- as it stood on the machine, for the way back
    state           text not null check (state in
                      ('waiting', 'running', 'rotated', 'kept', 'both', 'unknown', 'not-attempted')),
    step            text,                  -- the last that was begun
    words           text not null,
    next_step       text not null,
    fault           text,                  -- JSON
    took_ms         integer,
    primary key (run_id, box_id)
  ) strict, without rowid;
`
