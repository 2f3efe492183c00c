/** What the operator put off: pauses and holds of clients, snoozes of findings; each has a reason and an end. */
export const later = `
  create table client_span (
    span_id     text primary key,
    client_id   text not null references client (client_id) on delete cascade,
    kind        text not null check (kind in ('pause', 'hold')),
    from_ms     integer not null,
    until_ms    integer not null,
    reason      text not null,
    set_at_ms   integer not null,
    ended_at_ms integer,                   -- ended by hand before its end
    check (until_ms > from_ms)
  ) strict;
  create index client_span_of on client_span (client_id, until_ms);

  create table snooze (
    finding_id  text primary key references finding (finding_id) on delete cascade,
    severity    text not null check (severity in ('attention', 'red')),
    from_ms     integer not null,
    until_ms    integer not null,
    reason      text not null
  ) strict;
`
