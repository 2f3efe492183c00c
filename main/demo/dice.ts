import { createHash } from 'node:crypto'

/** Chance that comes out the same for the same seed: the demo looks alike on every computer. */
export interface Dice {
  /** From `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True in `percent` of a hundred throws. */
  happens(percent: number): boolean
  /** `bytes` × 2 hex digits. */
  hex(bytes: number): string
}

/** Mulberry32, a 32-bit generator of Tommy Ettinger (public domain); good enough to scatter made-up messages. */
export function dice(seed: string): Dice {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    between,
    happens: (percent) => next() * 100 < percent,
    hex: (bytes) => Array.from({ length: bytes }, () => between(0, 255).toString(16).padStart(2, '0')).join(''),
  }
}
