// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys move and open
import { useEffect, useRef } from 'react'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { type PatternRow, type Section, type SectionKey, sectionNames } from './fold.ts'
import { PatternText } from './pattern-text.tsx'
import { louderWords, mutedWords, newWords } from './row-words.ts'
import { Spark } from './spark.tsx'

/** Sections that are one line until they are opened. */
export const folded: readonly SectionKey[] = ['rest', 'muted']
/** Rows of a section that are shown; a filter reaches the others. */
export const mostRows = 200

const tones = { fatal: 'text-critical', error: 'text-critical', warn: 'text-warning' } as const

/** The usual level of a kind, when it says something at a glance. */
export function LevelWord({ row: { level } }: { row: PatternRow }) {
  const loud = level && level in tones ? (level as keyof typeof tones) : null
  return loud && <span className={`mr-2 ${tones[loud]}`}>{loud}</span>
}

export function PatternList({
  sections,
  open,
  chosen,
  names,
  onChoose,
  onOpenLines,
  onOpenSection,
}: {
  sections: readonly Section[]
  open: readonly SectionKey[]
  chosen: string | null
  /** Of machines, by id. */
  names: ReadonlyMap<string, string>
  onChoose: (key: string) => void
  onOpenLines: () => void
  onOpenSection: (key: SectionKey) => void
}) {
  return (
    <div role="listbox" aria-label="Kinds of lines" className="pb-6">
      {sections.map(({ key, rows }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options
        <div key={key} role="group" aria-label={sectionNames[key]} className="pt-4">
          <div className="flex h-7 items-center gap-3 px-6">
            <SectionLabel count={rows.length}>{sectionNames[key]}</SectionLabel>
            {folded.includes(key) && (
              <Button small aria-expanded={open.includes(key)} onClick={() => onOpenSection(key)}>
                {open.includes(key) ? 'Hide' : 'Show'}
              </Button>
            )}
          </div>
          {(!folded.includes(key) || open.includes(key)) && (
            <>
              {rows.slice(0, mostRows).map((row) => (
                <Row
                  key={row.key}
                  row={row}
                  chosen={row.key === chosen}
                  names={names}
                  onChoose={() => onChoose(row.key)}
                  onOpen={onOpenLines}
                />
              ))}
              {rows.length > mostRows && (
                <p className="px-6 pt-2 text-meta text-text3">{`${rows.length - mostRows} more; a filter finds them.`}</p>
              )}
            </>
          )}
        </div>
      ))}
    </div>
  )
}

function Row({
  row,
  chosen,
  names,
  onChoose,
  onOpen,
}: {
  row: PatternRow
  chosen: boolean
  names: ReadonlyMap<string, string>
  onChoose: () => void
  onOpen: () => void
}) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const [firstBox] = row.boxIds
  const where = row.boxIds.length === 1 ? (names.get(firstBox ?? '') ?? '') : `${row.boxIds.length} machines`
  const beside = [louderWords(row), newWords(row), mutedWords(row)].filter((words) => words !== null)
  return (
    <div
      ref={element}
      role="option"
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      data-pattern={row.key}
      onClick={onChoose}
      onDoubleClick={onOpen}
      className={`ring-inside flex h-14 scroll-my-2 items-center gap-4 border-l-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <PatternText text={row.text} />
        </p>
        <p className="truncate text-meta leading-5 text-text3">
          <LevelWord row={row} />
          <UntrustedText text={where} />
          {beside.map((words) => ` · ${words}`)}
          {row.subsystem && (
            <>
              {' · '}
              <UntrustedText text={row.subsystem} maxChars={40} />
            </>
          )}
          {row.muted && (
            <>
              {' · '}
              {row.muted}
            </>
          )}
        </p>
      </div>
      <Spark perDay={row.perDay} label={`Lines a day: ${row.perDay.join(', ')}`} />
      <div className="w-[88px] shrink-0 text-right">
        <p className="figures leading-5">{row.lines.toLocaleString('en-GB')}</p>
        <Age atMs={row.lastAtMs} />
      </div>
    </div>
  )
}
