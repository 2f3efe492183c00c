import type { ComparedLine, SnapshotPatch, SnapshotSummary } from '../../../shared/contract/index.ts'

const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`

/** What was read of a machine, in one line. */
export const readWords = ({ version, settings, files, folders }: SnapshotSummary): string =>
  [
    version === '' ? 'runtime not read' : version,
    settings === null ? 'settings not read' : counted(settings, 'setting'),
    files === null ? 'files not read' : counted(files, 'file'),
    ...(folders > 0 ? [counted(folders, 'tracked folder')] : []),
  ].join(', ')

const kinds: readonly { kind: ComparedLine['kind']; words: string }[] = [
  { kind: 'setting', words: 'Settings' },
  { kind: 'file', words: 'Files' },
  { kind: 'update', words: 'Runtime' },
  { kind: 'folder', words: 'Tracked folders' },
]

/** The lines by what they are about, in the order of the parts of a patch; kinds without any are left out. */
export const byKind = (lines: readonly ComparedLine[]): { words: string; lines: ComparedLine[] }[] =>
  kinds
    .map(({ kind, words }) => ({ words, lines: lines.filter((line) => line.kind === kind) }))
    .filter(({ lines: own }) => own.length > 0)

/** "4 changes a patch can carry; 1 is left out." */
export function lead(lines: number, leftOut: number): string {
  if (lines + leftOut === 0) return 'Nothing was changed since then.'
  const carried =
    lines === 0 ? 'Nothing that a patch carries was changed' : `${counted(lines, 'change')} a patch can carry`
  return leftOut === 0 ? `${carried}.` : `${carried}; ${leftOut} ${leftOut === 1 ? 'is' : 'are'} left out.`
}

export interface Asked {
  readonly held: string | undefined
  readonly chosen: number
  readonly preview: SnapshotPatch | undefined
  readonly name: string | undefined
  readonly why: string
  readonly link: string | undefined
}

/** What is still missing before it can be saved, as a sentence; null: nothing. */
export function missing({ held, chosen, preview, name, why, link }: Asked): string | null {
  if (held !== undefined) return held
  if (chosen === 0) return 'No change is chosen.'
  if (preview === undefined) return 'What it comes to is being read.'
  const refused = preview.problems.length
  if (refused > 0) return `${refused === 1 ? '1 thing is' : `${refused} things are`} refused as it stands.`
  if (why.trim() === '') return 'A reason is missing.'
  return name ?? link ?? null
}
