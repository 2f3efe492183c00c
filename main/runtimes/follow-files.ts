import type { LogCursor } from './log-lines.ts'

/** What is needed of a file to know it again. */
interface Seen {
  readonly path: string
  readonly node: string
  readonly head: string
  readonly size: number
  readonly packed: boolean
}

/** A file with where its reading goes on. */
export interface Followed<T extends Seen> {
  readonly file: T
  readonly identity: string
  readonly from: number
  /** It is known and shorter than what was read of it. */
  readonly truncated: LogCursor | null
}

const partsOf = (identity: string): { node: string; head: string; turn: number } => {
  const [name = '', turn = '0'] = identity.split('~')
  const at = name.lastIndexOf(':')
  return { node: name.slice(0, at), head: name.slice(at + 1), turn: Number(turn) || 0 }
}

/**
 * Knows files again by their inode and first line; one that was copied, packed or moved to another disk by its first
 * line alone. A file that is shorter than what was read of it, or that has no line's end where reading stopped, was
 * written anew: it begins at its start and gets an identity of its own.
 *
 * @param known all cursors there ever were: no identity is given twice.
 * @param endsLine is the byte before `offset` the end of a line?
 * @returns also the cursors whose file is not there any more.
 */
export async function followFiles<T extends Seen>(
  files: readonly T[],
  cursors: readonly LogCursor[],
  known: readonly LogCursor[],
  endsLine: (file: T, offset: number) => Promise<boolean>,
): Promise<{ followed: Followed<T>[]; gone: LogCursor[] }> {
  const left = new Set(cursors)
  const followed: Followed<T>[] = []
  const rest: { file: T; anew: LogCursor | null }[] = []
  const goesOn = async (file: T, cursor: LogCursor): Promise<boolean> =>
    file.size >= cursor.offset &&
    // Of a packed file nothing is unpacked only to look at its end.
    (cursor.offset === 0 || (file.packed && file.size === cursor.offset) || (await endsLine(file, cursor.offset)))
  for (const file of files) {
    const own = [...left].find((cursor) => {
      const { node, head } = partsOf(cursor.identity)
      return node === file.node && head === file.head
    })
    if (own && (await goesOn(file, own))) {
      left.delete(own)
      followed.push({ file, identity: own.identity, from: own.offset, truncated: null })
    } else rest.push({ file, anew: own ?? null })
  }
  // Copies first: what was copied away before the original was cut is not lost.
  for (const { file, anew } of rest.sort((a, b) => Number(a.anew !== null) - Number(b.anew !== null))) {
    const copied = anew === null ? [...left].find(({ identity }) => partsOf(identity).head === file.head) : undefined
    if (copied && (await goesOn(file, copied))) {
      left.delete(copied)
      followed.push({ file, identity: copied.identity, from: copied.offset, truncated: null })
      continue
    }
    const turn = turnOf(file, known)
    const identity = `${file.node}:${file.head}${turn > 0 ? `~${turn}` : ''}`
    followed.push({ file, identity, from: 0, truncated: anew !== null && left.delete(anew) ? anew : null })
  }
  return { followed, gone: [...left] }
}

/** Two files may begin alike under one inode, one after the other. */
function turnOf(file: Seen, cursors: readonly LogCursor[]): number {
  const turns = cursors
    .map(({ identity }) => partsOf(identity))
    .filter(({ node, head }) => node === file.node && head === file.head)
    .map(({ turn }) => turn + 1)
  return Math.max(0, ...turns)
}
