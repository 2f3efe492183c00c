import { lines } from './0001-lines.ts'
import { patterns } from './0002-patterns.ts'
import { patternLevels } from './0003-pattern-levels.ts'
import { openBlocks } from './0004-open-blocks.ts'

/** Of `logs.db`, in order; the first is version 1. Only ever appended to. */
export const migrations: readonly string[] = [lines, patterns, patternLevels, openBlocks]
