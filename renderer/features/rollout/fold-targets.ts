import type { RolloutPreview, RolloutTarget } from '../../../shared/contract/index.ts'

type Change = RolloutTarget['plan']['changes'][number]

/** Targets that become the very same, or that stay as they are for the very same reason. */
export interface TargetGroup {
  readonly targets: readonly RolloutTarget[]
  /** Empty: they go, or wait for a choice. */
  readonly why: string
  readonly changes: readonly Change[]
  /** Against the largest group: paths that it has besides, and those that it has not. */
  readonly besides: readonly string[]
  readonly lacks: readonly string[]
}

const lineOf = ({ path, before, after }: Change): string => JSON.stringify([path, before, after])

const bySize = (a: readonly unknown[], b: readonly unknown[]): number => b.length - a.length

/** Those that change, the largest group first, then those that do not, by the reason. Pure. */
export function foldTargets(targets: readonly RolloutTarget[]): TargetGroup[] {
  const mayGo = targets.filter(({ why }) => why === '')
  const stay = targets.filter(({ why }) => why !== '')
  const going = [
    ...Map.groupBy(mayGo, ({ plan }) =>
      plan.state === 'unread' ? plan.why : plan.changes.map(lineOf).join('\n'),
    ).values(),
  ].toSorted(bySize)
  const most = going[0]?.[0]?.plan.changes ?? []
  const common = new Set(most.map(lineOf))
  const groups = going.map((group): TargetGroup => {
    const changes = group[0]?.plan.changes ?? []
    const paths = new Set(changes.map(({ path }) => path))
    return {
      targets: group,
      why: '',
      changes,
      besides: changes.filter((change) => !common.has(lineOf(change))).map(({ path }) => path),
      lacks: most.map(({ path }) => path).filter((path) => !paths.has(path)),
    }
  })
  const others = [...Map.groupBy(stay, ({ why }) => why).entries()]
    .toSorted(([, a], [, b]) => bySize(a, b))
    .map(([why, group]): TargetGroup => ({ targets: group, why, changes: [], besides: [], lacks: [] }))
  return [...groups, ...others]
}

/** What a preview says of a machine, as far as it decides what would be sent. */
const frozenOf = ({ goes, why, version, plan }: RolloutTarget): string =>
  JSON.stringify([goes, why, version, plan.hash, plan.baseSha256])

/** Names of machines of which the newer preview says something else; `all`: the patch itself is another by now. Pure. */
export function movedSince(shown: RolloutPreview, newest: RolloutPreview): { names: string[]; all: boolean } {
  const before = new Map(shown.targets.map((target) => [target.agentId, target]))
  const after = new Map(newest.targets.map((target) => [target.agentId, target]))
  const names = [...new Map([...before, ...after]).values()]
    .filter(({ agentId }) => {
      const [one, other] = [before.get(agentId), after.get(agentId)]
      return one === undefined || other === undefined || frozenOf(one) !== frozenOf(other)
    })
    .map(({ name }) => name)
  const all = shown.patch.hash !== newest.patch.hash || (names.length === 0 && shown.hash !== newest.hash)
  return { names, all }
}
