import { byHand, sshLine, whereabouts } from '../../shared/by-hand.ts'
import type { Agent, Fact, Probe } from '../../shared/contract/index.ts'

/** Is there a way out, whatever the agent wants there. */
const wayOut = 'ping -c 3 1.1.1.1'

/**
 * The line for a terminal here that shows the answer on the machine itself: by its telling fact, the first that is not
 * fine. Null: nothing on the machine shows it.
 *
 * @param ssh the ssh command of the machine, as a terminal takes it.
 */
export function commandOf(
  probe: Pick<Probe, 'key' | 'facts'>,
  ssh: string,
  facts: readonly Fact[],
  agents: readonly Agent[],
): string | null {
  // That a machine answers shows in the login itself.
  if (probe.key === 'reach') return ssh
  const fact = probe.facts.find(({ verdict }) => verdict !== 'ok') ?? probe.facts[0]
  if (!fact) return null
  const at = whereabouts(fact, facts, agents)
  if (probe.key === 'network') return at.windows ? null : sshLine(ssh, { remote: wayOut })
  const seen = byHand(fact, at)
  return seen === null ? null : sshLine(ssh, seen)
}
