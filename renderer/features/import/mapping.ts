import type { ImportPreview } from '../../../shared/contract/index.ts'

/** Fields a CSV column can fill, as the engine names them, with the words the operator reads. */
export const csvFields = [
  { field: 'name', word: 'Name' },
  { field: 'host', word: 'Host' },
  { field: 'port', word: 'Port' },
  { field: 'user', word: 'User' },
  { field: 'key', word: 'Key file' },
  { field: 'client', word: 'Client' },
  { field: 'jump', word: 'Jump hosts' },
  { field: 'ring', word: 'Ring' },
  { field: 'keepAliveS', word: 'Keep-alive' },
] as const

/** Header of the file → the field it fills; empty: none. */
export type Mapping = Record<string, string>

/** The mapping a preview guessed. */
export function guessed(columns: ImportPreview['columns']): Mapping {
  return Object.fromEntries(columns.map(({ header, field }) => [header, field ?? '']))
}

/** Gives a field to a column. A field is filled by one column: the one that had it before fills nothing. */
export function assign(mapping: Mapping, header: string, field: string): Mapping {
  const freed = Object.entries(mapping).map(([other, had]) => [other, field !== '' && had === field ? '' : had])
  return { ...Object.fromEntries(freed), [header]: field }
}

/** What cannot be done with this mapping, in one sentence; empty when it can be read. */
export function mappingProblem(mapping: Mapping): string {
  const filled = new Set(Object.values(mapping))
  return filled.has('host') ? '' : 'No column fills Host. Choose the column that holds the address of each machine.'
}
