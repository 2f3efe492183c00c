import type { CarriedFile, LayerProblem } from '../../shared/contract/index.ts'
import type { Sections } from '../../shared/sections.ts'
import { dottedPath } from '../runtimes/operations.ts'
import { whyNotCarried } from '../runtimes/runtimes.ts'

/** A declared file that is not on the machine as it is declared. */
export interface FileChange {
  readonly file: CarriedFile
  /** What of the layers says so. */
  readonly declared: string
  readonly before: string | null
  readonly after: string
}

/** Content that the console holds; null: it does not. */
export type SizeOf = (sha256: string) => number | null

export const fileSectionPath = (path: string): string => dottedPath(['sections', 'files', path])

const named = (sha256: string, size: number | null): string =>
  `SHA-256 ${sha256.slice(0, 12)}…${size === null ? '' : `, ${size} bytes`}`

/**
 * Which declared files are to be carried, and what cannot be.
 * @param found the agent's own files by path; null: they were not read yet. Pure.
 */
export function planFiles(
  files: Sections['files'] = {},
  found: ReadonlyMap<string, string> | null,
  sizeOf: SizeOf,
): { changes: FileChange[]; cannot: LayerProblem[] } {
  const changes: FileChange[] = []
  const cannot: LayerProblem[] = []
  for (const [path, { sha256, executable = false }] of Object.entries(files)) {
    if (sha256 === undefined || found?.get(path) === sha256) continue
    const declared = fileSectionPath(path)
    const size = sizeOf(sha256)
    const why = whyNotCarried(path)
    const words =
      why !== ''
        ? `${path} is not carried: ${why}`
        : found === null
          ? `${path} was not read on this machine yet, so it is not known whether it is the declared one. Sweep it first.`
          : size === null
            ? `The content of ${path} is not in this console. Add the file again.`
            : ''
    if (words !== '') {
      cannot.push({ path: declared, words })
      continue
    }
    const before = found?.get(path)
    changes.push({
      file: { path, sha256, executable },
      declared,
      before: before === undefined ? null : named(before, sizeOf(before)),
      after: named(sha256, size),
    })
  }
  return { changes, cannot }
}
