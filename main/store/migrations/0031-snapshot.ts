/** What a patch could carry of an agent, as its machine answered at a moment. Secrets are fingerprints. */
export const snapshot = `
  create table snapshot (
    snapshot_id     text primary key,
    box_id          text not null,
    agent_id        text not null,
    at_ms           integer not null,
    actor           text not null check (actor in ('operator', 'cli')),
    note            text not null,
    content_json    text not null,
    comparison_json text                   -- what it was taken for; null: taken by hand
  ) strict, without rowid;
  create index snapshot_by_box on snapshot (box_id, at_ms);

  create table snapshot_file (
    snapshot_id text not null references snapshot (snapshot_id) on delete cascade,
    sha256      text not null,
    content     blob not null,
    primary key (snapshot_id, sha256)
  ) strict, without rowid;
`
