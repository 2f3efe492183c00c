import { doorName } from '../../../shared/channels.ts'
import type { ChannelKind } from '../../../shared/contract/index.ts'

/** What happens to an account when it is on, before anybody turns it on (A35). Pure. */
export function blastRadius(
  door: { channel: string; account: string },
  kind: ChannelKind | null,
  agents: number,
): string {
  const name = doorName(door)
  const many = agents === 1 ? '1 agent' : `${agents} agents`
  const reaches = agents === 0 ? 'No agent has it yet.' : `It stands on ${many} of this layer.`
  if (door.channel === 'imessage' || door.channel === 'bluebubbles')
    return `This account is the client’s own number. The agent can read every conversation on that Mac and would answer as the client. ${reaches}`
  switch (kind) {
    case 'public':
      return `Whoever finds this ${name} account can write to it and is answered, at any hour, in the client’s name. ${reaches}`
    case 'team':
      return `The people named here can have the agent read, write and do whatever its tools allow, by ${name}. ${reaches}`
    case 'clients-own':
      return `The agent reads what is written to the client’s own ${name} account and would answer as the client. ${reaches}`
    case null:
      return `Nobody has said whose this ${name} account is, so it is judged as the client’s own: a stranger is never answered. ${reaches}`
  }
}
