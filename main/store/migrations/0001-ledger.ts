/** The diary's chain and its deletable names, and the console's settings. */
export const ledger = `
  create table ledger_entry (
    seq           integer primary key,        -- 1, 2, 3 … without holes
    at_ms         integer not null,           -- engine clock, Unix time
    actor         text not null check (actor in ('operator', 'console', 'cli')),
    kind          text not null,
    box_id        text,                       -- no foreign key: entries outlive what they speak of
    client_id     text,
    words         text not null,
    previous_hash text not null,              -- hash of entry seq - 1; 64 zeros before the first
    hash          text not null               -- SHA-256, hex
  ) strict;
  create index ledger_entry_by_box on ledger_entry (box_id, seq) where box_id is not null;
  create index ledger_entry_by_client on ledger_entry (client_id, seq) where client_id is not null;

  create table ledger_name (
    id   text primary key,                    -- a box id or a client id
    name text not null
  ) strict, without rowid;

  create table app_setting (
    key   text primary key,
    value text not null                       -- JSON
  ) strict, without rowid;
`
