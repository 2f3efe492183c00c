/** Output of one machine kept at most, in bytes; the rest is counted. */
export const mostOutputBytes = 2_000_000

/** What a command wrote, up to a limit: the beginning is kept, as it comes. */
export interface KeptOutput {
  take(chunk: Buffer): void
  text(): string
  readonly bytes: number
  readonly cutBytes: number
}

export function keepOutput(limitBytes = mostOutputBytes): KeptOutput {
  const chunks: Buffer[] = []
  let kept = 0
  let bytes = 0
  let text: string | null = null
  return {
    take(chunk) {
      bytes += chunk.length
      const part = chunk.subarray(0, Math.max(0, limitBytes - kept))
      if (part.length === 0) return
      // A slice would keep the whole of the connection's own buffer.
      chunks.push(Buffer.from(part))
      kept += part.length
      text = null
    },
    text() {
      text ??= new TextDecoder().decode(Buffer.concat(chunks))
      return text
    },
    get bytes() {
      return bytes
    },
    get cutBytes() {
      return bytes - kept
    },
  }
}
