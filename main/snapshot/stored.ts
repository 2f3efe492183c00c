import * as z from 'zod'
import { SnapshotComparison, type SnapshotSummary } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { countValues, SnapshotContent } from './content.ts'
import { StoredLine } from './lines.ts'
import type { StoredSnapshot } from './rows.ts'

/** What a comparison came to, as it is kept beside the later snapshot. */
export const StoredComparison = z.object({
  before: SnapshotComparison.shape.before,
  lines: z.array(StoredLine),
  leftOut: SnapshotComparison.shape.leftOut,
})
export type StoredComparison = z.infer<typeof StoredComparison>

function parsed<T>(schema: z.ZodType<T>, json: string): T {
  try {
    const read = schema.safeParse(JSON.parse(json))
    if (read.success) return read.data
  } catch {
    // Told below.
  }
  throw new FaultError({
    code: 'invalid-input',
    field: 'snapshot',
    detail: 'What the store holds of it cannot be read. Take another.',
  })
}

/** @throws FaultError `invalid-input`: a row may have been edited. */
export const contentIn = ({ contentJson }: StoredSnapshot): SnapshotContent => parsed(SnapshotContent, contentJson)

/** @throws FaultError `not-found` for a snapshot taken by hand; `invalid-input`. */
export function comparisonIn({ comparisonJson }: StoredSnapshot): StoredComparison {
  if (comparisonJson === null) throw new FaultError({ code: 'not-found', what: 'comparison of this snapshot' })
  return parsed(StoredComparison, comparisonJson)
}

/** How a snapshot stands in a list; what cannot be read of it counts as unread. */
export function summaryOf(row: StoredSnapshot, names: Pick<SnapshotSummary, 'boxName' | 'profile'>): SnapshotSummary {
  const { contentJson: _, comparisonJson, ...head } = row
  const about = { ...head, ...names, how: comparisonJson === null ? ('taken' as const) : ('compared' as const) }
  try {
    const { runtime, settings, files, folders } = contentIn(row)
    return {
      ...about,
      version: 'why' in runtime ? '' : runtime.version,
      settings: 'why' in settings ? null : countValues(settings.values),
      files: 'why' in files ? null : files.total,
      folders: folders.length,
    }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return { ...about, version: '', settings: null, files: null, folders: 0 }
  }
}
