/** Files that layers carry, by their content; what else a plan starts from; and which files a change carried. */
export const files = `
  create table overlay_file (
    sha256      text primary key,
    bytes       blob not null,
    added_at_ms integer not null
  ) strict;

  alter table overlay_found add column files_json text;    -- the agent's own files by path; null: not read yet
  alter table overlay_found add column pairing_json text;  -- who was let in by a code; null: not read

  alter table apply_job add column files text not null default '[]';  -- JSON: path, hash, executable
`
