import type { LayerRef, PatchPart, PatchProblem, SnapshotPatch } from '../../shared/contract/index.ts'
import type { StoredLine } from './lines.ts'

type Piece<K extends StoredLine['piece']['kind']> = Extract<StoredLine['piece'], { kind: K }>

const piecesOf = <K extends StoredLine['piece']['kind']>(lines: readonly StoredLine[], kind: K): Piece<K>[] =>
  lines.flatMap(({ piece }) => (piece.kind === kind ? [piece as Piece<K>] : []))

/** The parts of a patch that lines come to, in the order overlay, files, update, folders. Pure. */
export function partsOf(lines: readonly StoredLine[], layer: LayerRef): PatchPart[] {
  const set = Object.assign({}, ...piecesOf(lines, 'setting').map((piece) => piece.set)) as Record<string, never>
  const files = piecesOf(lines, 'file').map(({ file }) => file)
  return [
    ...(Object.keys(set).length > 0 ? [{ kind: 'overlay' as const, layer, set, reset: [] }] : []),
    ...(files.length > 0 ? [{ kind: 'files' as const, files }] : []),
    ...piecesOf(lines, 'part').map(({ part }) => part),
  ]
}

const isNear = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)

/** Which line a problem of a patch is about; null: none alone. */
function lineOf(lines: readonly StoredLine[], { place }: PatchProblem): string | null {
  const [, inside = ''] = /^parts\.\d+\.(.+)$/.exec(place) ?? []
  if (inside === '') return null
  const hit = lines.find(({ piece }) =>
    piece.kind === 'setting'
      ? Object.keys(piece.set).some((path) => isNear(path, inside))
      : piece.kind === 'file' && piece.file.path === inside,
  )
  return hit?.lineId ?? null
}

/** Problems of a patch as problems of the lines it is made of. Pure. */
export const problemsOfLines = (
  lines: readonly StoredLine[],
  problems: readonly PatchProblem[],
): SnapshotPatch['problems'] => problems.map((problem) => ({ lineId: lineOf(lines, problem), words: problem.words }))

/** Lines whose setting a change of the config is about. Pure. */
export const linesAt = (lines: readonly StoredLine[], path: string): StoredLine[] =>
  lines.filter(({ piece }) => piece.kind === 'setting' && isNear(piece.at, path))
