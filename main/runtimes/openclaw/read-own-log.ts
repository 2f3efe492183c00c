import { NoLog, openLog } from '../log-files.ts'
import type { ObservedAgent } from '../observed.ts'
import { clip, readable, Unreadable, unreadable } from '../reading.ts'
import type { FoundAgent } from './find-agents.ts'
import { type LogPlace, runtimeLog } from './find-logs.ts'
import { parseLogLine } from './log-line.ts'
import type { Settings } from './settings.ts'

type OwnLog = Extract<ObservedAgent['ownLog'], { read: true }>['value']

/** The runtime keeps so many rotations, and drops the sixth. */
const mostRotations = 5
const firstLineBytes = 64_000

/** Runs on a box. How far back the runtime's own log reaches: what is older is gone before anybody can read it. */
export async function readOwnLog(
  agent: FoundAgent,
  settings: Settings,
  place: LogPlace,
): Promise<ObservedAgent['ownLog']> {
  const { daily, files } = runtimeLog(agent, settings, place)
  const newest = files.at(-1)
  if (newest === undefined) return unreadable('There is no log of it yet.', 'the agent’s log')
  const rotated = files.some((file) => file.includes(`.${mostRotations}.log`)) || files.length > mostRotations
  try {
    return readable({ daily, full: !daily && rotated, ...(await reachOf(files)) } satisfies OwnLog, clip(newest))
  } catch (error) {
    const why =
      error instanceof NoLog ? 'This login may not read it.' : error instanceof Unreadable ? error.message : ''
    return unreadable(why || 'It could not be read.', clip(newest))
  }
}

async function reachOf(files: readonly string[]): Promise<Pick<OwnLog, 'oldestAtMs' | 'files'>> {
  let oldest: { modifiedMs: number; atMs: number | null } | null = null
  let count = 0
  for (const path of files) {
    const file = openLog(path)
    if (file === null) continue
    count += 1
    try {
      if (oldest !== null && oldest.modifiedMs <= file.modifiedMs) continue
      const [line = ''] = (await file.read(0, firstLineBytes)).toString('utf8').split('\n')
      oldest = { modifiedMs: file.modifiedMs, atMs: parseLogLine(line, 'runtime').at }
    } finally {
      file.close()
    }
  }
  if (oldest === null) throw new Unreadable('There is no whole line in it yet.')
  return { oldestAtMs: oldest.atMs, files: count }
}
