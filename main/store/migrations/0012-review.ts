/** Reviews: when each began and ended, what was seen in it and what was left open. Marks of before had no review. */
export const review = `
  drop table review_mark;

  create table review_session (
    review_id   text primary key,
    begun_at_ms integer not null,
    ended_at_ms integer,                   -- null: it goes on, or was never ended
    rows_seen   integer not null,          -- counted when it ends
    rows_left   integer not null,
    all_quiet   integer not null check (all_quiet in (0, 1))
  ) strict;
  create index review_session_by_time on review_session (begun_at_ms);

  create table review_finding (
    review_id  text not null references review_session (review_id) on delete cascade,
    finding_id text not null references finding (finding_id) on delete cascade,
    seen_at_ms integer,                    -- null: not looked at, or taken back
    left_over  integer not null check (left_over in (0, 1)),
    primary key (review_id, finding_id)
  ) strict, without rowid;
  create index review_finding_seen on review_finding (seen_at_ms);
`
