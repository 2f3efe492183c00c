import type { BoxId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import type { Onbox } from '../onbox/onbox.ts'
import { type FileText, mostTextBytes } from '../runtimes/file-text.ts'
import { mostChangeBytes, sha256Of } from '../runtimes/runtimes.ts'
import { type Fetched, type FileDifference, mostFiles, whyNotFile } from './files.ts'

export interface FetchParts {
  readonly onbox: Pick<Onbox, 'fileText'>
  readonly clock: Clock
  /** For one file. */
  readonly deadlineMs: number
  /** For all of them. */
  readonly allMs: number
  readonly signal?: AbortSignal | undefined
}

/** Bytes that are those of the snapshot, or why they cannot be had. The machine masks secrets before a text leaves it. Pure. */
export function fetchedOf(answer: FileText, sha256: string): Fetched {
  if (!answer.read) return { why: `It was not read: ${untrusted(answer.why)}` }
  const { kind, text, sha256: now } = answer.value
  if (kind === 'none') return { why: 'It is gone by now: compare again.' }
  if (kind === 'large') return { why: `It is larger than ${mostTextBytes / 1000} kB.` }
  if (kind === 'binary' || text === null) return { why: 'It is no text.' }
  if (now !== sha256) return { why: 'It was changed while it was read: compare again.' }
  const bytes = Buffer.from(text, 'utf8')
  return sha256Of(bytes) === sha256
    ? { bytes }
    : { why: 'A secret, or who somebody is, stands in it and was masked on the machine, so its content is not here.' }
}

/**
 * Asks a machine for the files behind differences, one after the other, and proves each by its hash. What can be told
 * without asking is not asked for, and nothing is once there is more than one change carries.
 * @throws FaultError any connection or answer fault.
 */
export async function fetchFiles(
  { boxId, stateDir, fingerprintKey }: { boxId: BoxId; stateDir: string; fingerprintKey: string },
  differences: readonly FileDifference[],
  { onbox, clock, deadlineMs, allMs, signal }: FetchParts,
): Promise<Map<string, Fetched>> {
  const untilMs = clock.monotonicMs() + allMs
  const fetched = new Map<string, Fetched>()
  let sum = 0
  for (const difference of differences) {
    const { path, after } = difference
    if (after === null || whyNotFile(difference) !== '') continue
    const leftMs = untilMs - clock.monotonicMs()
    if (leftMs <= 0 || fetched.size >= mostFiles || sum > mostChangeBytes) {
      fetched.set(path, {
        why: leftMs <= 0 ? 'There was no time left to fetch it.' : 'There is more than one patch carries.',
      })
      continue
    }
    const answer = await onbox.fileText(
      boxId,
      { stateDir, path, fingerprintKey },
      { deadlineMs: Math.min(deadlineMs, leftMs), ...(signal ? { signal } : {}) },
    )
    const one = fetchedOf(answer, after.sha256)
    if ('bytes' in one) sum += one.bytes.byteLength
    fetched.set(path, one)
  }
  return fetched
}
