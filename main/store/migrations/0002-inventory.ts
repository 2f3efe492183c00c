/** Clients, boxes and what hangs under them. Removed rows stay, marked, so that undo brings back everything that refers to them. */
export const inventory = `
  create table client (
    client_id       text primary key,
    name            text not null collate nocase,
    niche           text not null,
    region          text not null,
    time_zone       text not null,
    hours           text not null,            -- JSON: OpenSpan[]
    hours_assumed   integer not null check (hours_assumed in (0, 1)),
    stated_holidays text not null,            -- JSON: Holiday[]
    contacts        text not null,            -- JSON
    human_fallback  text not null,
    go_live_on      text not null,            -- YYYY-MM-DD or empty
    handles         text not null,            -- JSON: Handle[]
    amber_days      integer,
    red_days        integer,
    created_at_ms   integer not null,
    removed_at_ms   integer
  ) strict;
  create unique index client_by_name on client (name) where removed_at_ms is null;

  create table box (
    box_id          text primary key,
    name            text not null collate nocase,
    client_id       text references client (client_id),
    host            text not null,
    port            integer not null check (port between 1 and 65535),
    user            text not null,
    auth            text not null,            -- JSON: Auth
    hops            text not null,            -- JSON: box ids, nearest to this computer first
    ring            text not null check (ring in ('lab', 'canary', 'rest')),
    expected_on     text not null,            -- JSON
    jump_only       integer not null check (jump_only in (0, 1)),
    keep_alive_s    integer,
    launcher        text,
    fingerprint_key text,                     -- 64 hex digits: replaces this box's secrets by fingerprints
    created_at_ms   integer not null,
    removed_at_ms   integer
  ) strict;
  create unique index box_by_name on box (name) where removed_at_ms is null;
  create index box_by_client on box (client_id);

  create table agent (
    agent_id         text primary key,
    box_id           text not null references box (box_id) on delete cascade,
    runtime          text not null,
    profile          text not null,
    state_dir        text not null,
    first_seen_at_ms integer not null,
    unique (box_id, state_dir)
  ) strict;

  create table workflow (
    workflow_id   text primary key,
    client_id     text not null references client (client_id) on delete cascade,
    name          text not null collate nocase,
    description   text not null,
    removed_at_ms integer
  ) strict;
  create unique index workflow_by_name on workflow (client_id, name) where removed_at_ms is null;

  create table note (
    note_id       text primary key,
    box_id        text references box (box_id) on delete cascade,
    client_id     text references client (client_id) on delete cascade,
    text          text not null,
    updated_at_ms integer not null,
    removed_at_ms integer
  ) strict;
  create index note_by_box on note (box_id);
  create index note_by_client on note (client_id);

  create table test_handle (
    position integer primary key,
    handle   text not null                    -- JSON: Handle
  ) strict;
`
