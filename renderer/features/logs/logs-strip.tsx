import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { BoxId, LogTail } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useNow, useRunningNow } from '../../ui/age.tsx'
import { Strip } from '../../ui/strip.tsx'
import { sinceText } from '../../ui/times.ts'
import { arrivalWords } from './arrival-words.ts'
import type { Reader } from './reader-state.ts'
import { tailWords } from './tail-words.ts'
import type { Machines } from './use-machines.ts'

interface StripProps {
  reader: Reader
  machines: Machines
  shown: readonly BoxId[]
  /** The moment the page was opened at. */
  atMs: number | undefined
  tails: readonly LogTail[]
}

/** One line under the header: what went wrong, how near the marked line is to what was looked for, or who cannot be read. */
export function LogsStrip({ reader, machines, shown, atMs, tails }: StripProps) {
  // What is the matter with a search stands under its filter.
  const error = useStore(reader.state, (state) => (state.search ? null : state.error))
  const now = useNow()
  const waits = tails.some(({ nextTryAtMs }) => nextTryAtMs !== null)
  const second = useRunningNow(waits, 1000)
  const nearestMs = useArrival(reader, atMs)
  const [only] = shown.length === 1 ? shown : []
  const row = only && machines.byId.get(only)
  if (error !== null) return <Strip look="warning">{sentenceOf(error)}</Strip>
  const offline =
    row?.state === 'Offline'
      ? `${untrusted(row.boxName)} does not answer${row.stateSinceMs === null ? '' : ` since ${sinceText(row.stateSinceMs, now)}`}: these lines were read before.`
      : null
  const arrival = atMs === undefined || nearestMs === undefined ? null : arrivalWords(atMs, nearestMs)
  const nameOf = (boxId: BoxId) => untrusted(machines.byId.get(boxId)?.boxName ?? '')
  const live = offline ? null : tailWords(tails, shown.length, nameOf, waits ? second : now)
  if (arrival === null && offline === null && live === null) return null
  return (
    <Strip>
      {arrival && <span>{arrival}</span>}
      {offline && <span>{offline}</span>}
      {live && (
        <span className="line-clamp-1 min-w-0" title={live}>
          {live}
        </span>
      )}
    </Strip>
  )
}

/** When the line nearest to the moment was written; null: there is none. Undefined until the first answer. */
function useArrival(reader: Reader, atMs: number | undefined): number | null | undefined {
  const [found, setFound] = useState<number | null | undefined>(undefined)
  const { ready, window, chosen } = useStore(reader.state)
  useEffect(() => {
    if (atMs === undefined || !ready || found !== undefined) return
    setFound(window.rows.find(({ id }) => id === chosen)?.atMs ?? null)
  }, [atMs, ready, found, window, chosen])
  return found
}
