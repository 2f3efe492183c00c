/** Most bytes without a whole answer; then the channel is closed. A box may send for ever. */
export const answerLimitBytes = 8_000_000

export type AnswerEvent =
  | { kind: 'answer'; value: Record<string, unknown> }
  | { kind: 'broken'; detail: string }
  | { kind: 'too-large' }

/**
 * Finds the answers of one program among whatever a login shell prints: lines that begin with the nonce. Everything
 * else is dropped as it streams past; nothing beyond the limit is ever held.
 */
export function createAnswerReader(nonce: string): { push(chunk: Buffer): AnswerEvent[] } {
  const mark = Buffer.from(`${nonce} `)
  let parts: Buffer[] = []
  let length = 0
  let sinceAnswer = 0
  let isNoise = false
  let stopped = false

  const take = (line: Buffer): AnswerEvent | null => {
    if (!startsWith(line, mark)) return null
    const text = line.subarray(mark.length).toString('latin1').replace(/\r$/, '')
    sinceAnswer = 0
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return { kind: 'answer', value: value as Record<string, unknown> }
      return { kind: 'broken', detail: 'an answer is not an object' }
    } catch {
      return { kind: 'broken', detail: `an answer is not JSON: ${text.slice(0, 120)}` }
    }
  }
  let isOurs = false
  const hold = (piece: Buffer) => {
    if (isNoise || piece.length === 0) return
    parts.push(piece)
    length += piece.length
    if (isOurs || length < mark.length) return
    isOurs = startsWith(Buffer.concat(parts), mark)
    isNoise = !isOurs
    if (isNoise) parts = []
  }
  const nextLine = () => {
    parts = []
    length = 0
    isNoise = false
    isOurs = false
  }
  return {
    push(chunk) {
      const events: AnswerEvent[] = []
      if (stopped) return events
      sinceAnswer += chunk.length
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        hold(chunk.subarray(from, at))
        const event = isNoise ? null : take(Buffer.concat(parts))
        nextLine()
        from = at + 1
        if (event !== null) events.push(event)
      }
      hold(chunk.subarray(from))
      if (sinceAnswer > answerLimitBytes) {
        stopped = true
        parts = []
        events.push({ kind: 'too-large' })
      }
      return events
    },
  }
}

const startsWith = (line: Buffer, mark: Buffer): boolean =>
  line.length >= mark.length && line.subarray(0, mark.length).equals(mark)
