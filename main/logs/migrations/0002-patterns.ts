/** The kinds of lines of each agent, and how many of each a day. */
export const patterns = `
  create table pattern (
    pattern_id  text primary key,
    box_id      text not null,
    agent_id    text not null,             -- empty: of no agent
    text        text not null,             -- <*> and the like where lines differ
    level       integer not null,          -- the loudest so far, as in hot
    subsystem   text,
    first_at_ms integer not null,          -- corrected
    last_at_ms  integer not null,
    last_seq    integer not null
  ) strict, without rowid;
  create index pattern_by_agent on pattern (box_id, agent_id);

  create table pattern_day (
    pattern_id text not null references pattern (pattern_id) on delete cascade,
    day        integer not null,           -- days since 1970, UTC
    lines      integer not null,
    primary key (pattern_id, day)
  ) strict, without rowid;
`
