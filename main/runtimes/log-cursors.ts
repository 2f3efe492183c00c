import type { LogCursor } from './log-lines.ts'

const gone = 'gone:'
/** Newest of the files that are gone: by them no identity is given twice. */
const mostGone = 200

/** What stands for a file that is not there any more. */
export const goneFile = (file: string): string => `${gone}${file}`.slice(0, 1000)

/** The file of this cursor was not there any more when it was looked for last. */
export const isGone = ({ file }: LogCursor): boolean => file.startsWith(gone)

/** The cursors that a box needs to go on. */
export const worthAsking = (cursors: readonly LogCursor[]): LogCursor[] => [
  ...cursors.filter((cursor) => !isGone(cursor)),
  ...cursors.filter(isGone).slice(-mostGone),
]

const keyOf = ({ source, identity }: LogCursor): string => `${source} ${identity}`

/** Where reading stands after `now`: a file stands once, however it is called by now. */
export const mergedCursors = (before: readonly LogCursor[], now: readonly LogCursor[]): LogCursor[] => [
  ...new Map([...before, ...now].map((cursor) => [keyOf(cursor), cursor])).values(),
]

/** Those of `now` that say something else than `before`. */
export function changedCursors(before: readonly LogCursor[], now: readonly LogCursor[]): LogCursor[] {
  const stood = new Map(before.map((cursor) => [keyOf(cursor), cursor]))
  return now.filter((cursor) => {
    const old = stood.get(keyOf(cursor))
    return old?.offset !== cursor.offset || old.file !== cursor.file
  })
}
