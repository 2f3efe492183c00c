import { useRef } from 'react'
import type { Handle } from '../../shared/contract/index.ts'
import { Button, TextButton } from './button.tsx'
import { InputBox } from './field.tsx'
import {
  editHandle,
  emptyHandle,
  guessKind,
  type HandleRow,
  handleKinds,
  repeatedHandles,
  settleHandle,
} from './handles.ts'

/** Checks one handle with the engine: the normalised handle, or the sentence that says why it is none. */
export type CheckHandle = (kind: Handle['kind'], value: string) => Promise<{ handle: Handle } | { problem: string }>

export interface HandleListProps {
  rows: readonly HandleRow[]
  /** Gets a function of the rows as they then are: answers of a check arrive late. */
  onChange: (change: (rows: readonly HandleRow[]) => HandleRow[]) => void
  check: CheckHandle
  /** Words of the button that adds a row. */
  addWords: string
  /** Whether a row says if it was proved by a real exchange. Only an exchange can prove it. */
  proofs?: boolean
}

/** Ways of being reached: each is checked and normalised when its field is left. What is refused stays as typed, with the reason. */
export function HandleList({ rows, onChange, check, addWords, proofs = true }: HandleListProps) {
  const added = useRef(0)
  const repeated = repeatedHandles(rows)
  const look = async (row: HandleRow) => {
    if (row.value.trim() === '' || row.state === 'checked') return
    const kind = guessKind(row.value, row.kind)
    onChange((now) => editHandle(now, row.key, { kind }))
    const answer = await check(kind, row.value)
    onChange((now) => settleHandle(now, { key: row.key, kind, value: row.value }, answer))
  }
  return (
    <div className="flex flex-col gap-2">
      {rows.map((row) => (
        <HandleLine
          key={row.key}
          row={row}
          problem={row.problem || (repeated.has(row.key) ? 'This one is in the list already; it is saved once.' : '')}
          proofs={proofs}
          onEdit={(change) => onChange((now) => editHandle(now, row.key, change))}
          onLeave={() => void look(row)}
          onRemove={() => onChange((now) => now.filter(({ key }) => key !== row.key))}
        />
      ))}
      <div>
        <Button
          small
          onClick={() => {
            added.current += 1
            onChange((now) => [...now, emptyHandle(`added-${Date.now()}-${added.current}`)])
          }}
        >
          {addWords}
        </Button>
      </div>
    </div>
  )
}

interface LineProps {
  row: HandleRow
  problem: string
  proofs: boolean
  onEdit: (change: Partial<Pick<HandleRow, 'kind' | 'value' | 'label'>>) => void
  onLeave: () => void
  onRemove: () => void
}

function HandleLine({ row, problem, proofs, onEdit, onLeave, onRemove }: LineProps) {
  const example = handleKinds.find(({ kind }) => kind === row.kind)?.example
  return (
    <div className="max-w-[496px]">
      <div className="grid grid-cols-[92px_1fr_120px_auto] items-center gap-2">
        <select
          aria-label="Kind"
          value={row.kind}
          onChange={(event) => onEdit({ kind: event.target.value as Handle['kind'] })}
          onBlur={onLeave}
          className="h-8 w-full rounded-control border border-control bg-surface px-[10px]"
        >
          {handleKinds.map(({ kind, word }) => (
            <option key={kind} value={kind}>
              {word}
            </option>
          ))}
        </select>
        <InputBox
          aria-label="Number, address or id"
          aria-invalid={row.problem ? true : undefined}
          value={row.value}
          placeholder={example}
          onChange={(event) => onEdit({ value: event.target.value })}
          onBlur={onLeave}
        />
        <InputBox
          aria-label="Whose it is"
          value={row.label}
          maxLength={100}
          placeholder="whose"
          onChange={(event) => onEdit({ label: event.target.value })}
        />
        <TextButton onClick={onRemove} aria-label={`Remove ${row.value || 'this line'}`}>
          Remove
        </TextButton>
      </div>
      {problem && (
        <p role="alert" className="pl-[100px] text-meta text-critical">
          {problem}
        </p>
      )}
      {proofs && row.value.trim() !== '' && !problem && (
        <p className={`pl-[100px] text-meta ${row.trust === 'proved' ? 'text-text3' : 'text-warning'}`}>
          {row.trust === 'proved' ? 'Proved by a real exchange' : 'Typed, not proved yet'}
        </p>
      )}
    </div>
  )
}
