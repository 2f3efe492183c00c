/** What a machine was asked for by name, for patches: the newest answer. Gone with nobody's history: it is asked again. */
export const lookedFor = `
  create table rollout_seen (
    agent_id    text not null,
    need        text not null,             -- canonical JSON
    version     text not null,             -- of the runtime then
    state       text not null check (state in ('ok', 'missing', 'cant-tell')),
    words       text not null,
    taken_at_ms integer not null,
    primary key (agent_id, need)
  ) strict, without rowid;
`
