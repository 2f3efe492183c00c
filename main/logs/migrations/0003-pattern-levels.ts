/** How many lines of a kind came a day at each level: what is usual of it, and what is not. */
export const patternLevels = `
  create table pattern_count (
    pattern_id text not null references pattern (pattern_id) on delete cascade,
    day        integer not null,           -- days since 1970, in the operator's own time when they came
    level      integer not null,           -- as in hot; 0 for what came before levels were counted
    lines      integer not null,
    primary key (pattern_id, day, level)
  ) strict, without rowid;
  insert into pattern_count select pattern_id, day, 0, lines from pattern_day;
  drop table pattern_day;
  alter table pattern drop column level;
`
