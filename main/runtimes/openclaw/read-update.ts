import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { clip, why } from '../reading.ts'
import { fromDatabase } from '../sqlite.ts'
import { stateDatabase } from './read-state.ts'

type Update = Extract<ObservedAgent['update'], { read: true }>['value']

/**
 * Runs on a box. The runtime's newest update of itself, as it wrote it down (table `update_runs`, from 2026.8 on), and
 * the folder in which an update builds the next install beside the real one; it is gone when the update has ended.
 */
export function readUpdate(stateDir: string, installRoot: string): Update {
  return { ...readRun(stateDir), leftSinceMs: halfMadeSince(path.dirname(installRoot)) }
}

function readRun(stateDir: string): Pick<Update, 'keepsRuns' | 'run'> {
  try {
    return fromDatabase('update', stateDatabase(stateDir), (database) => {
      if (!database.hasTable('update_runs'))
        return { keepsRuns: database.userVersion >= firstSchemaWithRuns, run: null }
      const [row] = database.all(
        'select status, phase, reason, created_at_ms, updated_at_ms from update_runs order by created_at_ms desc limit 1',
      )
      if (row === undefined) return { keepsRuns: true, run: null }
      const run = {
        status: clip(row.status, 40),
        phase: clip(row.phase, 40),
        startedAtMs: Number(row.created_at_ms),
        updatedAtMs: Number(row.updated_at_ms),
        reason: clip(row.reason),
      }
      return { keepsRuns: true, run }
    })
  } catch (error) {
    if (why(error) === 'There is no such database.') return { keepsRuns: false, run: null }
    throw error
  }
}

/** 2026.9.6 (schema 18) makes the table with its first update; 2026.6.11 (schema 1) has none. */
const firstSchemaWithRuns = 18

/** `.openclaw.update-stage-…` of 2026.9.6, `.openclaw-update-stage-…` of 2026.6.11, beside the package. */
function halfMadeSince(globalRoot: string): number | null {
  try {
    const since = readdirSync(globalRoot)
      .filter((name) => /^\.openclaw[.-]update-stage-/.test(name))
      .map((name) => Math.round(statSync(path.join(globalRoot, name)).mtimeMs))
    return since.length === 0 ? null : Math.min(...since)
  } catch {
    return null
  }
}
