/** Patches on their way: the list as it was confirmed, and each lane's row before anything is done there. */
export const rolloutRun = `
  create table rollout_run (
    rollout_id    text primary key,
    revert_of     text,                    -- the run whose changes this one takes back
    patch_id      text not null,
    head          text not null,           -- JSON: the patch and what of its preview was confirmed
    actor         text not null check (actor in ('operator', 'cli')),
    state         text not null check (state in ('running', 'pausing', 'paused', 'interrupted', 'stopping', 'ended')),
    question      text,                    -- JSON: what it waits for a person about
    layers        text not null check (layers in ('not-saved', 'saved', 'put-back', 'none')),
    layers_kept   text not null,           -- JSON: each saved layer's revision before and after
    started_at_ms integer not null,
    ended_at_ms   integer
  ) strict;
  create index rollout_run_by_time on rollout_run (started_at_ms);
  create index rollout_run_of_patch on rollout_run (patch_id);

  create table rollout_wave (
    rollout_id    text not null,
    number        integer not null,
    kind          text not null check (kind in ('lab', 'canary', 'rest')),
    agent_ids     text not null,           -- JSON, in the order in which they go
    at_once       integer not null,
    soak_s        integer not null,
    state         text not null
      check (state in ('waiting', 'running', 'soaking', 'passed', 'failed', 'inconclusive', 'stopped')),
    words         text not null,
    soak_until_ms integer,
    primary key (rollout_id, number)
  ) strict, without rowid;

  create table rollout_lane (
    rollout_id      text not null,
    place           integer not null,      -- in the order of the preview
    agent_id        text not null,
    box_id          text not null,
    about           text not null,         -- JSON: its name, client and ring then
    wave            integer not null,      -- 0: left out before the start
    state           text not null check (state in ('waiting', 'running', 'soaking', 'checking', 'ended')),
    outcome         text check (outcome in ('changed', 'unchanged', 'failed', 'reverted', 'inconclusive', 'left-out',
      'not-attempted', 'waits-for-return')),
    step            text,                  -- the last of its change that was begun
    apply_id        text,                  -- of its newest change; kept before that is begun
    words           text not null,
    next_step       text not null,
    fault           text,                  -- JSON
    seen            text not null,         -- JSON
    plan            text not null,         -- JSON: exactly what was confirmed for it
    inverse         text,                  -- JSON: what takes it back; kept before it is begun
    before_it       text,                  -- JSON: what was the matter there before
    taken_back      integer not null,      -- 1: by a later run
    begins_at_ms    integer,
    begun_at_ms     integer,
    ended_at_ms     integer,
    goes_back_at_ms integer,
    primary key (rollout_id, agent_id)
  ) strict, without rowid;
  create index rollout_lane_waits on rollout_lane (box_id) where outcome = 'waits-for-return';

  create table rollout_event (
    event_id   integer primary key,
    rollout_id text not null,
    at_ms      integer not null,
    kind       text not null,
    wave       integer,
    agent_id   text,
    words      text not null
  ) strict;
  create index rollout_event_of_run on rollout_event (rollout_id, event_id);
`
