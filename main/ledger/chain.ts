import { createHash } from 'node:crypto'

/** What an entry's hash covers besides the hash of the entry before it. */
export interface ChainedEntry {
  readonly seq: number
  readonly atMs: number
  readonly actor: string
  readonly kind: string
  readonly boxId: string | null
  readonly clientId: string | null
  readonly words: string
}

export interface Head {
  readonly count: number
  readonly hash: string
}

/** Hash before the first entry. */
export const beginning = '0'.repeat(64)

/** SHA-256, hex, over the previous hash, a line feed, and the entry as a JSON array in a fixed order. */
export function hashOf(previousHash: string, entry: ChainedEntry): string {
  const { seq, atMs, actor, kind, boxId, clientId, words } = entry
  const canonical = JSON.stringify([seq, atMs, actor, kind, boxId, clientId, words])
  return createHash('sha256').update(`${previousHash}\n${canonical}`).digest('hex')
}

export interface Row extends ChainedEntry {
  readonly previousHash: string
  readonly hash: string
}

export type Finding =
  | { readonly sound: true; readonly head: Head; readonly headLags: boolean }
  | { readonly sound: false; readonly entries: number; readonly firstBadSeq: number; readonly problem: string }

/**
 * Recomputes the chain and compares its end with the head kept beside the database.
 * A head that stands behind the end of a good chain is what a crash between commit and head leaves (`headLags`);
 * a head that stands beyond it means that entries were cut off.
 */
export function verifyChain(rows: Iterable<Row>, head: Head | 'missing' | 'unreadable'): Finding {
  let count = 0
  let hash = beginning
  let hashAtHead = head !== 'missing' && head !== 'unreadable' && head.count === 0 ? beginning : null
  for (const row of rows) {
    const seq = count + 1
    const bad = (problem: string): Finding => ({ sound: false, entries: count, firstBadSeq: seq, problem })
    if (row.seq !== seq)
      return bad(row.seq === seq + 1 ? `Entry ${seq} is missing.` : `Entries ${seq} to ${row.seq - 1} are missing.`)
    if (row.hash !== hashOf(row.previousHash, row))
      return bad(`Entry ${seq} was changed or moved: its hash does not fit its text.`)
    if (row.previousHash !== hash)
      return bad(`Entry ${seq} does not follow the entry before it: one of the two was replaced.`)
    count = seq
    hash = row.hash
    if (typeof head === 'object' && head.count === count) hashAtHead = hash
  }
  const bad = (problem: string): Finding => ({ sound: false, entries: count, firstBadSeq: count + 1, problem })
  if (head === 'unreadable') return bad('The file with the head of the diary cannot be understood.')
  if (head === 'missing') {
    return count === 0
      ? { sound: true, head: { count, hash }, headLags: false }
      : bad('The file with the head of the diary is missing.')
  }
  if (head.count > count) return bad(`${cutWords(count + 1, head.count)} cut off at the end.`)
  if (hashAtHead !== head.hash) {
    return {
      sound: false,
      entries: count,
      firstBadSeq: Math.max(head.count, 1),
      problem: `Entry ${head.count} is not the one the head file names: the diary was rewritten.`,
    }
  }
  return { sound: true, head: { count, hash }, headLags: head.count < count }
}

const cutWords = (from: number, to: number): string =>
  from === to ? `Entry ${from} was` : `Entries ${from} to ${to} were`
