import type { Pattern } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import type { PatternRow } from './fold.ts'
import { LevelWord } from './pattern-list.tsx'
import { PatternText } from './pattern-text.tsx'
import { louderWords, mutedWords, newWords } from './row-words.ts'

export interface PatternActs {
  readonly showLines: (pattern: Pattern) => void
  readonly mute: () => void
  readonly unmute: () => void
  readonly note: () => void
  readonly copy: () => void
}

const dayMs = 24 * 3_600_000
const dayNames = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })

/** One kind of line: whole, when it came, where, and what can be done about it. */
export function PatternPane({
  row,
  names,
  readOnly,
  acts,
}: {
  row: PatternRow
  names: ReadonlyMap<string, string>
  readOnly: boolean
  acts: PatternActs
}) {
  const [newest] = row.patterns
  const nowMs = Date.now()
  const today = Math.floor((nowMs - new Date(nowMs).getTimezoneOffset() * 60_000) / dayMs)
  const machines = row.boxIds.length === 1 ? '1 machine' : `${row.boxIds.length} machines`
  const about = [
    `${row.lines.toLocaleString('en-GB')} ${row.lines === 1 ? 'line' : 'lines'} on ${machines}`,
    louderWords(row),
    newWords(row),
    mutedWords(row),
  ].filter((words) => words !== null)
  const days = row.perDay
    .map((lines, place) => ({ lines, day: today - row.perDay.length + 1 + place }))
    .filter(({ lines }) => lines > 0)
    .toReversed()
  return (
    <div className="readable flex flex-col gap-6 px-6 py-4">
      <header className="flex flex-col gap-1">
        <p className="break-words">
          <PatternText text={row.text} maxChars={1000} />
        </p>
        <p className="text-meta leading-5 text-text3">
          <LevelWord row={row} />
          {about.join(' · ')}
        </p>
      </header>
      <section className="flex flex-col gap-3">
        <SectionLabel>Next step</SectionLabel>
        <div className="flex flex-wrap gap-2">
          {newest && (
            <Button look="primary" small keys="enter" onClick={() => acts.showLines(newest)}>
              Newest line
            </Button>
          )}
          {row.muted === null ? (
            <Button small keys="z" disabled={readOnly} onClick={acts.mute}>
              Mute
            </Button>
          ) : (
            <Button small keys="z" disabled={readOnly} onClick={acts.unmute}>
              Show again
            </Button>
          )}
          <Button small keys="n" disabled={readOnly} onClick={acts.note}>
            Note or flag
          </Button>
          <Button small keys="c" onClick={acts.copy}>
            Copy
          </Button>
        </div>
        {readOnly && <p className="text-meta text-text3">This console was started to read only.</p>}
        {row.muted !== null && <p className="text-text2">{`Muted: ${row.muted}`}</p>}
      </section>
      <section className="flex flex-col gap-2">
        <SectionLabel count={row.boxIds.length}>Machines</SectionLabel>
        <ul className="flex flex-col gap-1">
          {row.patterns.map((pattern) => (
            <li key={pattern.patternId} className="flex items-baseline gap-3">
              <TextButton
                className="w-[160px] min-w-0 shrink-0 truncate text-left"
                onClick={() => acts.showLines(pattern)}
              >
                <UntrustedText text={names.get(pattern.boxId) ?? 'a machine that was removed'} />
              </TextButton>
              <span className="min-w-0 flex-1 text-text2">
                <span className="figures">{pattern.lines.toLocaleString('en-GB')}</span>
                {pattern.lines === 1 ? ' line' : ' lines'}
                {', first '}
                <Age atMs={pattern.firstAtMs} inSentence className="" />
                {pattern.newSinceUpdate ? ', new since its update' : pattern.newThisWeek && ', new this week'}
              </span>
              <Age atMs={pattern.lastAtMs} />
            </li>
          ))}
        </ul>
      </section>
      <section className="flex flex-col gap-2">
        <SectionLabel>Lines a day</SectionLabel>
        <dl className="flex flex-col gap-1">
          {days.map(({ day, lines }) => (
            <div key={day} className="flex gap-3">
              <dt className="w-[132px] shrink-0 text-text2">{dayNames.format(day * dayMs)}</dt>
              <dd className="figures w-16 text-right">{lines.toLocaleString('en-GB')}</dd>
            </div>
          ))}
        </dl>
        <p className="text-meta text-text3">Days of this computer’s own time.</p>
      </section>
    </div>
  )
}
