import type { AgentId, BoxId, Client, Fault, SweepOutcome } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import { type Observed, ObservedAgent } from '../runtimes/observed.ts'
import { assessChange, assessMachine, assessOneAgent } from './assess.ts'
import { assessAttempt } from './assess-reach.ts'
import { evidenceOf } from './assess-rules.ts'
import { assessGapOf } from './assess-versions.ts'
import { judgeMachine, judgeOneAgent } from './judge.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeGapFacts } from './judge-versions.ts'
import type { Context } from './judged.ts'
import type { FactRows } from './rows.ts'
import type { Versions } from './versions.ts'

/** An answer on its way into the store, for rungs above that judge more of it in the same transaction. */
export interface Landed {
  readonly box: StoredBox
  readonly client: Client | null
  readonly agents: readonly { readonly agentId: AgentId; readonly agent: ObservedAgent }[]
  readonly nowMs: number
}

export interface LandingParts {
  readonly rows: FactRows
  readonly versions: Versions
  readonly inventory: InventoryReads
  readonly findings: Findings
  readonly clock: Clock
  readonly thresholds: () => { amberDays: number; redDays: number }
  /** Judged with the facts, settled with them: activity and silence. */
  readonly judgeMore: (landed: Landed) => Assessment[]
}

/** The same with every text safe to store, none longer than it was. */
function cleaned<T>(value: T): T {
  if (typeof value === 'string') return untrusted(value, value.length) as T
  if (Array.isArray(value)) return value.map(cleaned) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(inner)])) as T
}

const KeptInstall = ObservedAgent.pick({ install: true })

/** Takes answers and failures into the store. Every method is called inside `store.write`. */
export function createLanding(parts: LandingParts) {
  const { rows, versions, inventory, findings, clock, thresholds } = parts
  let learnt = false

  const clientOf = (box: StoredBox): Client | null => (box.clientId ? inventory.client(box.clientId) : null)

  const contextOf = (box: StoredBox, nowMs: number, tookMs: number): Context => {
    const client = clientOf(box)
    const { amberDays, redDays } = thresholds()
    return {
      nowMs,
      client,
      newest: versions.newest(),
      versions: versions.list(),
      amberDays: client?.amberDays ?? amberDays,
      redDays: client?.redDays ?? redDays,
      tookMs,
      user: box.user,
    }
  }

  const hashBefore = (boxId: BoxId, agentId: AgentId) => {
    const before = rows.ofSubject(boxId, agentId).find((fact) => fact.key === 'config.hash')
    return before && typeof before.value === 'string' ? { hash: before.value, takenAtMs: before.takenAtMs } : null
  }

  return {
    /** Judges one answer, writes facts and findings. */
    answered(box: StoredBox, observed: Observed, tookMs: number): void {
      const nowMs = clock.nowMs()
      for (const { install } of observed.agents) {
        if (install.read && versions.seenInFleet(untrusted(install.value.version, 60), nowMs)) learnt = true
      }
      const context = contextOf(box, nowMs, tookMs)
      const machine = judgeMachine(observed, context)
      const assessments: Assessment[] = assessMachine(observed, machine, context)
      const agents = observed.agents.map((agent) => {
        const agentId = inventory.seenAgent(box.boxId, {
          profile: untrusted(agent.profile, 100),
          stateDir: untrusted(agent.stateDir, 4000),
        })
        const judged = judgeOneAgent(agent, context)
        assessments.push(...assessOneAgent(agent, agentId, observed.machine.nodeVersion, judged, context))
        assessments.push(...assessChange(agent, agentId, hashBefore(box.boxId, agentId), judged, context))
        rows.put(box.boxId, agentId, judged, nowMs, true)
        rows.keepInstall(box.boxId, agentId, nowMs, {
          install: cleaned(agent.install),
          nodeVersion: cleaned(observed.machine.nodeVersion),
        })
        return { agentId, agent }
      })
      inventory.seenChannels(
        box.boxId,
        agents.map(({ agentId, agent }) => ({ agentId, doors: agent.doors.read ? agent.doors.value : null })),
      )
      rows.put(box.boxId, null, machine, nowMs, true)
      rows.tried({ boxId: box.boxId, atMs: nowMs, outcome: 'swept', fault: null, sweptAtMs: nowMs })
      assessments.push(...parts.judgeMore({ box, client: context.client, agents, nowMs }))
      findings.settle(box.boxId, assessments, nowMs)
    },

    /** Keeps a failed attempt; what it says about findings is answered, to be settled when it is sure whose fault it is. */
    failed(box: StoredBox, fault: Fault, outcome: SweepOutcome): Assessment[] {
      const nowMs = clock.nowMs()
      if (outcome === 'cancelled') return []
      const sweptAtMs = rows.attempt(box.boxId)?.sweptAtMs ?? null
      rows.put(box.boxId, null, judgeAttempt(fault, outcome), nowMs, false)
      rows.tried({ boxId: box.boxId, atMs: nowMs, outcome, fault, sweptAtMs: null })
      return outcome === 'not-expected' ? [] : assessAttempt({ fault, nowMs, sweptAtMs })
    },

    /** What was written last did not stay: forget what was concluded from it. */
    undone: (): void => versions.forget(),

    settle: (boxId: BoxId, assessments: readonly Assessment[]): void => {
      findings.settle(boxId, assessments, clock.nowMs())
    },

    /** Judges every kept install again when a newer version was heard of since, or always with `force`. Ages stay as they are. */
    versionsChanged(force: boolean): void {
      if (!learnt && !force) return
      learnt = false
      const boxes = new Map(inventory.boxes().map((box) => [box.boxId, box]))
      for (const { boxId, agentId, atMs, observed } of rows.installs()) {
        const box = boxes.get(boxId)
        const kept = KeptInstall.safeParse(observed)
        if (!box || !kept.success) continue
        const context = { ...contextOf(box, atMs, 0), nowMs: atMs }
        const nodeVersion = String((observed as { nodeVersion?: unknown }).nodeVersion ?? '')
        rows.put(boxId, agentId, judgeGapFacts(kept.data.install, context), atMs, false)
        const evidence = evidenceOf(
          rows
            .ofSubject(boxId, agentId)
            .map((fact) => ({ ...fact, source: fact.evidence.source, raw: fact.evidence.raw })),
          agentId,
          atMs,
        )
        findings.settle(boxId, assessGapOf(kept.data.install, nodeVersion, evidence, context), atMs)
      }
    },
  }
}
export type Landing = ReturnType<typeof createLanding>
