import type { Handle } from '../../shared/contract/index.ts'

/** A handle while it is being edited. `problem` is the sentence under the row; empty while nothing is wrong. */
export type HandleRow = {
  /** Tells rows apart while their values change. */
  key: string
  kind: Handle['kind']
  value: string
  label: string
  trust: Handle['trust']
  state: 'unchecked' | 'checking' | 'checked'
  problem: string
}

export const handleKinds: { kind: Handle['kind']; word: string; example: string }[] = [
  { kind: 'phone', word: 'Phone', example: '+1 555 010 0100' },
  { kind: 'email', word: 'E-mail', example: 'dana@example.com' },
  { kind: 'telegram', word: 'Telegram', example: '123456789' },
  { kind: 'other', word: 'Other', example: '' },
]

/** Rows of saved handles; what was saved had been checked. */
export function handleRows(handles: readonly Handle[]): HandleRow[] {
  return handles.map((handle, at) => ({ ...handle, key: `saved-${at}`, state: 'checked', problem: '' }))
}

/** A row nothing was typed into. */
export function emptyHandle(key: string): HandleRow {
  return { key, kind: 'phone', value: '', label: '', trust: 'typed', state: 'unchecked', problem: '' }
}

/** An e-mail address is recognised by its @ with a dotted name after it; otherwise the kind stays as chosen. */
export function guessKind(value: string, chosen: Handle['kind']): Handle['kind'] {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim())) return 'email'
  if (chosen === 'email' && /^\+?[\d\s().-]{7,}$/.test(value.trim())) return 'phone'
  return chosen
}

/** Changes one row. Another value or kind is neither checked nor proved any more. */
export function editHandle(
  rows: readonly HandleRow[],
  key: string,
  change: Partial<Pick<HandleRow, 'kind' | 'value' | 'label'>>,
): HandleRow[] {
  return rows.map((row) => {
    if (row.key !== key) return row
    const moved =
      (change.value !== undefined && change.value !== row.value) ||
      (change.kind !== undefined && change.kind !== row.kind)
    const next = { ...row, ...change }
    return moved ? { ...next, trust: 'typed', state: 'unchecked', problem: '' } : next
  })
}

/** Takes the answer of the check, unless the row was changed while it was under way. */
export function settleHandle(
  rows: readonly HandleRow[],
  asked: Pick<HandleRow, 'key' | 'kind' | 'value'>,
  answer: { handle: Handle } | { problem: string },
): HandleRow[] {
  return rows.map((row) => {
    if (row.key !== asked.key || row.value !== asked.value || row.kind !== asked.kind) return row
    if ('problem' in answer) return { ...row, state: 'unchecked', problem: answer.problem }
    return { ...row, kind: answer.handle.kind, value: answer.handle.value, state: 'checked', problem: '' }
  })
}

/** Rows that hold a value and whose value nobody has checked yet. */
export function uncheckedHandles(rows: readonly HandleRow[]): HandleRow[] {
  return rows.filter((row) => row.value.trim() !== '' && row.state !== 'checked')
}

/** A second row with the same kind and value, by key; the first of the two is not named. */
export function repeatedHandles(rows: readonly HandleRow[]): Set<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const row of rows) {
    const id = `${row.kind}:${row.value.trim().toLowerCase()}`
    if (row.value.trim() === '') continue
    if (seen.has(id)) repeated.add(row.key)
    seen.add(id)
  }
  return repeated
}

/** Rows back to the contract's handles. Rows without a value and repeated ones are left out. */
export function toHandles(rows: readonly HandleRow[]): Handle[] {
  const repeated = repeatedHandles(rows)
  return rows
    .filter((row) => row.value.trim() !== '' && !repeated.has(row.key))
    .map(({ kind, value, label, trust }) => ({ kind, value: value.trim(), label: label.trim(), trust }))
}
