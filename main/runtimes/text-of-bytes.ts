import { redactLine } from './redact-line.ts'

/** Bytes as text, with the mark of its order if one stands in front; null where they are none. */
export function textOfBytes(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A text without what must not be known elsewhere, line by line. @param key hex key of the fingerprints, per box. */
export const redactText = (text: string, key: string): string =>
  text
    .split('\n')
    .map((line) => redactLine(line, key))
    .join('\n')
