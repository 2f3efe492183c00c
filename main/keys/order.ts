import type { BoxId, KeyBox } from '../../shared/contract/index.ts'

/** Machines of the first wave after the canaries, and of those that follow. */
const firstAtOnce = 4
const mostAtOnce = 8

/** Counts the waves, in the order given: each machine of the lab and each canary alone, or one of the rest in its place; then a few, then eight at a time. Pure. */
export function wavesOf<T extends { readonly boxId: BoxId; readonly ring: KeyBox['ring'] }>(
  boxes: readonly T[],
): (T & { readonly wave: number })[] {
  const inRing = (ring: KeyBox['ring']) => boxes.filter((box) => box.ring === ring)
  const rest = inRing('rest')
  const alone = [...inRing('lab'), ...inRing('canary')]
  if (!alone.some(({ ring }) => ring === 'canary')) alone.push(...rest.splice(0, 1))
  const waves = alone.map((box) => [box])
  for (let most = firstAtOnce; rest.length > 0; most = mostAtOnce) waves.push(rest.splice(0, most))
  return waves.flatMap((wave, at) => wave.map((box) => ({ ...box, wave: at + 1 })))
}
