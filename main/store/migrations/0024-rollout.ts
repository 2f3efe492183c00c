/** What the operator decided about answers that are not yes, for one revision of a patch. Only added to; the newest counts. */
export const rollout = `
  create table rollout_choice (
    choice_id integer primary key,
    patch_id  text not null,
    revision  integer not null,
    agent_id  text not null,
    question  text not null,
    exit      text,                        -- null: taken back
    because   text not null,
    at_ms     integer not null,
    actor     text not null check (actor in ('operator', 'cli'))
  ) strict;
  create index rollout_choice_of_patch on rollout_choice (patch_id, revision);
`
