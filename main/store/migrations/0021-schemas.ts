/** What each version of a runtime can be set to, as one machine's own copy of it said. */
export const schemas = `
  create table runtime_schema (
    runtime      text not null,
    version      text not null,
    box_id       text not null,             -- of whom it was asked; it may be gone by now
    taken_at_ms  integer not null,
    settings     integer not null,          -- how many
    index_zip    blob not null,             -- SchemaIndex as JSON, deflated
    primary key (runtime, version)
  ) strict, without rowid;
`
