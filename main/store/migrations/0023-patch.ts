/** Changes with a name. A revision is never overwritten; files stand by their content, whoever names them. */
export const patch = `
  create table patch (
    patch_id      text primary key,
    name          text not null,
    created_at_ms integer not null,
    removed       integer not null         -- 1: making it was taken back
  ) strict, without rowid;
  create unique index patch_by_name on patch (name) where removed = 0;

  create table patch_revision (
    patch_id     text not null references patch (patch_id),
    revision     integer not null check (revision >= 1),
    at_ms        integer not null,
    actor        text not null check (actor in ('operator', 'cli')),
    how          text not null,
    because      text not null,
    hash         text not null,            -- of content_json, canonical
    content_json text not null,
    primary key (patch_id, revision)
  ) strict, without rowid;

  create table patch_file (
    sha256  text primary key,
    content blob not null
  ) strict, without rowid;
`
