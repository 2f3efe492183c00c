/** Kinds of log lines that the operator need not see; the kinds themselves stand in `logs.db`, which may begin anew. */
export const patternMute = `
  create table pattern_mute (
    pattern_id  text primary key,
    box_id      text not null references box (box_id) on delete cascade,
    agent_id    text not null,             -- empty: of no agent
    text        text not null,             -- as it was when it was muted: finds the kind again under another id
    reason      text not null,
    muted_at_ms integer not null
  ) strict, without rowid;
`
