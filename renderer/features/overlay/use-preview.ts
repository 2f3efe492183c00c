import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { LayerContent, LayerProblem, LayerRef, Plan } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'

/** After the last key, before the engine is asked, in milliseconds. */
const restMs = 250
const keptMs = 60_000

export interface Preview {
  /** Null: not asked yet. */
  plan: (Plan & { problems: LayerProblem[] }) | null
  /** It is of an older draft than the one on screen. */
  old: boolean
  error: Error | null
}

/** What each machine of a layer would become if it said this; null: what is typed is no layer yet. */
export function usePreview(layer: LayerRef, content: LayerContent | null): Preview {
  const text = content === null ? null : JSON.stringify(content)
  const [asked, setAsked] = useState({ text, content })
  // biome-ignore lint/correctness/useExhaustiveDependencies: `text` stands for the content
  useEffect(() => {
    if (text === null || text === asked.text) return
    const timer = setTimeout(() => setAsked({ text, content }), restMs)
    return () => clearTimeout(timer)
  }, [text, asked.text])
  const { data, error, isPlaceholderData } = useQuery({
    ...orpc.plan.preview.queryOptions({ input: { layer, content: asked.content as LayerContent } }),
    enabled: asked.content !== null,
    placeholderData: keepPreviousData,
    gcTime: keptMs,
  })
  return { plan: data ?? null, old: isPlaceholderData || text !== asked.text, error }
}
