/** Channel accounts of agents: what sweeps found, and whose they are as far as somebody said so. */
export const channels = `
  create table channel (
    channel_id       text primary key,
    agent_id         text not null references agent (agent_id) on delete cascade,
    channel          text not null,
    account          text not null,
    kind             text check (kind in ('clients-own', 'team', 'public')),
    seen_now         integer not null check (seen_now in (0, 1)),
    first_seen_at_ms integer not null,
    last_seen_at_ms  integer not null,
    removed_at_ms    integer,
    unique (agent_id, channel, account)
  ) strict;
`
