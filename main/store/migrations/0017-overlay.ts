/**
 * What the operator declares, in layers, every save kept; and how the config of each agent read last, which is what plans
 * start from. No foreign keys: a removed client, box or agent may be brought back by undo.
 */
export const overlay = `
  create table overlay_revision (
    kind         text not null check (kind in ('fleet', 'os', 'niche', 'client', 'box', 'agent')),
    key          text not null,            -- '' : the fleet; system, niche, or id
    revision     integer not null check (revision >= 1),
    at_ms        integer not null,
    actor        text not null check (actor in ('operator', 'cli')),
    how          text not null,
    of_revision  integer,                  -- whose content it has again
    because      text not null,
    content_json text not null,
    primary key (kind, key, revision)
  ) strict, without rowid;

  create table overlay_found (
    agent_id      text primary key,
    box_id        text not null,
    taken_at_ms   integer not null,
    version       text not null,           -- '' : not known
    platform      text not null,
    sha256        text not null,           -- of the file; '' : it could not be read
    fingerprint   text not null,           -- keyed, of all that it includes
    problem       text not null,           -- why there are no settings; '' : there are
    running       integer not null,        -- 1: its service ran then
    settings_json text                     -- redacted on the box
  ) strict;
  create index overlay_found_of_box on overlay_found (box_id);
`
