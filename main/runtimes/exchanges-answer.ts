import * as z from 'zod'
import { atMs, orUnread } from './observed-value.ts'

/** What came in at one agent lately and what became of it is asked by the console; no content is. */
export interface ExchangesRequest {
  /** Of the agent, as the box itself named it. */
  readonly stateDir: string
  /** How far back from the box's own now, ms. */
  readonly withinMs: number
  /** Handles of the operator's own. */
  readonly testHandles: readonly string[]
}

/** A message that came in; times are of the box's clock. */
export const SeenExchange = z.object({
  atMs,
  /** `silent`: the agent chose to say nothing. `failed`: no answer came of it yet. `error-sent`: an error text in its place. */
  state: z.enum(['open', 'answered', 'failed', 'error-sent', 'silent']),
  /** When it was answered, failed or left alone; null while it is open. */
  endedAtMs: atMs.nullable(),
  /** It came from a handle of the operator's own. */
  isTest: z.boolean(),
})
export type SeenExchange = z.infer<typeof SeenExchange>

export const ExchangesAnswer = orUnread(
  z.object({
    /** The box's clock as it answered. */
    nowMs: atMs,
    /** Oldest first, the newest 200. */
    exchanges: z.array(SeenExchange).max(200),
    /** Entries of that time that could not be read, so that more may have come in. */
    unread: z.number().int().min(0),
  }),
)
export type ExchangesAnswer = z.infer<typeof ExchangesAnswer>
