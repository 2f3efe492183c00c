import type { AgentId, BoxId, PatchClass, RolloutTarget, RolloutWave } from '../../shared/contract/index.ts'

/** How long changed agents are left at work, in seconds, before they are looked at again. */
export type SoakOf = (kind: RolloutWave['kind'], patchClass: PatchClass) => number

/** A security patch is left a shorter while; it skips nothing. */
export const usualSoak: SoakOf = (kind, patchClass) => {
  if (patchClass === 'security') return kind === 'canary' ? 60 : 0
  return kind === 'canary' ? 600 : 120
}

/** Machines of the first wave after the canaries, and of those that follow. */
const firstAtOnce = 4
const mostAtOnce = 8

type Going = Pick<RolloutTarget, 'agentId' | 'boxId' | 'ring'>

/**
 * Who goes when, in the order given: each machine of the lab alone, then the canaries one agent at a time, then a first few
 * of the rest, then the others. Where no canary goes, the first of the rest goes alone in its place. Pure.
 */
export function wavesOf(going: readonly Going[], patchClass: PatchClass, soakOf: SoakOf = usualSoak): RolloutWave[] {
  const inRing = (ring: Going['ring']) => going.filter((one) => one.ring === ring)
  const named = inRing('canary')
  const others = inRing('rest')
  const canaries = named.length > 0 ? named : others.slice(0, 1)
  const rest = named.length > 0 ? others : others.slice(1)
  const first = rest.slice(0, Math.min(firstAtOnce, Math.ceil(rest.length / 2)))
  const groups: { kind: RolloutWave['kind']; of: readonly Going[]; most: number }[] = [
    ...[...Map.groupBy(inRing('lab'), ({ boxId }) => boxId).values()].map((of) => ({
      kind: 'lab' as const,
      of,
      most: 1,
    })),
    ...canaries.map((one) => ({ kind: 'canary' as const, of: [one], most: 1 })),
    { kind: 'rest', of: first, most: firstAtOnce },
    { kind: 'rest', of: rest.slice(first.length), most: mostAtOnce },
  ]
  return groups
    .filter(({ of }) => of.length > 0)
    .map(({ kind, of, most }, at) => ({
      number: at + 1,
      kind,
      agentIds: of.map(({ agentId }): AgentId => agentId),
      atOnce: Math.min(most, new Set(of.map(({ boxId }): BoxId => boxId)).size),
      soakS: soakOf(kind, patchClass),
    }))
}
