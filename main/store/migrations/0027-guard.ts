/** What was said about changes of behaviour before they went anywhere, and what their clients' exchanges were like afterwards. */
export const guard = `
  create table rollout_guard (             -- only added to; the newest of a patch counts
    guard_id       integer primary key,
    patch_id       text not null,
    revision       integer not null,
    kind           text not null check (kind in ('asked', 'unasked', 'none')),  -- none: taken back
    words          text not null,          -- a quote or a link, or the reason
    benefits       text not null,
    client_ids     text not null,          -- JSON: whom it reached when that was said
    at_ms          integer not null,
    waits_until_ms integer,                -- end of the cool-off; null: asked for, or taken back
    actor          text not null check (actor in ('operator', 'cli'))
  ) strict;
  create index rollout_guard_of_patch on rollout_guard (patch_id, guard_id);

  create table rollout_watch (
    rollout_id  text primary key,
    began_at_ms integer not null,
    ends_at_ms  integer not null,
    ended_at_ms integer,
    begin_day   text not null,             -- JSON: what the day of the change had counted by then, by agent
    clients     text                       -- JSON: the counts as they stood at the end; null while it lasts
  ) strict, without rowid;

  -- Half of the replies of that day came sooner; null: not read.
  alter table activity_day add column reply_ms integer;
`
