import { byHand, sshLine, whereabouts } from '../../../shared/by-hand.ts'
import type { Fact, MachinePage } from '../../../shared/contract/index.ts'

/** What shows a fact by hand: the whole line for a terminal here, jump hosts included. */
export interface FactLine {
  text: string
  /** What runs there. */
  remote: string
  shell: 'sh' | 'cmd'
  note: string
}

/** Null where the machine itself cannot show it, such as which version is the newest. */
export function factLine(fact: Fact, data: Pick<MachinePage, 'facts' | 'agents' | 'sshCommand'>): FactLine | null {
  const hand = byHand(fact, whereabouts(fact, data.facts, data.agents))
  return hand && { text: sshLine(data.sshCommand, hand), ...hand }
}
