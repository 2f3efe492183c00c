import type { DiffLine } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Difference } from './difference.ts'
import type { Door } from './parts.ts'

const breadth: Record<string, number> = { nobody: 0, listed: 1, 'pairing-code': 2, everyone: 3 }
const reach = (word: string, enabled: boolean): number => (enabled ? (breadth[word] ?? 0) : 0)

const wordsOf = ({ enabled, direct, listed, listedTotal, groups, chatMayChangeConfig }: Door): string => {
  if (!enabled) return 'off'
  const more = listedTotal > listed.length ? ` and ${listedTotal - listed.length} more` : ''
  const people =
    direct === 'listed' ? `${listed.slice(0, 5).join(', ')}${listed.length > 5 ? ' …' : ''}${more}` || 'nobody' : direct
  return [
    `direct: ${people}`,
    `groups: ${groups}`,
    ...(chatMayChangeConfig ? ['a chat may change settings'] : []),
  ].join('; ')
}

/** More people, groups or rights than before; a door that was not there before answered nobody. */
function isWider(before: Door | undefined, after: Door): boolean {
  if (reach(after.direct, after.enabled) > reach(before?.direct ?? 'nobody', before?.enabled ?? false)) return true
  if (reach(after.groups, after.enabled) > reach(before?.groups ?? 'nobody', before?.enabled ?? false)) return true
  if (!after.enabled) return false
  if (after.chatMayChangeConfig === true && before?.chatMayChangeConfig === false) return true
  if (after.direct !== 'listed' && after.direct !== 'pairing-code') return false
  const known = new Set(before?.listed)
  return after.listed.some((handle) => !known.has(handle)) || after.listedTotal > (before?.listedTotal ?? 0)
}

/** Who is answered, door by door. Red where somebody gained a way in. */
export function comparedAccess(before: readonly Door[], after: readonly Door[]): Difference | null {
  const one = new Map(before.map((door) => [door.name, door]))
  const other = new Map(after.map((door) => [door.name, door]))
  const diff = [...new Set([...one.keys(), ...other.keys()])].flatMap((name): DiffLine[] => {
    const [was, is] = [one.get(name), other.get(name)]
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    const line = {
      path: untrusted(name, 160),
      before: was ? untrusted(wordsOf(was), 400) : null,
      after: is ? untrusted(wordsOf(is), 400) : null,
    }
    return line.before === line.after && was?.listedTotal === is?.listedTotal ? [] : [line]
  })
  if (diff.length === 0) return null
  const wider = after.some((door) => isWider(one.get(door.name), door))
  return {
    part: 'access',
    weight: wider ? 'red' : 'attention',
    sentence: `${wider ? 'It answers more people' : 'Who it answers changed'}: ${diff
      .map(({ path }) => path)
      .slice(0, 3)
      .join(', ')}`,
    diff,
  }
}
