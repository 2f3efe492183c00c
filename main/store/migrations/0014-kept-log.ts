/** Log lines that the operator keeps beyond their 90 days: copies, because `logs.db` forgets and is in no backup. */
export const keptLog = `
  create table kept_log (
    keep_id      text primary key,
    box_id       text not null references box (box_id) on delete cascade,
    reason       text not null,
    kept_at_ms   integer not null,
    records_json text not null             -- as they were shown, oldest first
  ) strict;
  create index kept_log_by_box on kept_log (box_id, kept_at_ms);
`
