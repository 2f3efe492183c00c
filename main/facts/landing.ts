import { doorInstance } from '../../shared/channels.ts'
import type { AgentId, BoxId, Client, Fault, SweepOutcome, SweepSummary } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { cleaned } from '../base/cleaned.ts'
import type { Clock } from '../base/clock.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Observed, ObservedAgent, ObservedFolder } from '../runtimes/observed.ts'
import { assessMachine, assessOneAgent } from './assess.ts'
import { assessFolders } from './assess-folders.ts'
import { assessAttempt } from './assess-reach.ts'
import { evidenceOf } from './assess-rules.ts'
import { assessGapOf } from './assess-versions.ts'
import type { BranchRows } from './branch-rows.ts'
import type { Branches } from './branches.ts'
import { isThisComputer, keptFolders, keptInstalls } from './checkouts.ts'
import { judgeMachine, judgeOneAgent } from './judge.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeFolder, type SeenFolder } from './judge-folders.ts'
import { judgeGapFacts } from './judge-versions.ts'
import { type Context, dayMs, type Judged } from './judged.ts'
import { furthest, type Lab, labOf, sameLab } from './lab.ts'
import { lightCauses, lightFacts } from './light.ts'
import type { FactRows } from './rows.ts'
import type { Versions } from './versions.ts'

/** An answer on its way into the store, for rungs above that judge more of it in the same transaction. */
export interface Landed {
  readonly box: StoredBox
  readonly client: Client | null
  readonly agents: readonly { readonly agentId: AgentId; readonly agent: ObservedAgent }[]
  readonly observed: Observed
  readonly nowMs: number
}

export interface LandingParts {
  readonly rows: FactRows
  readonly versions: Versions
  readonly branches: Branches
  readonly branchRows: BranchRows
  readonly inventory: InventoryReads
  readonly findings: Findings
  readonly clock: Clock
  readonly thresholds: () => { amberDays: number; redDays: number }
  /** The longest span since then in which nobody watched. */
  readonly longestUnwatchedMs: (sinceMs: number) => number
  /** Judged with the facts, settled with them: activity and silence. */
  readonly judgeMore: (landed: Landed) => Assessment[]
}

/** How a machine was asked. */
export interface Asking {
  readonly kind: SweepSummary['kind']
  /** By the operator himself, who believes what he sees. */
  readonly byOperator: boolean
}

