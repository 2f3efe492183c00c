import type { AgentId } from '../../shared/contract/index.ts'
import type { Landed } from '../facts/facts.ts'
import { judgeChanges, type NewChange } from '../outside/judge.ts'
import { partsOf } from '../outside/parts.ts'
import type { Observed, ObservedAgent, ObservedPeople } from '../runtimes/observed.ts'
import {
  got,
  sampleAgent,
  sampleConfig,
  sampleInstall,
  sampleKey,
  sampleMachine,
  sampleObserved,
  samplePeople,
} from './observed-sample.ts'

/** Two answers of one machine a day apart; what moved between them was written at `changedMs`. */
export const beforeMs = Date.parse('2026-11-27T08:00:00Z')
export const nowMs = Date.parse('2026-11-28T08:00:00Z')
export const changedMs = Date.parse('2026-11-27T20:00:00Z')
export const agentId = 'a1' as AgentId

/** What an answer says beside what a machine that is well says. */
export interface Said {
  readonly agent?: Partial<ObservedAgent>
  readonly people?: Partial<ObservedPeople> | null
  readonly machine?: Partial<Observed['machine']>
}

const landed = (
  { agent = {}, people = {}, machine = {} }: Said,
  atMs: number,
): Pick<Landed, 'agents' | 'observed' | 'nowMs'> => {
  const observed = sampleObserved(atMs, {
    machine: sampleMachine(atMs, machine),
    people: people === null ? null : samplePeople(beforeMs, people),
    agents: [sampleAgent(beforeMs, agent)],
  })
  return { observed, agents: observed.agents.map((each) => ({ agentId, agent: each })), nowMs: atMs }
}

/** What a second answer says, after a first. */
export function changes(before: Said, after: Said): NewChange[] {
  const [one, other] = [partsOf(landed(before, beforeMs)), partsOf(landed(after, nowMs))]
  const moved = other.flatMap((reading) => {
    const was = one.find((each) => each.agentId === reading.agentId && each.part === reading.part)
    return was && was.hash !== reading.hash ? [{ reading, before: was.value(), beforeTakenAtMs: beforeMs }] : []
  })
  return judgeChanges(landed(after, nowMs), other, moved)
}

export const config = (settings: unknown, change: Parameters<typeof sampleConfig>[1] = {}): Partial<ObservedAgent> => {
  const redacted = JSON.stringify(settings)
  return {
    config: got(sampleConfig(beforeMs, { redacted, fingerprint: redacted, modifiedAtMs: changedMs, ...change })),
  }
}
export const write = (by: string, homes: string[] = [], atMs = changedMs) => ({
  atMs,
  by,
  homes,
  hashBefore: '',
  hashAfter: '',
})
export const users = (...list: [string, number, boolean?][]): Partial<ObservedPeople> => ({
  users: got({
    list: list.map(([name, uid, isAdmin = false]) => ({ name, uid, home: `/Users/${name}`, isAdmin })),
    modifiedAtMs: changedMs,
  }),
})
export const keys = (...comments: string[]): Partial<ObservedPeople> => ({
  authorizedKeys: [
    {
      file: '/Users/dana/.ssh/authorized_keys',
      user: 'dana',
      keys: got({
        list: comments.map(sampleKey),
        total: comments.length,
        digest: comments.join(),
        modifiedAtMs: changedMs,
        ownerUid: 501,
      }),
    },
  ],
})
export const tools = (...list: [string, 'control' | 'network', boolean?][]): Partial<ObservedPeople> => ({
  remoteTools: got({
    tools: list.map(([name, kind, running = false]) => ({
      name,
      kind,
      path: `/Applications/${name}.app`,
      running,
      modifiedAtMs: changedMs,
    })),
    sawProcesses: true,
  }),
})
export const plist = (...lines: string[]): Partial<ObservedAgent> => ({
  unit: got({ file: '/u/ai.openclaw.gateway.plist', modifiedAtMs: changedMs, ownerUid: 501, text: lines.join('\n') }),
})
export const version = (to: string): Partial<ObservedAgent> => ({ install: got(sampleInstall({ version: to })) })
