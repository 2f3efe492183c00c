import { doorName } from '../../shared/channels.ts'
import { counted } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedAgent, ObservedDoor } from '../runtimes/observed.ts'
import { type Evidence, fine, trouble } from './assess-rules.ts'
import { answered } from './judge-access.ts'
import type { Context } from './judged.ts'

/** Why a door is open, in words; the config's own paths stand in the evidence. */
function becauseWords(door: ObservedDoor): string {
  if (door.direct === 'everyone')
    return door.because.some((line) => line.includes('*')) ? 'its list contains “everyone”' : 'its policy is “open”'
  if (door.groups === 'everyone') return 'its groups are open to everyone'
  if (door.direct === 'pairing-code') return 'its policy is “pairing”: whoever writes hears from it'
  return door.because.some((line) => /pairing store/i.test(line))
    ? 'somebody paired; the list in the config is not the whole list'
    : 'the list names more than the client’s own handles'
}

/** The one place that opens the door: "channels.imessage.allowFrom holds *". Everything that decides it is the fact's own evidence. */
function placeWords({ because }: ObservedDoor): string {
  const list = because.find((line) => line.endsWith('allowFrom'))
  if (because.includes('* lets everyone in') && list) return `${list} holds *`
  return because.find((line) => /: (open|pairing)$/.test(line)) ?? because.join('; ')
}

/** Who may make this agent speak: the finding this console exists for. */
export function assessAccess(agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] {
  if (!agent.doors.read) return []
  const { agentId } = evidence
  const doors = agent.doors.value.map((door) => ({ door, ...answered(door, context.client, context.kindOf(door)) }))
  const sure = doors.every(({ verdict }) => verdict !== 'unknown')
  const open = doors.filter(({ verdict }) => verdict === 'bad')
  const strange = doors.filter(({ verdict }) => verdict === 'warn')
  const assessments: Assessment[] = []
  const sinceMs = agent.config.read ? agent.config.value.modifiedAtMs : null
  const saysSo = (door: ObservedDoor | undefined) => [
    ...evidence.show('access.answers', 'config.changed', 'version.disk'),
    { name: 'Where it says so', value: door ? placeWords(door) : '', takenAtMs: evidence.takenAtMs },
  ]
  if (open.length > 0) {
    assessments.push(
      trouble('answers-everyone', agentId, {
        severity: 'red',
        state: 'Unsafe',
        sentence: `answers everyone who writes on ${open.map(({ door }) => doorName(door)).join(', ')}`,
        detail: open[0] ? becauseWords(open[0].door) : '',
        sinceMs,
        evidence: saysSo(open[0]?.door),
        nextStep: 'Allow only the client’s own numbers there, then sweep again.',
      }),
    )
  } else if (sure) assessments.push(fine('answers-everyone', agentId, 'It answers only those on its list.'))
  if (strange.length > 0) {
    const pairing = strange.some(({ door }) => door.direct === 'pairing-code')
    const strangers = strange.reduce((sum, { strangers: count }) => sum + (count ?? 0), 0)
    const where = strange.map(({ door }) => doorName(door)).join(', ')
    assessments.push(
      trouble('answers-strangers', agentId, {
        severity: 'attention',
        state: 'Unsafe',
        sentence: pairing
          ? `sends strangers a pairing code on ${where}`
          : `answers ${counted(strangers, 'person', 'people')} who ${strangers === 1 ? 'is' : 'are'} not the client, on ${where}`,
        detail: strange[0] ? becauseWords(strange[0].door) : '',
        sinceMs,
        evidence: saysSo(strange[0]?.door),
        nextStep: pairing
          ? 'Set the channel to its list only.'
          : 'Take them off the list, or write them down as the client’s own.',
      }),
    )
  } else if (sure) assessments.push(fine('answers-strangers', agentId, 'It answers the client’s own handles only.'))
  return assessments
}
