import { useEffect } from 'react'
import { engineState, subscribeEngine } from '../api/client.ts'
import { orpc, queryClient } from '../api/queries.ts'
import { offerSentence, withdrawSentence } from '../state/said.ts'
import { returnSentence } from './return-sentence.ts'

/** How long the sentence stays when nobody closes it, in milliseconds. */
const shownMs = 20_000

async function newestFact(): Promise<number | null> {
  const { rows } = await queryClient.fetchQuery({ ...orpc.pages.fleet.queryOptions(), staleTime: 0 })
  const seen = rows.flatMap((row) => row.seenAtMs ?? [])
  return seen.length > 0 ? Math.max(...seen) : null
}

/** Says for some seconds that the engine came back after it had stopped. Used once, by the frame. */
export function useEngineReturn(): void {
  useEffect(() => {
    let away = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = async () => {
      const sentence = returnSentence(await newestFact(), Date.now())
      offerSentence(sentence, 'plain')
      clearTimeout(timer)
      timer = setTimeout(() => withdrawSentence(sentence), shownMs)
    }
    const leave = subscribeEngine(() => {
      const { state } = engineState()
      if (state === 'restarting' || state === 'down') away = true
      if (state !== 'up' || !away) return
      away = false
      tell().catch(() => {
        // It went away again; the next return says so.
      })
    })
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [])
}
