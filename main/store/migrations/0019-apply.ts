/** Changes of agents from here: the row stands before a frame is sent, and how it ended before it is shown. */
export const apply = `
  create table apply_job (
    apply_id    text primary key,          -- names the change on the machine too
    box_id      text not null,
    box_name    text not null,             -- as it was called then
    agent_id    text not null,
    kind        text not null check (kind in ('change', 'channel-on')),
    state       text not null check (state in ('running', 'ended', 'interrupted')),
    step        text not null,             -- the last that was begun
    outcome     text check (outcome in ('changed', 'unchanged', 'failed', 'reverted', 'inconclusive')),
    open        integer not null,          -- 1: the machine is still to be asked how it stands
    words       text not null,
    next_step   text not null,
    fault       text,                      -- JSON
    boot_job    text,
    changes     text not null,             -- JSON: settings, never a secret
    hash_before text not null,
    hash_after  text not null,
    begun_at_ms integer not null,
    ended_at_ms integer
  ) strict;
  create index apply_job_by_time on apply_job (begun_at_ms);
  create index apply_job_open on apply_job (box_id) where open = 1;

  create table way_back (
    box_id      text primary key,
    proven      integer not null,
    tried_at_ms integer not null,
    words       text not null
  ) strict;

  create table channel_stop (
    stop_id     text primary key,
    box_id      text not null,
    agent_id    text not null,
    channel     text not null,
    account     text,
    begun_at_ms integer not null,
    ended_at_ms integer,                   -- null: nobody knows how it ended
    result      text,                      -- JSON
    undo        text not null,             -- JSON: settings that turn it on as it was
    undone      integer not null           -- 1: it was turned on again
  ) strict;
  create index channel_stop_by_agent on channel_stop (agent_id, channel, begun_at_ms);
`
