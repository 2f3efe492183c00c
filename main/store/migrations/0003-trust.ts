/** Host keys a person accepted, and keys shown since that were not those. History stands in the ledger. */
export const trust = `
  create table trust_pin (
    box_id         text primary key,
    algorithm      text not null,
    host_key       text not null,              -- public key blob, base64
    accepted_at_ms integer not null,           -- engine clock, Unix time
    source         text not null               -- in words: where the acceptance came from
  ) strict, without rowid;
  create table trust_change (
    box_id         text primary key references trust_pin (box_id) on delete cascade,
    algorithm      text not null,
    host_key       text not null,              -- what the box showed instead of its pin, base64
    seen_at_ms     integer not null
  ) strict, without rowid;`
