import { useEffect, useRef } from 'react'
import { InputBox } from '../../ui/field.tsx'
import { Hint } from '../../ui/page.tsx'
import { Meta } from '../../ui/text.tsx'
import { clearFilter, useFleetState } from './fleet-state.ts'

/** The line under the header while the table is filtered: what was typed, what it leaves, what it means. */
export function FilterBar({ problems, shown, total }: { problems: readonly string[]; shown: number; total: number }) {
  const { filter, filterOpen } = useFleetState()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (filterOpen) input.current?.focus()
  }, [filterOpen])
  return (
    <search className="flex shrink-0 items-center gap-3 px-6 pb-2">
      <label htmlFor="fleet-filter" className="text-text2">
        Filter
      </label>
      <span className="w-[320px] shrink-0 max-[1119px]:w-[220px]">
        <InputBox
          ref={input}
          id="fleet-filter"
          value={filter}
          onChange={(event) => useFleetState.setState({ filter: event.target.value })}
          onBlur={() => useFleetState.setState({ filterOpen: false })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'ArrowDown') event.currentTarget.blur()
            if (event.key === 'Escape') {
              event.preventDefault()
              clearFilter()
            }
          }}
        />
      </span>
      <span className="figures shrink-0 text-text2" aria-live="polite">
        {shown} of {total}
      </span>
      <span className="line-clamp-2 min-w-0 leading-4">
        {problems.length > 0 ? (
          <span role="status" className="text-meta text-warning">
            {problems[0]}
          </span>
        ) : (
          <Meta>any words, behind:&gt;7 client:harbor is:silent version:2026.9 -is:ok</Meta>
        )}
      </span>
      <span className="ml-auto shrink-0 text-meta text-text3">
        <Hint keys={['escape']} words="clears" />
      </span>
    </search>
  )
}
