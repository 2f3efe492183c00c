import type { Fact } from '../../shared/contract/index.ts'
import type { Facts } from './facts.ts'

/** Facts whose change can show in what is exchanged, and what kind of change it is. */
export const behaviourKeys = {
  'version.disk': 'version',
  'version.commit': 'version',
  'config.hash': 'config',
} as const satisfies Partial<Record<Fact['key'], 'version' | 'config'>>
export type BehaviourKey = keyof typeof behaviourKeys

/** How one such fact of one agent read over time, newest first. */
export interface BehaviourHistory {
  readonly key: BehaviourKey
  readonly boxName: string
  /** When the file itself says that it was last changed; null: nothing says. */
  readonly writtenAtMs: number | null
  readonly spans: ReturnType<Facts['history']>
}

/** When the config of an agent was last written, as the machine says. */
function writtenAt(read: readonly Fact[], { key, boxId, agentId }: Fact): number | null {
  if (key !== 'config.hash') return null
  const own = read.find((fact) => fact.key === 'config.changed' && fact.boxId === boxId && fact.agentId === agentId)
  return typeof own?.value === 'number' ? own.value : null
}

/** Of every fact read of some boxes, those whose change can show, with how each read over time. */
export const behaviourHistories = (
  read: readonly Fact[],
  boxNameOf: (boxId: Fact['boxId']) => string,
  history: Facts['history'],
): BehaviourHistory[] =>
  read
    .filter(({ key }) => key in behaviourKeys)
    .map((fact) => ({
      key: fact.key as BehaviourKey,
      boxName: boxNameOf(fact.boxId),
      writtenAtMs: writtenAt(read, fact),
      spans: history(fact),
    }))

/**
 * Stretches of one reading, newest first. What could not be read is no change. The newest began when its file was
 * written, where that lies between the last look before and the first one after; else when it was found. Pure.
 */
export function stretches({ spans, writtenAtMs }: BehaviourHistory): { text: string; fromMs: number }[] {
  const known = spans.filter((span) => span.verdict !== 'unknown').toSorted((a, b) => b.fromMs - a.fromMs)
  return known
    .filter((span, at) => known[at + 1]?.text !== span.text)
    .map((span, at, all) => {
      const before = all[at + 1]
      const fits = at === 0 && before && writtenAtMs !== null && writtenAtMs > before.toMs && writtenAtMs < span.fromMs
      return { text: span.text, fromMs: fits ? writtenAtMs : span.fromMs }
    })
}

/** Since when all of them read the same; `atLeast`: as far back as is known. Null: nothing was read. Pure. */
export function unchangedSince(histories: readonly BehaviourHistory[]): { sinceMs: number; atLeast: boolean } | null {
  const newest = histories
    .flatMap((history) => {
      const [stretch, before] = stretches(history)
      return stretch ? [{ sinceMs: stretch.fromMs, atLeast: before === undefined }] : []
    })
    // Of two as new, the one that is a change counts.
    .toSorted((a, b) => b.sinceMs - a.sinceMs || Number(a.atLeast) - Number(b.atLeast))
  return newest[0] ?? null
}
