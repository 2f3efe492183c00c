/** Folders with the operator's own code, and what is known about branches beyond what a box itself can say. */
export const drift = `
  create table tracked_folder (
    folder_id     text primary key,
    box_id        text not null references box (box_id) on delete cascade,
    agent_id      text references agent (agent_id) on delete set null,
    name          text not null collate nocase,
    path          text not null,
    remote        text not null,           -- '' : the one it has
    branch        text not null,           -- '' : the one it has
    removed_at_ms integer
  ) strict;
  create unique index tracked_folder_by_name on tracked_folder (box_id, name) where removed_at_ms is null;

  create table checkout_seen (             -- newest reading of a tracked folder, judged again when more is known of its branch
    folder_id     text primary key,
    box_id        text not null,
    agent_id      text not null,           -- '' : the machine's
    at_ms         integer not null,
    observed_json text not null
  ) strict, without rowid;

  create table branch_tip (                -- the newest commit of a branch, by each who knows one
    remote          text not null,         -- address without user, scheme and .git
    branch          text not null,
    said_by         text not null,         -- 'remote', 'reference PATH', 'box ID PATH'
    commit_id       text not null,
    committed_at_ms integer,               -- null: only its name is known
    looked_at_ms    integer not null,      -- when that one last heard from the remote
    primary key (remote, branch, said_by)
  ) strict, without rowid;

  create table commit_count (              -- how many commits lie between two; history does not change
    from_commit text not null,
    to_commit   text not null,
    commits     integer not null,
    said_by     text not null,
    at_ms       integer not null,
    primary key (from_commit, to_commit)
  ) strict, without rowid;

  create table remote_answer (             -- when a remote was last asked for a branch
    remote      text not null,
    branch      text not null,
    asked_at_ms integer not null,
    problem     text not null,             -- '' : it answered
    primary key (remote, branch)
  ) strict, without rowid;

  create table version_need (              -- engines.node of a version of the runtime, as an install or the registry said
    version text primary key,
    node    text not null
  ) strict, without rowid;
`
