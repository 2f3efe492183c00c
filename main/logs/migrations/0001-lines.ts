/**
 * Lines as they come stand in `hot`, a row each, until a box has 256 kB of them; then they are sealed into a block:
 * compressed, with a word index. What pages are planned by is apart from the compressed bytes, so that it stays small.
 */
export const lines = `
  create table cursor (                    -- how far each file of a box was read
    box_id     text not null,
    agent      text not null,              -- key as the box's program knows it
    identity   text not null,              -- of the file, whatever it is named
    source     text not null,
    file       text not null,
    offset     integer not null,
    last_at_ms integer,                    -- corrected time of its newest line; null: none had one
    moved_ms   integer not null,
    primary key (box_id, agent, identity, source)
  ) strict, without rowid;

  create table last_seq (one integer primary key check (one = 1), seq integer not null) strict;
  insert into last_seq values (1, 0);

  create table hot (
    seq        integer primary key,
    box_id     text not null,
    agent_id   text,
    at_ms      integer not null,           -- corrected
    raw_at     integer,
    level      integer not null,           -- 0 none said, 1 trace … 6 fatal
    source     text not null,
    file       text not null,
    subsystem  text,
    run_id     text,
    session_id text,
    channel    text,
    line       text not null               -- text, and after a tab its other fields as JSON
  ) strict;
  create index hot_by_time on hot (at_ms);
  create index hot_by_box on hot (box_id);

  create table pile (                      -- what of a box stands in hot
    box_id   text primary key,
    bytes    integer not null,
    since_ms integer not null              -- when its first line came
  ) strict, without rowid;

  create table block (
    block_id  integer primary key,
    box_id    text not null,
    from_at   integer not null,            -- corrected, of its first and last line
    to_at     integer not null,
    first_seq integer not null,            -- smallest and largest
    last_seq  integer not null,
    lines     integer not null,
    errors    integer not null,            -- fatal and error
    warns     integer not null,
    infos     integer not null,            -- info and those that say no level
    raw_bytes integer not null
  ) strict;
  create index block_by_end on block (to_at, from_at);
  create index block_by_start on block (from_at, to_at);
  create index block_by_box_end on block (box_id, to_at);
  create index block_by_box_start on block (box_id, from_at);

  create table block_data (
    block_id integer primary key,
    text     blob not null,                -- zstd: a line each, in order of time
    columns  blob not null                 -- zstd: JSON
  ) strict;

  create virtual table word using fts5 (   -- rowid is the block's
    text, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 0'
  );

  create table gap (                       -- where lines are missing
    seq      integer primary key,
    box_id   text not null,
    agent_id text,
    at_ms    integer not null,
    raw_at   integer,
    source   text not null,
    file     text not null,
    reason   text not null,
    bytes    real not null,
    from_at  integer,                      -- corrected; null: nobody knows
    to_at    integer
  ) strict;
  create index gap_by_time on gap (at_ms);

  create table receipt (                   -- of a purge, until it stands in the diary
    receipt_id integer primary key,
    at_ms      integer not null,
    before_ms  integer not null,
    lines      integer not null,
    from_ms    integer not null,
    to_ms      integer not null
  ) strict;
`
