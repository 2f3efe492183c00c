/** Kept of what a terminal said, for a window that comes back, in characters. */
const heldChars = 1_000_000
/** Sent ahead of what the window has drawn. */
const aheadChars = 256_000
const mostPerEvent = 64_000

export interface Said {
  readonly text: string
  /** So many characters before it are gone. */
  readonly missing: number
  /** A listener before this one had it: what it asks for was answered then. */
  readonly again: boolean
}

/** The end of what a terminal said, and the one listener it is handed to. */
export interface HeldOutput {
  push(text: string): void
  /** Settles when there is room: at once while nobody listens, for then the oldest goes. */
  room(): Promise<void>
  /** What is held, then what comes, until `end`. Ends as soon as another listener comes. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<Said>
  ack(chars: number): void
  /** Nothing comes any more. */
  end(): void
}

export function holdOutput({ held = heldChars, ahead = aheadChars } = {}): HeldOutput {
  /** In the order they came; the oldest go first. */
  const pieces: string[] = []
  /** How many went, and how many characters with them. */
  let gone = 0
  let from = 0
  let end = 0
  /** Up to here some listener had it. */
  let told = 0
  let ended = false
  let listener: { acked: number; sent: number; next: number } | null = null
  let wakeListener = () => {}
  let wakeWriter = () => {}
  const hasRoom = () => listener === null || ended || end - listener.acked < ahead

  /** What a listener has not had yet, as far as one event may carry it; empty: nothing. */
  function nextFor(mine: { sent: number; next: number }): Said {
    const missing = Math.max(0, from - mine.sent)
    mine.sent += missing
    mine.next = Math.max(mine.next, gone)
    const again = mine.sent < told
    let text = ''
    for (let piece = pieces[mine.next - gone]; piece !== undefined; piece = pieces[mine.next - gone]) {
      if (text !== '' && text.length + piece.length > mostPerEvent) break
      if (again && mine.sent + text.length >= told) break
      text += piece
      mine.next += 1
    }
    mine.sent += text.length
    told = Math.max(told, mine.sent)
    return { text, missing, again }
  }

  return {
    push(more) {
      if (more === '') return
      pieces.push(more)
      end += more.length
      for (let [oldest = ''] = pieces; end - from - oldest.length >= held; [oldest = ''] = pieces) {
        pieces.shift()
        gone += 1
        from += oldest.length
      }
      wakeListener()
    },
    async room() {
      while (!hasRoom()) {
        await new Promise<void>((resolve) => {
          wakeWriter = resolve
        })
      }
    },
    async *follow(signal) {
      const mine = { acked: from, sent: from, next: gone }
      listener = mine
      wakeListener()
      const onAbort = () => wakeListener()
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        while (listener === mine && !signal?.aborted) {
          const next = nextFor(mine)
          if (next.text !== '') {
            yield next
            continue
          }
          if (ended) return
          await new Promise<void>((resolve) => {
            wakeListener = resolve
          })
        }
      } finally {
        signal?.removeEventListener('abort', onAbort)
        if (listener === mine) listener = null
        wakeWriter()
      }
    },
    ack(chars) {
      if (listener === null) return
      listener.acked = Math.min(listener.sent, listener.acked + chars)
      wakeWriter()
    },
    end() {
      ended = true
      wakeListener()
      wakeWriter()
    },
  }
}
