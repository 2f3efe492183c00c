import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { tempDir } from '../testing/temp-store.ts'
import { createPool } from './pool.ts'
import { startThread, type Thread } from './thread.ts'

test('a thread that died is replaced, and a question that died with it is asked again', async () => {
  const dataDir = tempDir()
  const started: Thread[] = []
  const start = (): Thread => {
    const thread = startThread({ role: 'read', dataDir })
    started.push(thread)
    return thread
  }
  const pool = createPool({ size: 1, start, clock: systemClock, deadlineMs: null })
  const { signal } = new AbortController()
  const run = { boxId: 'b1' as BoxId, runId: 'r' }
  try {
    expect(await pool.ask('run', run, signal)).toEqual([])
    const asked = pool.ask('run', run, signal)
    await started[0]?.end()
    expect(await asked).toEqual([])
    await started[1]?.end()
    expect(await pool.ask('run', run, signal)).toEqual([])
    expect(started).toHaveLength(3)
    await expect(pool.ask('run', run, AbortSignal.abort())).rejects.toMatchObject({ fault: { code: 'cancelled' } })
  } finally {
    await pool.end()
    rmSync(dataDir, { recursive: true })
  }
})