/** Takes answers and failures into the store. Every method is called inside `store.write`. */
export function createLanding(parts: LandingParts) {
  const { rows, versions, branches, branchRows, inventory, findings, clock, thresholds } = parts
  let learnt = false
  // Every box of a sweep is measured by these; they change seldom.
  let labs: Map<AgentId, Lab> | null = null
  let needs: Map<string, string> | null = null

  const currentLabs = (): Map<AgentId, Lab> => {
    if (labs) return labs
    const boxes = new Map(inventory.boxes().map((box) => [box.boxId, box]))
    labs = new Map()
    for (const { boxId, agentId, install } of keptInstalls(rows)) {
      const box = boxes.get(boxId)
      const lab = box?.ring === 'lab' ? labOf(box, install) : null
      if (lab) labs.set(agentId, lab)
    }
    return labs
  }
  const lab = (): Lab | null => furthest([...currentLabs().values()])
  const needsOf = (version: string): string | null => {
    needs ??= branchRows.needs()
    return needs.get(version) ?? null
  }
  const forget = (): void => {
    versions.forget()
    branches.forget()
    labs = null
    needs = null
  }

  /** What an install tells about versions, branches and the lab machine, beyond its own box. */
  const learnFrom = (box: StoredBox, agentId: AgentId, { install }: ObservedAgent): void => {
    if (!install.read) return
    const { version, needsNode, root, git } = install.value
    const named = untrusted(version, 60)
    if (named !== '' && needsNode !== '' && needsOf(named) === null) {
      branchRows.putNeed(named, untrusted(needsNode, 200))
      needs = null
      learnt = true
    }
    if (git?.read && branches.saw(box.boxId, untrusted(root, 4000), git.value, isThisComputer(box))) learnt = true
    if (box.ring !== 'lab') return
    const before = lab()
    const now = labOf(box, cleaned(install))
    if (now) currentLabs().set(agentId, now)
    else currentLabs().delete(agentId)
    if (!sameLab(before, lab())) learnt = true
  }

  /** Folders of one box by the subject that shows them: an agent that was seen, else the machine. */
  const bySubject = (folders: readonly (SeenFolder & { agentId: AgentId | null })[], agentId: AgentId | null) =>
    folders.filter((each) => each.agentId === agentId)

  const seenFolders = (box: StoredBox, observed: readonly ObservedFolder[], agents: readonly AgentId[]) => {
    const answers = new Map(observed.map((each) => [each.id, each]))
    return inventory.folders({ boxId: box.boxId }).flatMap((folder) => {
      const answer = answers.get(folder.folderId)
      if (!answer) return []
      const agentId = folder.agentId !== null && agents.includes(folder.agentId) ? folder.agentId : null
      return [{ folder, git: answer.git, root: answer.root, agentId }]
    })
  }

  const kindsOf = (boxId: BoxId, agentId: AgentId): Context['kindOf'] => {
    const own = inventory.channels({ boxId }).filter((channel) => channel.agentId === agentId)
    const kinds = new Map(own.map((channel) => [doorInstance(channel), channel.kind]))
    return (door) => kinds.get(doorInstance(door)) ?? null
  }

  const clientOf = (box: StoredBox): Client | null => (box.clientId ? inventory.client(box.clientId) : null)

  const contextOf = (box: StoredBox, nowMs: number, tookMs: number, nodeVersion: string): Context => {
    const client = clientOf(box)
    const { amberDays, redDays } = thresholds()
    return {
      nowMs,
      boxId: box.boxId,
      here: isThisComputer(box),
      nodeVersion,
      client,
      kindOf: () => null,
      newest: versions.newest(),
      versions: versions.list(),
      lab: lab(),
      branches,
      needsOf,
      amberDays: client?.amberDays ?? amberDays,
      redDays: client?.redDays ?? redDays,
      longestUnwatchedMs: parts.longestUnwatchedMs(nowMs - 30 * dayMs),
      tookMs,
      user: box.user,
    }
  }

  return {
    lab,
    /** Judges one answer, writes facts and findings; of an answer to a light sweep only what such a sweep reads. */
    answered(box: StoredBox, observed: Observed, tookMs: number, asking: Asking): void {
      const nowMs = clock.nowMs()
      const full = asking.kind === 'full'
      const put = (agentId: AgentId | null, judged: readonly Judged[]) =>
        full
          ? rows.put(box.boxId, agentId, judged, nowMs, true)
          : rows.put(
              box.boxId,
              agentId,
              judged.filter(({ key }) => lightFacts.has(key)),
              nowMs,
              lightFacts,
            )
      for (const { install } of observed.agents) {
        if (install.read && versions.seenInFleet(untrusted(install.value.version, 60), nowMs)) learnt = true
      }
      const known = observed.agents.map((agent) => {
        const agentId = inventory.seenAgent(box.boxId, {
          profile: untrusted(agent.profile, 100),
          stateDir: untrusted(agent.stateDir, 4000),
        })
        if (full) learnFrom(box, agentId, agent)
        return { agentId, agent }
      })
      const agentIds = known.map(({ agentId }) => agentId)
      const folders = full ? seenFolders(box, observed.folders, agentIds) : []
      for (const { folder, root, git, agentId } of folders) {
        if (git.read && branches.saw(box.boxId, untrusted(root, 4000), git.value, isThisComputer(box))) learnt = true
        const kept = { root: cleaned(root), git: cleaned(git) }
        branchRows.keepCheckout({ folderId: folder.folderId, boxId: box.boxId, agentId, atMs: nowMs }, kept)
      }
      const context = contextOf(box, nowMs, tookMs, observed.machine.nodeVersion)
      const codeOf = (agentId: AgentId | null): Judged[] =>
        bySubject(folders, agentId).flatMap((each) => judgeFolder(each, context))
      const machine = [...judgeMachine(observed, context), ...codeOf(null)]
      const assessments: Assessment[] = [
        ...assessMachine(observed, machine, context),
        ...assessFolders(bySubject(folders, null), null, evidenceOf(machine, null, nowMs)),
      ]
      const agents = known.map(({ agentId, agent }) => {
        const own = { ...context, kindOf: kindsOf(box.boxId, agentId) }
        const judged = [...judgeOneAgent(agent, own), ...codeOf(agentId)]
        assessments.push(...assessOneAgent(agent, agentId, judged, own))
        assessments.push(...assessFolders(bySubject(folders, agentId), agentId, evidenceOf(judged, agentId, nowMs)))
        put(agentId, judged)
        if (full) {
          rows.keepInstall(box.boxId, agentId, nowMs, {
            install: cleaned(agent.install),
            nodeVersion: cleaned(observed.machine.nodeVersion),
            ownCode: cleaned(agent.ownCode),
          })
        }
        return { agentId, agent }
      })
      inventory.seenChannels(
        box.boxId,
        agents.map(({ agentId, agent }) => ({ agentId, doors: agent.doors.read ? agent.doors.value : null })),
      )
      put(null, machine)
      rows.tried({ boxId: box.boxId, atMs: nowMs, outcome: 'swept', fault: null, sweptAtMs: nowMs })
      assessments.push(...parts.judgeMore({ box, client: context.client, agents, observed, nowMs }))
      findings.settle(
        box.boxId,
        full ? assessments : assessments.filter(({ cause }) => lightCauses.has(cause)),
        nowMs,
        asking.byOperator,
      )
    },

    /** Keeps that an attempt failed. What it says about the machine is for `believed`, once it is sure whose fault it is. */
    failed(box: StoredBox, fault: Fault, outcome: SweepOutcome): void {
      if (outcome === 'cancelled') return
      rows.tried({ boxId: box.boxId, atMs: clock.nowMs(), outcome, fault, sweptAtMs: null })
    },

    /** Takes a failed attempt for what it says about the machine: its facts of reach, and its findings. */
    believed(box: StoredBox, fault: Fault, outcome: SweepOutcome, asking: Asking): void {
      const nowMs = clock.nowMs()
      if (outcome === 'cancelled') return
      const sweptAtMs = rows.attempt(box.boxId)?.sweptAtMs ?? null
      rows.put(box.boxId, null, judgeAttempt(fault, outcome), nowMs, false)
      if (outcome === 'not-expected') findings.forgetDoubts(box.boxId)
      else findings.settle(box.boxId, assessAttempt({ fault, nowMs, sweptAtMs }), nowMs, asking.byOperator)
    },

    /** What was written last did not stay: forget what was concluded from it. */
    undone: forget,

    /** Judges every kept install and folder again when more was heard of since, or always with `force`. Ages stay as they are. */
    versionsChanged(force: boolean): void {
      if (!learnt && !force) return
      learnt = false
      if (force) forget()
      const boxes = new Map(inventory.boxes().map((box) => [box.boxId, box]))
      const again = (boxId: BoxId, agentId: AgentId | null, atMs: number, judged: readonly Judged[]) => {
        rows.put(boxId, agentId, judged, atMs, false)
        const facts = rows.ofSubject(boxId, agentId)
        return evidenceOf(
          facts.map((fact) => ({ ...fact, source: fact.evidence.source, raw: fact.evidence.raw })),
          agentId,
          atMs,
        )
      }
      const contextAt = (box: StoredBox, atMs: number, nodeVersion: string): Context => ({
        ...contextOf(box, atMs, 0, nodeVersion),
        nowMs: atMs,
      })
      for (const { boxId, agentId, atMs, install, nodeVersion } of keptInstalls(rows)) {
        const box = boxes.get(boxId)
        if (!box) continue
        const context = contextAt(box, atMs, nodeVersion)
        const evidence = again(boxId, agentId, atMs, judgeGapFacts(install, context))
        findings.settle(boxId, assessGapOf(install, evidence, context), atMs)
      }
      const tracked = new Map(inventory.folders({}).map((folder) => [folder.folderId, folder]))
      const subjects = Map.groupBy(keptFolders(branchRows), ({ boxId, agentId }) => `${boxId} ${agentId ?? ''}`)
      for (const kept of subjects.values()) {
        const [first] = kept
        const box = first && boxes.get(first.boxId)
        const folders = kept.flatMap(({ folderId, git }): SeenFolder[] => {
          const folder = tracked.get(folderId)
          return folder ? [{ folder, git }] : []
        })
        if (!first || !box || folders.length === 0) continue
        const { boxId, agentId, atMs } = first
        const context = contextAt(box, atMs, '')
        const evidence = again(
          boxId,
          agentId,
          atMs,
          folders.flatMap((each) => judgeFolder(each, context)),
        )
        findings.settle(boxId, assessFolders(folders, agentId, evidence), atMs)
      }
    },
  }
}
export type Landing = ReturnType<typeof createLanding>
