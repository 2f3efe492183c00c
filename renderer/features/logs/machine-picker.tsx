import { useState } from 'react'
import type { BoxId, FleetRow } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { InputBox } from '../../ui/field.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { EmptyLine, Meta } from '../../ui/text.tsx'
import { show, useLogsState } from './logs-state.ts'
import type { Machines } from './use-machines.ts'

/** So many machines are drawn; the field above finds the others. */
const drawnRows = 200

const choose = (boxIds: readonly BoxId[] | null) => useLogsState.setState({ boxIds, around: null })

const isFound = (row: FleetRow, words: readonly string[]): boolean =>
  words.every((word) => `${row.boxName} ${row.clientName} ${row.niche}`.toLowerCase().includes(word))

/** Whose lines are shown: machines under their clients. */
export function MachinePicker({ machines, shown }: { machines: Machines; shown: readonly BoxId[] }) {
  return (
    <Sheet open onOpenChange={(open) => !open && show(null)} title="Machines" width={440}>
      <Choice machines={machines} shown={shown} />
    </Sheet>
  )
}

function Choice({ machines, shown }: { machines: Machines; shown: readonly BoxId[] }) {
  const [typed, setTyped] = useState('')
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = machines.rows.filter((row) => isFound(row, words))
  const chosen = new Set(shown)
  const toggle = (boxId: BoxId) => {
    const next = new Set(chosen)
    if (!next.delete(boxId)) next.add(boxId)
    if (next.size > 0) choose(next.size === machines.rows.length ? null : [...next])
  }
  return (
    <div className="flex flex-col gap-3">
      <InputBox
        aria-label="Machine or client"
        placeholder="Machine or client"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="flex items-center gap-3">
        <Button small disabled={shown.length === machines.rows.length} onClick={() => choose(null)}>
          All {machines.rows.length}
        </Button>
        {words.length > 0 && found.length > 0 && (
          <Button small onClick={() => choose(found.map(({ boxId }) => boxId))}>
            Only these {found.length}
          </Button>
        )}
        <Meta className="figures">
          {shown.length} of {machines.rows.length} shown
        </Meta>
      </div>
      {found.length === 0 && <EmptyLine>No machine and no client is called that.</EmptyLine>}
      <ul className="flex flex-col">
        {found.slice(0, drawnRows).map((row) => (
          <MachineLine
            key={row.boxId}
            row={row}
            checked={chosen.has(row.boxId)}
            last={chosen.size === 1}
            onToggle={() => toggle(row.boxId)}
          />
        ))}
      </ul>
      {found.length > drawnRows && <Meta>{found.length - drawnRows} more; type a part of a name to find them.</Meta>}
    </div>
  )
}

function MachineLine({
  row,
  checked,
  last,
  onToggle,
}: {
  row: FleetRow
  checked: boolean
  /** It is the only one shown: taking it away would show nothing. */
  last: boolean
  onToggle: () => void
}) {
  return (
    <li className="flex min-h-9 items-center gap-3">
      <label className="flex min-h-7 min-w-0 flex-1 items-center gap-3">
        <input
          type="checkbox"
          checked={checked}
          disabled={checked && last}
          onChange={onToggle}
          className="size-4 shrink-0 accent-accent"
        />
        <MachineName name={row.boxName} className="max-w-[180px]" />
        <span className="min-w-0 flex-1 truncate text-meta text-text3">{untrusted(row.clientName)}</span>
        {row.state === 'Offline' && <StateIcon word="Offline" label="Offline" />}
      </label>
      <TextButton aria-label={`Only ${row.boxName}`} onClick={() => choose([row.boxId])}>
        only
      </TextButton>
    </li>
  )
}
