import { randomBytes } from 'node:crypto'

/** A new id: 16 characters of lower-case base 36, 82 bits of chance. `as` the branded type of the contract. */
export function newId<T extends string>(): T {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
  return Array.from(randomBytes(16), (byte) => alphabet[byte % 36]).join('') as T
}

/** Marks the lines of one program's answers, so that whatever else a login shell prints is not taken for one. 24 hex characters. */
export const newNonce = (): string => randomBytes(12).toString('hex')

/** 0 ≤ x < 1, for jitter. */
export const chance = (): number => Math.random()
