/** What the operator flagged of a machine's log, to be put right the same day; what is done stays, for how long it took. */
export const flags = `
  create table flag (
    flag_id       text primary key,
    box_id        text not null references box (box_id) on delete cascade,
    words         text not null,
    line          text not null,           -- the line, or the kind of line, as it was shown
    line_at_ms    integer not null,
    flagged_at_ms integer not null,
    due_ms        integer not null,        -- end of that day at the client
    done_at_ms    integer
  ) strict, without rowid;
  create index flag_open on flag (box_id, due_ms) where done_at_ms is null;
`
