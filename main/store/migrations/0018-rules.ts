/**
 * How the rules stood at each agent when it was looked at last, who was answered and may not be, and the versions none may
 * be below. No foreign keys to boxes: a removed box may be brought back by undo.
 */
export const rules = `
  create table rule_subject (
    box_id        text not null,
    agent_id      text not null,
    version       text not null,
    settings_json text,                    -- redacted on the box; null: not read
    doors_json    text,                    -- null: not read
    pairing_json  text not null,
    duties_json   text not null,
    verdicts_json text not null,
    cannot_tell   text,                    -- who was answered: '' all of it is known; null: not read
    taken_at_ms   integer not null,
    primary key (box_id, agent_id)
  ) strict;

  create table rule_person (               -- who is let in, to find one handle at two clients
    person   text not null,                -- in the form in which two spellings of it are equal
    box_id   text not null,
    agent_id text not null,
    primary key (person, box_id, agent_id)
  ) strict, without rowid;
  create index rule_person_of_agent on rule_person (box_id, agent_id);

  create table rule_stranger (
    box_id             text not null,
    agent_id           text not null,
    mark               text not null,      -- keyed fingerprint: who it is stays on the box
    ending             text not null,
    channel            text not null,      -- '' : the box does not say
    account            text not null,
    how                text not null check (how in ('answered', 'pairing-code')),
    times              integer not null,
    first_at_ms        integer not null,
    last_at_ms         integer not null,
    looked_after_at_ms integer,
    primary key (box_id, agent_id, mark, channel, account, how)
  ) strict, without rowid;

  create table version_floor (
    version   text primary key,
    reason    text not null,
    link      text not null,
    set_at_ms integer not null
  ) strict;
`
