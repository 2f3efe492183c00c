import { useEffect, useRef, useState } from 'react'
import type { LogQuery } from '../../../shared/contract/index.ts'
import { onTopic } from '../../api/live.ts'
import { useRoute } from '../../state/navigation.ts'
import { writeRoute } from '../../state/route.ts'
import { engineAsks } from './ask-logs.ts'
import { rowPx } from './line-window.ts'
import { useLogsState } from './logs-state.ts'
import { createReader } from './reader.ts'
import type { Reader, Start } from './reader-state.ts'

/** A typed filter is asked when nobody has typed for so long, ms. */
const typingMs = 250

/**
 * The reader of this page. It asks `query` when it changes, at the end of all lines, or at `start` when it is the first
 * question. Where the page was left at this address it goes on from there.
 */
export function useReader(query: LogQuery | null, searching: boolean, start: Start): Reader {
  const [reader] = useState(() => createReader(engineAsks))
  const address = writeRoute(useRoute())
  const asked = useRef<string | null>(null)
  const wanted = query === null ? null : JSON.stringify(query)
  const around = useLogsState((state) => state.around)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the question
  useEffect(() => {
    if (query === null || wanted === null || wanted === asked.current) return
    const { left } = useLogsState.getState()
    const first = asked.current === null
    if (first && left?.address === address && JSON.stringify(left.kept.query) === wanted) {
      asked.current = wanted
      useLogsState.setState({ left: null })
      reader.restore(left.kept)
      reader.changed()
      return
    }
    // Back from the lines around a hit: the reader was put back already.
    if (JSON.stringify(reader.question()) === wanted) {
      asked.current = wanted
      return
    }
    const ask = () => {
      asked.current = wanted
      reader.open(query, first ? start : (around?.position ?? placeNow(reader)), searching)
    }
    if (first || around || !useLogsState.getState().filterOpen) return ask()
    const timer = setTimeout(ask, typingMs)
    return () => clearTimeout(timer)
  }, [reader, wanted, address])
  useEffect(() => onTopic('logs', () => reader.changed()), [reader])
  useEffect(
    () => () => {
      const kept = reader.keep()
      if (kept) useLogsState.setState({ left: { address, kept } })
      reader.close()
    },
    [reader, address],
  )
  return reader
}

/** Another filter goes on where one reads: at the end while following, else at the present line or the first in sight. */
function placeNow(reader: Reader): Start {
  const { window, following, chosen } = reader.state.getState()
  const row = window.rows.find(({ id }) => id === chosen) ?? window.rows[Math.floor(window.topPx / rowPx)]
  return following || !row ? 'newest' : { atMs: row.atMs }
}
