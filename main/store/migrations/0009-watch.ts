/** Light sweeps, when the console was last alive, and the spans in which nobody watched. */
export const watch = `
  alter table sweep add column kind text not null default 'full' check (kind in ('full', 'light'));

  create table watch_pulse (               -- one row: the last moment at which the console was surely awake
    one   integer primary key check (one = 1),
    at_ms integer not null
  ) strict;

  create table unwatched (
    from_ms integer primary key,
    to_ms   integer,                       -- null: nobody has looked since
    why     text not null check (why in ('app closed', 'asleep', 'no network'))
  ) strict;
`
