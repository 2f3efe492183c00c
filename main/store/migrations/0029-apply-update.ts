/** A change may bring the runtime to another version. */
export const applyUpdate = `
  alter table apply_job add column runtime_update text;  -- JSON: from, to; null: the runtime stayed
`
