import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { LogQuery } from '../../../shared/contract/index.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Radio, RadioGroup } from '../../ui/field.tsx'
import { momentFields, momentOf, noMoment } from '../../ui/moment-fields.ts'
import { MomentInput } from '../../ui/moment-input.tsx'
import { type Exported, exportLines, type Format, fileName, mostLines, saveFile } from './export-lines.ts'
import { countText } from './log-times.ts'
import { show } from './logs-state.ts'

interface ExportProps {
  query: LogQuery
  /** What is exported, in words: machines and filter. */
  about: string
  /** How many lines that is; null: nobody counted yet. */
  count: number | null
}

/** Saves what is shown, or a part of its time, as a file. */
export function ExportSheet(props: ExportProps) {
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && show(null)}
      title="Save to a file"
      description={props.about}
      width={440}
    >
      <ExportForm {...props} />
    </Sheet>
  )
}

function ExportForm({ query, count }: ExportProps) {
  const [format, setFormat] = useState<Format>('json-lines')
  const [from, setFrom] = useState(query.sinceMs === undefined ? noMoment : momentFields(query.sinceMs))
  const [to, setTo] = useState(query.untilMs === undefined ? noMoment : momentFields(query.untilMs))
  const [lines, setLines] = useState<number | null>(null)
  const [done, setDone] = useState<Exported | null>(null)
  const [error, setError] = useState<unknown>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const [sinceMs, untilMs] = [momentOf(from), momentOf(to)]
  const isWhole = sinceMs === (query.sinceMs ?? null) && untilMs === (query.untilMs ?? null)
  const isUnread = sinceMs === undefined || untilMs === undefined
  const isTurned = !isUnread && sinceMs !== null && untilMs !== null && untilMs <= sinceMs
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (isUnread || isTurned || lines !== null) return
    const { sinceMs: _since, untilMs: _until, ...rest } = query
    const asked = { ...rest, ...(sinceMs === null ? {} : { sinceMs }), ...(untilMs === null ? {} : { untilMs }) }
    running.current = new AbortController()
    setDone(null)
    setError(null)
    setLines(0)
    try {
      const made = await exportLines(asked, format, setLines, running.current.signal)
      if (made.lines > 0) saveFile(made.blob, fileName(format, Date.now()))
      setDone(made)
    } catch (failed) {
      if (!running.current.signal.aborted) setError(failed)
    } finally {
      setLines(null)
    }
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void save(event)}>
      <RadioGroup label="Format">
        <Radio
          name="export-format"
          label="JSON, a line each"
          help="Every field, for other programs."
          checked={format === 'json-lines'}
          onChange={() => setFormat('json-lines')}
        />
        <Radio
          name="export-format"
          label="Text, a line each"
          help="Time, machine, level, subsystem, words."
          checked={format === 'text'}
          onChange={() => setFormat('text')}
        />
      </RadioGroup>
      <MomentInput label="From" aside="optional" value={from} onChange={setFrom} />
      <MomentInput
        label="To"
        aside="optional"
        value={to}
        onChange={setTo}
        error={isTurned ? 'It ends before it begins.' : undefined}
      />
      <div className="flex items-center gap-3">
        <Button submit look="primary" keys="enter" disabled={isUnread || isTurned || lines !== null}>
          Save
        </Button>
        {lines !== null && (
          <Button small onClick={() => running.current?.abort()}>
            Stop
          </Button>
        )}
        <span className="figures text-text2" role="status">
          {lines !== null ? `${countText(lines)} lines so far` : (saidOf(done) ?? (isWhole ? countWords(count) : ''))}
        </span>
      </div>
      <p className="text-meta text-text3">
        Oldest first, at most {countText(mostLines)} lines. What was secret is masked in it, as on screen.
      </p>
      {error !== null && (
        <p role="alert" className="text-critical">
          {sentenceOf(error)}
        </p>
      )}
    </form>
  )
}

const countWords = (count: number | null): string =>
  count === null ? 'Counted while it is written.' : `${countText(count)} ${count === 1 ? 'line' : 'lines'}`

function saidOf(done: Exported | null): string | null {
  if (done === null) return null
  if (done.lines === 0) return 'No line lies there, so no file was made.'
  return done.cut
    ? `${countText(done.lines)} lines saved; the newer ones did not fit.`
    : `${countText(done.lines)} ${done.lines === 1 ? 'line' : 'lines'} saved.`
}
