import { useStore } from 'zustand'
import { Age } from '../../ui/age.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { countText, roughCount } from './log-times.ts'
import { useLogsState } from './logs-state.ts'
import { mostHits, type Reader, type SearchState } from './reader-state.ts'

const counted = (count: number, one: string): string => `${countText(count)} ${count === 1 ? one : `${one}s`}`

/** Beside the title: how much there is, or how far a search has come. */
export function LogsMeta({ reader, machines, all }: { reader: Reader; machines: number; all: number }) {
  const { density, search, window } = useStore(reader.state)
  const around = useLogsState((state) => state.around)
  if (search) return <SearchMeta search={search} />
  if (density === null) return null
  const newest = window.atNewest ? window.rows.at(-1)?.atMs : undefined
  const of = machines === all ? counted(all, 'machine') : `${machines} of ${counted(all, 'machine')}`
  return (
    <span className="figures truncate">
      {counted(density.total, 'line')} · {around ? 'all lines of this machine, the filter is lifted' : of}
      {newest !== undefined && !around && (
        <>
          {' · newest '}
          <Age atMs={newest} inSentence className="" />
        </>
      )}
    </span>
  )
}

function SearchMeta({ search }: { search: SearchState }) {
  const { found, scanned, total, state } = search
  const hits = `${countText(found)} found${found > mostHits ? `, the newest ${countText(mostHits)} shown` : ''}`
  if (state === 'running')
    return (
      <span
        role="progressbar"
        aria-label="Search"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={scanned}
        aria-valuetext={`${roughCount(scanned)} of ${roughCount(total)} lines`}
        className="figures inline-flex items-center gap-1"
      >
        {total > 0 && `${hits} · ${roughCount(scanned)} of ${roughCount(total)} lines · `}
        <KeyCap keys="escape" /> stops
      </span>
    )
  return (
    <span className="figures truncate" role="status">
      {hits}
      {state === 'stopped' && ` · stopped after ${roughCount(scanned)} of ${roughCount(total)} lines`}
    </span>
  )
}
