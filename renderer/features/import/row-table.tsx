import type { ImportRow } from '../../../shared/contract/index.ts'
import { MachineName } from '../../ui/machine-name.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { missingHops, nameTaken, rowKey, type Sorted, toggle, toggleAll } from './choose.ts'

export interface RowTableProps {
  rows: readonly ImportRow[]
  sorted: Sorted
  chosen: ReadonlySet<string>
  onChoose: (chosen: ReadonlySet<string>) => void
}

const columns =
  'grid grid-cols-[16px_minmax(0,1.2fr)_minmax(0,1.6fr)_minmax(0,1fr)_minmax(0,0.6fr)] items-baseline gap-x-3 px-6'

/** The rows of a file by what can be done with them. */
export function RowTable({ rows, sorted, chosen, onChoose }: RowTableProps) {
  const hops = missingHops(rows, chosen)
  const choosable = [
    { name: 'Machines', rows: sorted.usable },
    { name: 'Here already, or twice in the file', rows: sorted.here },
  ].filter((part) => part.rows.length > 0)
  return (
    <div className="pb-6">
      {choosable.map((part) => (
        <section key={part.name} aria-label={part.name} className="pt-4">
          <div className={`${columns} sticky top-0 z-1 h-7 border-b border-line bg-canvas text-label text-text2`}>
            <input
              type="checkbox"
              aria-label={`All of: ${part.name}`}
              className="size-4 translate-y-[3px] accent-accent"
              disabled={part.rows.every(nameTaken)}
              checked={
                part.rows.some((row) => !nameTaken(row)) &&
                part.rows.every((row) => nameTaken(row) || chosen.has(rowKey(row)))
              }
              onChange={() => onChoose(toggleAll(chosen, part.rows))}
            />
            <span>{`${part.name} · ${part.rows.length}`}</span>
            <span>Address</span>
            <span>Client</span>
            <span>Jump hosts</span>
          </div>
          {part.rows.map((row) => (
            <UsableRow
              key={rowKey(row)}
              row={row}
              chosen={chosen.has(rowKey(row))}
              leftOut={hops.get(rowKey(row)) ?? []}
              onToggle={() => onChoose(toggle(chosen, rowKey(row)))}
            />
          ))}
        </section>
      ))}
      {sorted.bad.length > 0 && <BadRows rows={sorted.bad} />}
      {rows.length === 0 && <p className="p-6">This file names no machine.</p>}
    </div>
  )
}

function UsableRow({
  row,
  chosen,
  leftOut,
  onToggle,
}: {
  row: ImportRow
  chosen: boolean
  leftOut: string[]
  onToggle: () => void
}) {
  const { box } = row
  return (
    <label data-line={row.line} className={`${columns} min-h-9 py-[7px] hover:bg-sunken ${chosen ? '' : 'text-text3'}`}>
      <input
        type="checkbox"
        aria-label={row.name}
        className="size-4 translate-y-[3px] accent-accent"
        checked={chosen}
        disabled={nameTaken(row)}
        onChange={onToggle}
      />
      <MachineName name={row.name} className="font-medium" />
      <span className="flex min-w-0 font-mono text-code">
        <span className="truncate">
          <UntrustedText text={box ? `${box.user}@${box.host}` : ''} maxChars={80} />
        </span>
        {box && box.port !== 22 && <span className="shrink-0">{`:${box.port}`}</span>}
      </span>
      <span className="min-w-0 truncate text-text2">
        {row.clientName ? <UntrustedText text={row.clientName} maxChars={80} /> : '—'}
      </span>
      <span className="min-w-0 truncate text-text2">
        {row.hopNames.length > 0 ? <UntrustedText text={row.hopNames.join(', ')} maxChars={80} /> : '—'}
      </span>
      {(row.duplicateOf !== null || leftOut.length > 0) && (
        <span className="col-start-2 -col-end-1 text-meta text-warning">
          {row.duplicateOf !== null && (
            <UntrustedText
              text={
                nameTaken(row)
                  ? `Line ${row.line}: there is a ${row.duplicateOf} already, so this one needs another name first.`
                  : `Line ${row.line}: the address of ${row.duplicateOf}, under another name.`
              }
            />
          )}
          {leftOut.length > 0 && <UntrustedText text={` Its jump host ${leftOut.join(', ')} is not chosen.`} />}
        </span>
      )}
    </label>
  )
}

function BadRows({ rows }: { rows: readonly ImportRow[] }) {
  return (
    <section aria-label="Cannot be used" className="px-6 pt-6">
      <SectionLabel count={rows.length}>Cannot be used</SectionLabel>
      <ul className="readable pt-1">
        {rows.map((row) => (
          <li
            key={`${row.line}:${row.name}`}
            data-bad-line={row.line}
            className="grid min-h-7 grid-cols-[56px_minmax(0,1fr)_minmax(0,2.6fr)] items-baseline gap-3 py-1"
          >
            <span className="figures text-meta text-text3">{`line ${row.line}`}</span>
            <span className="min-w-0 truncate text-text2">
              {row.name ? <UntrustedText text={row.name} maxChars={60} /> : '—'}
            </span>
            <span className="min-w-0 break-words">
              <UntrustedText text={row.problems.join(' ')} maxChars={400} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
