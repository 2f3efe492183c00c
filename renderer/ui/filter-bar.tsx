import { useId } from 'react'
import { FilterField } from './filter-field.tsx'
import { Hint } from './page.tsx'
import { Meta } from './text.tsx'

/** The line under the header while a table is filtered: what was typed, what it leaves, what it means. */
export function FilterBar({
  typed,
  focused,
  onType,
  onLeave,
  onClear,
  problems,
  shown,
  total,
  example,
}: {
  typed: string
  /** The operator asked for it by its key: it takes the keyboard. */
  focused: boolean
  onType: (typed: string) => void
  /** The keyboard went elsewhere; what was typed stays. */
  onLeave: () => void
  onClear: () => void
  problems: readonly string[]
  shown: number
  total: number
  example: string
}) {
  const id = useId()
  return (
    <search className="flex shrink-0 items-center gap-3 px-6 pb-2">
      <FilterField
        id={id}
        value={typed}
        open={focused}
        width="w-[320px] max-[1119px]:w-[220px]"
        onChange={onType}
        onOpenChange={(open) => !open && onLeave()}
        onClear={onClear}
      />
      <span className="figures shrink-0 text-text2" aria-live="polite">
        {shown} of {total}
      </span>
      <span className="line-clamp-2 min-w-0 leading-4">
        {problems.length > 0 ? (
          <span role="status" className="text-meta text-warning">
            {problems[0]}
          </span>
        ) : (
          <Meta>{example}</Meta>
        )}
      </span>
      <span className="ml-auto shrink-0 text-meta text-text3">
        <Hint keys={['escape']} words="clears" />
      </span>
    </search>
  )
}
