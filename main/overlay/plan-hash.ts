import { createHash } from 'node:crypto'
import type { AgentId, BoxId, CarriedFile } from '../../shared/contract/index.ts'
import { dottedPath, type Operation } from '../runtimes/operations.ts'

/** What a plan is, whoever made it: the same operations on the same file of the same agent. */
export interface PlanSubject {
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly baseSha256: string
  readonly operations: readonly Operation[]
  /** Absent: none. */
  readonly files?: readonly CarriedFile[]
  /** Version that the runtime becomes; absent: it stays. */
  readonly update?: string | undefined
  /** Whatever else is done there; empty or absent: nothing. */
  readonly steps?: readonly object[]
}

/** SHA-256, hex, of a plan in a form that its writing does not change: paths in order, names inside values too. Pure. */
export function planHash({
  boxId,
  agentId,
  baseSha256,
  operations,
  files = [],
  update,
  steps = [],
}: PlanSubject): string {
  const sorted = operations
    .map((operation) => [
      dottedPath(operation.path),
      'set' in operation ? ['set', canonical(operation.set)] : ['remove'],
    ])
    .sort(([left], [right]) => (String(left) < String(right) ? -1 : 1))
  const carried = files
    .map(({ path, sha256, executable, mode, back }) => [
      path,
      sha256,
      executable,
      ...(mode === undefined && back === undefined ? [] : [mode ?? null, back ?? null]),
    ])
    .sort(([left], [right]) => (String(left) < String(right) ? -1 : 1))
  return createHash('sha256')
    .update(
      JSON.stringify([
        boxId,
        agentId,
        baseSha256,
        sorted,
        ...(carried.length > 0 ? [carried] : []),
        ...(update === undefined ? [] : [{ update }]),
        ...(steps.length === 0 ? [] : [{ steps: canonical(steps) }]),
      ]),
    )
    .digest('hex')
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, entry]) => [name, canonical(entry)])
}
