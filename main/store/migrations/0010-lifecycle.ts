/** What a finding needs to open and to close only once: doubts before it, calm in it, how often it came; and who was told. */
export const lifecycle = `
  alter table finding add column times integer not null default 1;      -- how often it came
  alter table finding add column comes_since_ms integer;                -- null: it stands; else it comes and goes since then
  alter table finding add column calm_since_ms integer;                 -- null: it lasts; else not seen since then

  create table finding_doubt (             -- troubles seen, not yet believed
    box_id   text not null,
    cause    text not null,
    agent_id text not null,                -- '' : about the machine
    first_ms integer not null,
    last_ms  integer not null,
    primary key (box_id, cause, agent_id)
  ) strict, without rowid;

  create table finding_notice (            -- whom a finding was told to, once each
    finding_id   text not null references finding (finding_id) on delete cascade,
    teller       text not null check (teller in ('desktop', 'command')),
    opened_at_ms integer not null,
    closed_at_ms integer,                  -- its recovery was told
    primary key (finding_id, teller)
  ) strict, without rowid;
`
