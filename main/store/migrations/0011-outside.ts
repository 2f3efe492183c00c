/**
 * How each part of a box read last, and what changed in it that this console did not do. No foreign keys to boxes: a
 * removed box may be brought back by undo.
 */
export const outside = `
  create table outside_baseline (          -- the time moves with each reading, so the value stands apart
    box_id      text not null,
    agent_id    text not null,             -- '' : about the machine
    part        text not null,
    hash        text not null,
    taken_at_ms integer not null,
    primary key (box_id, agent_id, part)
  ) strict, without rowid;

  create table outside_value (
    box_id     text not null,
    agent_id   text not null,
    part       text not null,
    value_json text not null,              -- redacted on the box
    primary key (box_id, agent_id, part)
  ) strict;

  create table outside_change (
    change_id     text primary key,
    box_id        text not null,
    agent_id      text not null,           -- '' : about the machine
    part          text not null,
    sentence      text not null,
    weight        text not null check (weight in ('listed', 'attention', 'red')),
    diff_json     text not null,
    more_lines    integer not null,
    at_ms         integer not null,        -- as far as the evidence tells
    not_before_ms integer not null,
    seen_at_ms    integer not null,
    who           text not null,           -- '' : unknown
    who_by        text not null check (who_by in ('named', 'logged-in', 'unknown')),
    evidence_json text not null,
    decided       text check (decided in ('mine', 'keep')),
    decided_at_ms integer
  ) strict;
  create index outside_change_of_box on outside_change (box_id, at_ms);
  create index outside_change_open on outside_change (box_id) where decided is null;
`
