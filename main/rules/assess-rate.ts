import { channelName, doorName } from '../../shared/channels.ts'
import type { AgentId } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'

/**
 * What went out in an hour against the most that layers allow a public account. No version of the runtime holds an
 * answer back, so this is counted afterwards. What does not name its account counts for the only guarded one.
 *
 * @param most by account, `telegram/default`.
 * @param busiest null: it was not read.
 */
export function assessRate(
  most: Readonly<Record<string, number>>,
  busiest: NonNullable<ObservedActivity['busiest']> | null,
  agentId: AgentId,
  nowMs: number,
): Assessment[] {
  const guards = Object.entries(most)
  const cause = 'too-many-answers' as const
  if (guards.length === 0)
    return [{ cause, agentId, trouble: null, recovery: 'No account has a most per hour any more.' }]
  if (busiest === null) return []
  const [only, another] = guards
  const over = busiest.flatMap(({ channel, account, fromMs, out }) => {
    const named =
      channel === '' ? (another === undefined ? only?.[0] : undefined) : `${channel}/${account || 'default'}`
    const guard = named === undefined ? undefined : most[named]
    return guard === undefined || named === undefined || out <= guard ? [] : [{ named, guard, fromMs, out }]
  })
  const worst = over.toSorted((a, b) => b.out / b.guard - a.out / a.guard)[0]
  if (worst === undefined)
    return [{ cause, agentId, trouble: null, recovery: 'It stayed below its most per hour for a day.' }]
  const slash = worst.named.indexOf('/')
  const door = { channel: worst.named.slice(0, slash), account: worst.named.slice(slash + 1) }
  return [
    {
      cause,
      agentId,
      trouble: {
        severity: 'attention',
        state: 'Unsafe',
        sentence: `sent ${counted(worst.out, 'answer')} in an hour on ${channelName(door.channel)}, and at most ${worst.guard} may go out`,
        detail: 'the runtime holds nothing back: this was counted afterwards',
        sinceMs: worst.fromMs,
        evidence: over.slice(0, 5).map(({ named, guard, fromMs, out }) => ({
          name: doorName({ channel: named.slice(0, named.indexOf('/')), account: named.slice(named.indexOf('/') + 1) }),
          value: `${out} in the hour from ${dateWords(fromMs)}, at most ${guard}`,
          takenAtMs: nowMs,
        })),
        nextStep:
          'Look at who wrote then. If it goes on, stop the channel; if they were people, raise the most per hour.',
      },
    },
  ]
}
