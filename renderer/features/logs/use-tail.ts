import { useEffect, useState } from 'react'
import { type BoxId, type LogTail, mostTails } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'

/** A stream that broke, as with an engine that starts again, is opened again after this. */
const againMs = 2_000
const none: readonly LogTail[] = []

/**
 * Lets the engine follow machines from the first time that `wanted` is true until the page is left: who scrolls back
 * still reads how many lines are new. How each stands; empty until it is known.
 */
export function useTail(boxIds: readonly BoxId[], wanted: boolean): readonly LogTail[] {
  const [tails, setTails] = useState(none)
  const [begun, setBegun] = useState(false)
  if (wanted && !begun) setBegun(true)
  const followed = begun ? boxIds.slice(0, mostTails).join(' ') : ''
  useEffect(() => {
    if (followed === '') return
    const leave = new AbortController()
    void follow(followed.split(' ') as BoxId[], leave.signal, setTails)
    return () => {
      leave.abort()
      setTails(none)
    }
  }, [followed])
  return tails
}

async function follow(boxIds: BoxId[], signal: AbortSignal, tell: (tails: readonly LogTail[]) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const tails of await client.logs.tail({ boxIds }, { signal })) if (!signal.aborted) tell(tails)
    } catch {
      // The frame of the window says when the engine is gone.
    }
    if (signal.aborted) return
    tell(none)
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
}
