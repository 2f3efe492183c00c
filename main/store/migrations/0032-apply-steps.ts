/** A change may run commands and bring tracked folders to other commits. */
export const applySteps = `
  alter table apply_job add column commands text not null default '[]';  -- JSON: line, what takes it back, seconds, when
  alter table apply_job add column folders text not null default '[]';   -- JSON: name, where, to what, from what
`
