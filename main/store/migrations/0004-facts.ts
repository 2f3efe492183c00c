/**
 * Facts as they stand, their closed intervals, sweeps and what the console knows about versions.
 * No foreign keys to boxes: a removed box may be brought back by undo, and its facts with it.
 */
export const facts = `
  create table fact (
    box_id      text not null,
    agent_id    text not null,             -- '' : about the machine
    key         text not null,
    instance    text not null,             -- '' : the only one of its key
    verdict     text not null check (verdict in ('ok', 'warn', 'bad', 'unknown')),
    words       text not null,
    value_json  text not null,             -- a JSON string, number, boolean or null
    since_ms    integer not null,          -- start of the interval in which it read the same
    taken_at_ms integer not null,
    source      text not null,
    raw         text not null,
    primary key (box_id, agent_id, key, instance)
  ) strict, without rowid;

  create table fact_history (              -- closed intervals only; the open one is the row in fact
    box_id   text not null,
    agent_id text not null,
    key      text not null,
    instance text not null,
    from_ms  integer not null,
    to_ms    integer not null,
    verdict  text not null,
    words    text not null,
    source   text not null,
    raw      text not null,
    primary key (box_id, agent_id, key, instance, from_ms)
  ) strict, without rowid;

  create table sweep (
    sweep_id      text primary key,
    started_at_ms integer not null,
    ended_at_ms   integer,
    state         text not null check (state in ('running', 'done', 'cancelled', 'interrupted')),
    reason        text not null,
    total         integer not null
  ) strict;
  create index sweep_by_time on sweep (started_at_ms);

  create table sweep_box (
    sweep_id   text not null references sweep (sweep_id) on delete cascade,
    box_id     text not null,
    box_name   text not null,
    place      integer not null,           -- order in the sweep
    state      text not null check (state in ('waiting', 'working', 'done')),
    outcome    text,
    fault_json text,
    took_ms    real,
    primary key (sweep_id, box_id)
  ) strict, without rowid;

  create table box_attempt (               -- the newest attempt at a box, and the newest that answered
    box_id      text primary key,
    at_ms       integer not null,
    outcome     text not null,
    fault_json  text,
    swept_at_ms integer                    -- null: never answered
  ) strict;

  create table agent_install (             -- what the version gap is judged from when a newer version is heard of later
    box_id       text not null,
    agent_id     text not null,
    at_ms        integer not null,
    observed_json text not null,
    primary key (box_id, agent_id)
  ) strict, without rowid;

  create table known_version (
    version         text primary key,
    published_at_ms integer,               -- null: not said by the registry
    from_registry   integer not null check (from_registry in (0, 1)),
    first_seen_ms   integer not null
  ) strict;

  create table registry_answer (           -- one row: when the registry was last asked
    one         integer primary key check (one = 1),
    asked_at_ms integer not null,
    newest      text                       -- null: it did not answer
  ) strict;
`
