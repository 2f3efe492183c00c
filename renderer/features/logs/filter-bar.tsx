import { useStore } from 'zustand'
import { untrusted } from '../../../shared/untrusted.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { Hint } from '../../ui/page.tsx'
import { Meta } from '../../ui/text.tsx'
import { termWords } from './filter-words.ts'
import { clearFilter, useLogsState } from './logs-state.ts'
import { type LogFilter, type Term, without } from './read-filter.ts'
import type { Reader } from './reader-state.ts'

const take = (term: Term) => useLogsState.setState(({ typed }) => ({ typed: without(typed, term), around: null }))

/** The line under the header while something is filtered: what was typed, and each part of it in words with a way to drop it. */
export function FilterBar({ filter, reader }: { filter: LogFilter; reader: Reader }) {
  const { typed, filterOpen, around } = useLogsState()
  const { search, error } = useStore(reader.state)
  const problem = filter.problems[0] ?? (search && error !== null ? sentenceOf(error) : null)
  return (
    <search className="flex shrink-0 flex-col gap-1 border-b border-line px-6 py-2">
      <div className="flex items-start gap-3">
        <FilterField
          id="logs-filter"
          value={typed}
          open={filterOpen}
          width="w-[360px] max-[1119px]:w-[260px]"
          mono
          maxLength={1000}
          problemId={problem ? 'logs-filter-problem' : undefined}
          onChange={(next) => useLogsState.setState({ typed: next, around: null })}
          onOpenChange={(open) => useLogsState.setState({ filterOpen: open })}
          onClear={clearFilter}
        />
        <span className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-4">
          {around ? (
            <Meta>lifted, so that all lines of one machine are seen</Meta>
          ) : filter.terms.length === 0 ? (
            <Meta className="line-clamp-2">
              words, -without, "whole words", /expression/, level:warn, run: session: channel: subsystem:, since:2h
            </Meta>
          ) : (
            filter.terms.map((term) => <Chip key={`${term.kind} ${term.typed}`} term={term} />)
          )}
        </span>
        <span className="shrink-0 text-meta leading-8 text-text3">
          <Hint keys={['escape']} words={around && !filterOpen ? 'back to it' : 'clears'} />
        </span>
      </div>
      {problem && (
        <p id="logs-filter-problem" role="alert" className="pl-[46px] text-meta text-critical">
          {untrusted(problem, 300)}
        </p>
      )}
    </search>
  )
}

/** A part of the filter in words. No box round it: it is a word with a way to drop it. */
function Chip({ term }: { term: Term }) {
  const words = untrusted(termWords(term), 60)
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-text2">
      {words}
      <button
        type="button"
        aria-label={`Drop: ${words}`}
        onClick={() => take(term)}
        className="inline-flex size-7 items-center justify-center rounded-cap text-text3 hover:text-text"
      >
        ×
      </button>
    </span>
  )
}
