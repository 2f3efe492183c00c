import { startSweep } from '../../api/sweeping.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { EmptyLine } from '../../ui/text.tsx'
import { nothingWords } from './filter-words.ts'
import { clearFilter } from './logs-state.ts'
import type { Term } from './read-filter.ts'

/** Nothing was ever collected: when lines will come. */
export function NoLogs({ sweeping, machines }: { sweeping: boolean; machines: number }) {
  if (machines === 0)
    return (
      <div className="px-6 pt-4">
        <EmptyLine>
          No machine yet, so no log. Add one in Fleet; each sweep then reads what is new in its logs.
        </EmptyLine>
      </div>
    )
  return (
    <div className="flex flex-col items-start gap-4 px-6 pt-4">
      <EmptyLine>
        No log lines yet. Each sweep reads what is new in every machine’s logs and keeps it for 90 days, so the first
        lines come with the next one.
      </EmptyLine>
      {sweeping ? (
        <p className="text-text3">A sweep is running.</p>
      ) : (
        <Button look="primary" keys="shift+r" onClick={() => void startSweep()}>
          Sweep now
        </Button>
      )}
    </div>
  )
}

/** The filter found nothing: what was asked, and how to ask less. */
export function NothingMatches({
  terms,
  machines,
  all,
  looked,
}: {
  terms: readonly Term[]
  machines: number
  all: number
  /** It was stopped before everything was looked at. */
  looked: boolean
}) {
  return (
    <div className="absolute inset-x-0 top-0 px-6 pt-2">
      <EmptyLine>
        {nothingWords(terms, machines, all)} {!looked && 'The search was stopped before it had looked at everything. '}
        {terms.length > 0 && <TextButton onClick={clearFilter}>Clear the filter</TextButton>}
      </EmptyLine>
    </div>
  )
}
