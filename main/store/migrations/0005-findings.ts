/** Findings and what the operator marked as seen. One finding is open per cause and subject (a box, or an agent on it). */
export const findings = `
  create table finding (
    finding_id      text primary key,
    cause           text not null,
    box_id          text not null,
    agent_id        text not null,         -- '' : about the machine
    severity        text not null check (severity in ('attention', 'red')),
    state           text not null,
    sentence        text not null,
    detail          text not null,
    next_step       text not null,
    evidence_json   text not null,
    since_ms        integer not null,
    noticed_at_ms   integer not null,
    last_seen_at_ms integer not null,
    closed_at_ms    integer,
    recovery        text
  ) strict;
  create unique index finding_open on finding (cause, box_id, agent_id) where closed_at_ms is null;
  create index finding_of_box on finding (box_id, noticed_at_ms);

  create table review_mark (
    finding_id text primary key references finding (finding_id) on delete cascade,
    at_ms      integer not null
  ) strict, without rowid;
`
