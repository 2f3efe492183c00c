import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { QueryClient } from '@tanstack/react-query'
import { client } from './client.ts'

/**
 * The window's cache of engine data. Nothing grows old by itself: the engine says what changed (`live.ts`). Old values
 * stay on screen while newer ones are asked for and while the engine is away.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
      retry: false,
      networkMode: 'always',
      refetchOnWindowFocus: false,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** `orpc.pages.review.queryOptions()`, `orpc.inventory.addBox.mutationOptions()` and so on, one for each procedure. */
export const orpc = createTanstackQueryUtils(client)
