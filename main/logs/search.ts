import type { LogQuery, LogRecord, LogSearchProgress } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import type { Pool } from './pool.ts'
import type { BlockHits, SearchPlan } from './scan.ts'

/** At most 20 messages a second. */
const apartMs = 50
/** The first hits come soon; later the threads are asked for more at a time. */
const chunkSizes = [2, 4, 8] as const
const fullChunk = 16

type Block = SearchPlan['blocks'][number]

function cut(blocks: readonly Block[]): Block[][] {
  const chunks: Block[][] = []
  for (let at = 0; at < blocks.length; ) {
    const size = chunkSizes[chunks.length] ?? fullChunk
    chunks.push(blocks.slice(at, at + size))
    at += size
  }
  return chunks
}

/**
 * Everything that matches, newest first over all machines, while threads look through the blocks side by side. Ends
 * without a last message when `signal` fires; threads that do not look up then are replaced.
 */
export async function* runSearch(
  { query, maxHits }: { query: LogQuery; maxHits: number },
  pool: Pool,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<LogSearchProgress> {
  const left = new AbortController()
  const both = AbortSignal.any([signal, left.signal])
  const cancelled = new SharedArrayBuffer(4)
  let wake = () => {}
  both.addEventListener('abort', () => {
    Atomics.store(new Int32Array(cancelled), 0, 1)
    wake()
  })
  try {
    yield* merged(await pool.ask('plan', { query, wanted: maxHits }, both))
  } catch (error) {
    if (!both.aborted) throw error
  } finally {
    left.abort()
  }

  async function* merged(plan: SearchPlan): AsyncGenerator<LogSearchProgress> {
    const chunks = cut(plan.blocks)
    const answers: (BlockHits[] | undefined)[] = []
    const total = plan.blocks.reduce((sum, block) => sum + block.lines, plan.open.lines)
    let failure: unknown = null
    let asked = 0
    let open = 0
    let done = 0
    let found = plan.open.found
    let scanned = plan.open.lines
    let sent = 0
    let held: LogRecord[] = [...plan.open.hits]
    let ticks: LogSearchProgress['ticks'] = [...plan.open.ticks]

    const askMore = () => {
      while (open < pool.size * 2 && asked < chunks.length && !both.aborted) {
        const at = asked
        asked += 1
        open += 1
        const wanted = maxHits - sent
        const blockIds = (chunks[at] ?? []).map(({ blockId }) => blockId)
        pool
          .ask('scan', { query, blockIds, wanted, cancelled }, both)
          .then((hits) => {
            answers[at] = hits
          })
          .catch((error: unknown) => {
            failure ??= error
          })
          .finally(() => {
            open -= 1
            wake()
          })
      }
    }
    const take = () => {
      for (let hits = answers[done]; hits && !both.aborted; hits = answers[done]) {
        for (const [index, block] of (chunks[done] ?? []).entries()) {
          const ofBlock = hits[index] ?? { found: 0, hits: [] }
          scanned += block.lines
          found += ofBlock.found
          held.push(...ofBlock.hits)
          if (ofBlock.found > 0) ticks.push({ atMs: ofBlock.hits[0]?.atMs ?? block.toAt, hits: ofBlock.found })
        }
        answers[done] = undefined
        done += 1
      }
    }
    /** Hits that nothing newer can come before any more. */
    const sure = (): LogRecord[] => {
      const edge = chunks[done]?.[0]?.toAt ?? Number.NEGATIVE_INFINITY
      held.sort((a, b) => b.atMs - a.atMs || (a.boxId < b.boxId ? 1 : a.boxId > b.boxId ? -1 : b.seq - a.seq))
      const first = held.findIndex(({ atMs }) => atMs <= edge)
      const free = first < 0 ? held : held.slice(0, first)
      const hits = free.slice(0, maxHits - sent)
      sent += hits.length
      held = first < 0 ? [] : held.slice(first, first + maxHits - sent)
      return hits
    }

    let toldMs = Number.NEGATIVE_INFINITY
    while (!both.aborted) {
      if (failure !== null) throw failure
      askMore()
      take()
      const isDone = done === chunks.length
      if (isDone || clock.monotonicMs() - toldMs >= apartMs) {
        toldMs = clock.monotonicMs()
        const hits = sure()
        const told = ticks
        ticks = []
        yield { hits, found, ticks: told, scanned, total, done: isDone }
        if (isDone) return
      }
      if (answers[done] === undefined && failure === null && !both.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
}
