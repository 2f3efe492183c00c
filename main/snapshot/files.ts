import type { PatchFile } from '../../shared/contract/index.ts'
import { WorkspacePath } from '../../shared/sections.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { counted } from '../base/words.ts'
import { mostChangeBytes, whyNotCarried, whyNotOfPatch } from '../runtimes/runtimes.ts'
import type { SnapshotContent } from './content.ts'

type Files = Extract<SnapshotContent['files'], { list: unknown }>
type Entry = Files['list'][number]

/** A file that reads differently. Null: nothing stood there, nothing stands there. */
export interface FileDifference {
  readonly path: string
  readonly before: Entry | null
  readonly after: Entry | null
}

/** Bytes of a file as they were fetched and proved to be those of the snapshot; or why they are not here. */
export type Fetched = { readonly bytes: Uint8Array } | { readonly why: string }

/** So many files are in one part of a patch. */
export const mostFiles = 200

const hash = /^[0-9a-f]{64}$/

/** The four modes that a patch knows; a machine without modes gives what every file has. */
export function modeOf(bits: number | null): PatchFile['mode'] {
  if (bits === null) return '0644'
  const shared = (bits & 0o044) !== 0
  return (bits & 0o100) !== 0 ? (shared ? '0755' : '0700') : shared ? '0644' : '0600'
}

/** Of a list that was cut, only files up to its last one are known to be there or not. */
const reaches = ({ list, total }: Files, path: string): boolean =>
  total <= list.length || path <= (list.at(-1)?.path ?? '')

/** Which files differ between two lists of a machine, and how many cannot be told because a list was cut. Pure. */
export function fileDifferences(before: Files, after: Files): { differences: FileDifference[]; untold: number } {
  const [earlier, later] = [before, after].map(({ list }) => new Map(list.map((entry) => [entry.path, entry])))
  const differences: FileDifference[] = []
  let untold = Math.max(0, after.total - after.list.length)
  for (const path of [...new Set([...(earlier?.keys() ?? []), ...(later?.keys() ?? [])])].toSorted()) {
    const [was, is] = [earlier?.get(path) ?? null, later?.get(path) ?? null]
    if (!reaches(was === null ? before : after, path)) {
      if (was === null) untold += 1
      continue
    }
    const same = was?.sha256 === is?.sha256 && modeOf(was?.mode ?? null) === modeOf(is?.mode ?? null)
    if (!same) differences.push({ path, before: was, after: is })
  }
  return { differences, untold }
}

/** Why no patch carries a file of that path, or with that answer for its content; empty: one may. Pure. */
export function whyNotFile({ path, after }: FileDifference): string {
  const parsed = WorkspacePath.safeParse(path)
  if (!parsed.success || path.split('/').some((name) => name === '__proto__' || name === 'constructor'))
    return 'It is no plain path inside the workspace.'
  const why = whyNotCarried(path) || whyNotOfPatch(path)
  if (why !== '' || after === null || hash.test(after.sha256)) return why
  return /^\d+ bytes$/.test(after.sha256)
    ? 'It is too large to be carried.'
    : 'It was not read on the machine, so nobody knows what it says.'
}

const shown = (entry: Entry | null, bytes: number | null): string | null =>
  entry === null
    ? null
    : untrusted(
        [
          hash.test(entry.sha256) ? `SHA-256 ${entry.sha256.slice(0, 12)}…` : entry.sha256,
          ...(bytes === null ? [] : [counted(bytes, 'byte')]),
          modeOf(entry.mode),
        ].join(', '),
        120,
      )

export interface FilePiece {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
  readonly file: PatchFile
}

/**
 * The files of a patch, and those that are left out, each by name. Together they are no larger than one change may be. Pure.
 */
export function filePieces(
  differences: readonly FileDifference[],
  fetched: (path: string) => Fetched,
): { pieces: FilePiece[]; leftOut: { name: string; why: string }[] } {
  const pieces: FilePiece[] = []
  const leftOut: { name: string; why: string }[] = []
  let sum = 0
  for (const difference of differences) {
    const { path, before, after } = difference
    const leave = (why: string) => leftOut.push({ name: untrusted(path, 300), why })
    const why = whyNotFile(difference)
    if (why !== '') {
      leave(why)
      continue
    }
    const content = after === null ? null : fetched(path)
    if (content !== null && 'why' in content) {
      leave(content.why)
      continue
    }
    const bytes = content?.bytes.byteLength ?? 0
    if (pieces.length === mostFiles || sum + bytes > mostChangeBytes) {
      leave(`One patch carries at most ${mostFiles} files of ${mostChangeBytes / 1_000_000} MB together.`)
      continue
    }
    sum += bytes
    pieces.push({
      path,
      before: shown(before, null),
      after: shown(after, after === null ? null : bytes),
      file: {
        path,
        sha256: after?.sha256 ?? null,
        bytes,
        mode: modeOf((after ?? before)?.mode ?? null),
        back: 'restore',
      },
    })
  }
  return { pieces, leftOut }
}
