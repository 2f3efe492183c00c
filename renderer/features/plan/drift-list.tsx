// biome-ignore-all lint/a11y/useSemanticElements: rows are options of a list that the page's keys move in
import { useEffect, useRef } from 'react'
import { untrusted } from '../../../shared/untrusted.ts'
import { useNow } from '../../ui/age.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { sinceText, whenText } from '../../ui/times.ts'
import { type DriftRow, pathOf, valueWords, whoseOf } from './drift-rows.ts'

const sections: readonly { kind: DriftRow['kind']; label: string }[] = [
  { kind: 'changed', label: 'Changed on a machine' },
  { kind: 'missing', label: 'Declared, not there yet' },
  { kind: 'excepted', label: 'Left as it is for a while' },
]

/** Every setting that is other than declared. */
export function DriftList({
  rows,
  present,
  onPick,
}: {
  rows: readonly DriftRow[]
  present: string | null
  onPick: (key: string) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (present !== null)
      list.current?.querySelector(`[data-drift="${CSS.escape(present)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [present])
  return (
    <div ref={list} role="listbox" aria-label="Settings other than declared" className="flex flex-col gap-6 py-4">
      {sections.map(({ kind, label }) => {
        const own = rows.filter((row) => row.kind === kind)
        return (
          own.length > 0 && (
            <section key={kind} aria-label={label} className="flex flex-col gap-1">
              <div className="px-6">
                <SectionLabel count={own.length}>{label}</SectionLabel>
              </div>
              <div role="presentation">
                {own.map((row) => (
                  <Row key={row.key} row={row} chosen={row.key === present} onPick={onPick} />
                ))}
              </div>
            </section>
          )
        )
      })}
    </div>
  )
}

const icons: Record<DriftRow['kind'], StateWordText> = { changed: 'Changed', missing: 'Waiting', excepted: 'Paused' }
const iconLabels = { changed: 'changed', missing: 'not there yet', excepted: 'left as it is' }

/** One setting, two lines: which and what; whose, by whom and when. */
function Row({ row, chosen, onPick }: { row: DriftRow; chosen: boolean; onPick: (key: string) => void }) {
  const now = useNow()
  const { kind, change, except } = row
  const words = valueWords(row)
  const who = change?.changedBy
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and choose
    <div
      role="option"
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen}
      data-drift={row.key}
      onClick={() => onPick(row.key)}
      className={`ring-inside flex h-14 gap-3 border-l-2 py-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <span className="flex h-5 items-center">
        <StateIcon word={icons[kind]} label={iconLabels[kind]} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate" title={untrusted(`${pathOf(row)}: ${words}`, 600)}>
          <span className="font-medium">
            <UntrustedText text={pathOf(row)} maxChars={300} />
          </span>
          {': '}
          <UntrustedText text={words} maxChars={300} />
        </p>
        <p className="truncate text-meta leading-5 text-text3">
          <UntrustedText text={whoseOf(row)} />
          {who && (
            <>
              {who.who === '' ? ' · by whom is not known' : ' · by '}
              <UntrustedText text={who.who} maxChars={60} />
            </>
          )}
          {except && <UntrustedText text={` · from ${except.label}`} />}
          {kind === 'missing' && change && (
            <UntrustedText text={` · from ${change.fromLabel === '' ? 'several layers' : change.fromLabel}`} />
          )}
        </p>
      </div>
      <span className="shrink-0 text-meta leading-5 text-text3">
        {who && sinceText(who.atMs, now)}
        {except && `until ${whenText(except.untilMs, now)}`}
      </span>
    </div>
  )
}
