/** Counts of real exchanges per agent and UTC day. No content, no names. */
export const activity = `
  create table activity_day (
    box_id   text not null,
    agent_id text not null,
    day      text not null,                -- YYYY-MM-DD, UTC
    inbound  integer not null,
    replies  integer not null,
    primary key (agent_id, day)
  ) strict, without rowid;

  create table activity_seen (             -- newest reading per agent
    agent_id               text primary key,
    box_id                 text not null,
    taken_at_ms            integer not null,
    source                 text not null,
    last_inbound_at_ms     integer,
    last_reply_at_ms       integer,
    unanswered             integer not null,
    unanswered_since_ms    integer,
    failures               integer not null,
    last_failure_at_ms     integer,
    last_failure           text not null,
    first_taken_at_ms      integer not null
  ) strict;
`
