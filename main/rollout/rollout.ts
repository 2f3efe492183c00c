import pLimit from 'p-limit'
import type {
  AgentId,
  AgentPlan,
  BoxId,
  Fact,
  Fault,
  GuardSaid,
  ManifestLine,
  Patch,
  PatchId,
  PreflightAnswer,
  PreflightChoice,
  PreflightExit,
  RolloutPreview,
} from '../../shared/contract/index.ts'
import type { Apply } from '../apply/apply.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import type { Facts } from '../facts/facts.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Overlay } from '../overlay/overlay.ts'
import { needWords, type Patches } from '../patch/patch.ts'
import { isAtLeast } from '../runtimes/runtimes.ts'
import type { Schemas } from '../schemas/schemas.ts'
import { commandsBetween, editsOf } from './carry.ts'
import { classOfPatch, createGuard, type GuardParts } from './guard.ts'
import { judgeNeed, type Known } from './judge-need.ts'
import { answersIn, lookedFor, lookRequest, needKey } from './look-for.ts'
import { type Evidence, preflight, type Question } from './preflight.ts'
import { buildPreview, type Candidate } from './preview.ts'
import { createRows } from './rows.ts'
import { type SoakOf, usualSoak } from './waves.ts'

export { lanePlanOf, refuseGuarded } from './carry.ts'
export { createRuns, type Runs } from './runs.ts'
export { type SoakOf, usualSoak } from './waves.ts'

type Asked = { patchId: PatchId; boxIds?: readonly BoxId[] | undefined }

/** A patch against the fleet: to whom it would go, what says against it, what was decided about that. Asks no box. */
export interface Rollouts {
  /** @throws FaultError `not-found`, `invalid-input`. */
  preview(asked: Asked): Promise<RolloutPreview>
  /** The same with what it was made from. `revision`: not the newest one, but that. */
  ready(asked: Asked & { revision?: number | undefined }): Promise<{
    readonly patch: Patch
    readonly preview: RolloutPreview
    readonly plans: ReadonlyMap<AgentId, AgentPlan>
  }>
  /**
   * Asks the machines of the targets for the commands, modules and files that the patch needs; what they answer is kept.
   * Nothing of them is run.
   */
  look(asked: Asked): Promise<{ preview: RolloutPreview; notReached: { boxName: string; fault: Fault }[] }>
  /** @throws FaultError `not-found`, `invalid-input` for an exit that this answer has not. */
  choose(
    asked: Asked & {
      key: string
      agentIds?: readonly AgentId[] | undefined
      exit: PreflightExit
      because: string
    },
  ): Promise<Undone<{ preview: RolloutPreview }>>
  /** @throws FaultError `invalid-input` for what is no change of behaviour, or is not settled yet. */
  justify(asked: Asked & { said: GuardSaid }): Promise<Undone<{ preview: RolloutPreview }>>
}

export interface RolloutsParts extends GuardParts {
  readonly inventory: GuardParts['inventory'] & Pick<Inventory, 'folders' | 'holdOf' | 'pauseOf'>
  readonly overlay: Pick<Overlay, 'edited' | 'plans'>
  readonly patches: Pick<Patches, 'get'>
  readonly schemas: Pick<Schemas, 'ofVersion'>
  readonly facts: GuardParts['facts'] & Pick<Facts, 'staleBeforeMs'>
  readonly apply: Pick<Apply, 'wayBack'>
  readonly onbox: Pick<Onbox, 'look'>
  /** How many boxes are asked at once, and how long each has. */
  readonly limits: () => { readonly atOnce: number; readonly deadlineMs: number }
  /** Absent: the usual ones. */
  readonly soakOf?: SoakOf
}

const skewMs = 14 * 24 * 3_600_000

const changeKey = ({ path, after }: AgentPlan['changes'][number]): string => JSON.stringify([path, after])

export function createRollouts(parts: RolloutsParts): Rollouts {
  const { store, inventory, overlay, patches, schemas, facts, apply, onbox, limits, clock, actor } = parts
  const { soakOf = usualSoak } = parts
  const rows = createRows(store.db)
  const guard = createGuard(parts)

  /** How a fact of an agent read at a moment; null: nobody had read it by then. */
  const versionAt = (boxId: BoxId, agentId: AgentId, atMs: number): string | null =>
    facts
      .history({ boxId, agentId, key: 'version.disk', instance: '' })
      .find(({ fromMs, verdict }) => fromMs <= atMs && verdict !== 'unknown')?.text ?? null

  const textOf = (found: readonly Fact[], key: Fact['key']): string | null => {
    const value = found.find((fact) => fact.key === key)?.value
    return typeof value === 'string' ? value : null
  }
  const numberOf = (found: readonly Fact[], key: Fact['key']): number | null => {
    const value = found.find((fact) => fact.key === key)?.value
    return typeof value === 'number' ? value : null
  }

  const commitsIn = (found: readonly Fact[]): Map<string, string> =>
    new Map(
      found.flatMap(({ key, instance, value, stale }) =>
        key === 'code.commit' && instance !== '' && typeof value === 'string' && !stale ? [[instance, value]] : [],
      ),
    )

  const lookAt = (patch: Patch, boxIds: readonly BoxId[] | undefined) => {
    const nowMs = clock.nowMs()
    const edits = editsOf(patch.content)
    const edited = edits.map(({ layer, edit }) => ({ layer, ...overlay.edited(layer, edit) }))
    const contents = edited.flatMap(({ layer, content }) => (content === null ? [] : [{ layer, content }]))
    const plans = overlay.plans.instead(contents)
    const asIs = overlay.plans.instead([])
    const isForAll = patch.content.parts.some(({ kind }) => kind !== 'overlay')
    const boxes = new Map(inventory.boxes().map((box) => [box.boxId, box]))
    const wanted = new Set(boxIds ?? boxes.keys())
    const agents = inventory
      .agents()
      .filter(({ agentId, boxId }) => wanted.has(boxId) && (isForAll || plans.reached.includes(agentId)))

    const candidates = agents.flatMap(({ agentId, boxId }): (Candidate & { evidence: Evidence })[] => {
      const box = boxes.get(boxId)
      if (!box || box.jumpOnly) return []
      const plan = plans.of(agentId)
      const own = facts.ofBox(boxId).filter((fact) => fact.agentId === null || fact.agentId === agentId)
      const machine = { nodeVersion: textOf(own, 'system.node'), freeBytes: numberOf(own, 'system.disk') }
      const knownAt = (version: string | null, cannot: Known['cannot'], looked: Known['lookedFor']): Known => ({
        ...machine,
        lookedFor: looked,
        version,
        schema: version === null ? null : schemas.ofVersion(version),
        cannot,
      })
      const before = versionAt(boxId, agentId, nowMs - skewMs)
      const seen = rows.seenAt(agentId)
      const staleBeforeMs = facts.staleBeforeMs()
      const answered: Known['lookedFor'] = (need) => {
        const row = seen.get(needKey(need))
        return row === undefined || row.takenAtMs < staleBeforeMs ? null : row
      }
      /** What comes with the runtime is another thing in another version. */
      const answeredBefore: Known['lookedFor'] = (need) =>
        need.kind === 'module' && need.name.split('/')[0] === 'openclaw' ? null : answered(need)
      const isRead = plan.state !== 'unread'
      const drift = new Set(isRead ? asIs.of(agentId).changes.map(changeKey) : [])
      const evidence: Evidence = {
        plan,
        staleBeforeMs,
        now: knownAt(plan.version === '' ? null : plan.version, isRead ? plan.cannot : null, answered),
        before: knownAt(before, before !== null && isRead ? plans.of(agentId, before).cannot : null, answeredBefore),
        facts: own,
        folders: inventory.folders({ boxId }).map(({ name }) => name),
        hold: box.clientId === null ? null : inventory.holdOf(box.clientId, nowMs),
        pause: box.clientId === null ? null : inventory.pauseOf(box.clientId, nowMs),
        wayBack: apply.wayBack(boxId),
      }
      return [
        {
          plan,
          ring: box.ring,
          versionBefore: before,
          folderCommits: commitsIn(own),
          drifted: plan.changes.filter((change) => drift.has(changeKey(change))).length,
          questions: preflight(patch.content.parts, patch.content.needs, evidence),
          evidence,
        },
      ]
    })
    const problems = edited.flatMap(({ problems: own }) => own)
    return { nowMs, candidates, problems }
  }

  /** What of the patch itself says against it going anywhere. */
  const ownQuestions = ({ content, open }: Patch, problems: readonly { path: string; words: string }[]): Question[] => [
    ...(open === 0
      ? []
      : [
          {
            key: 'manifest/open',
            about: 'manifest' as const,
            state: 'blocked' as const,
            words: `${counted(open, 'need')} nobody confirmed or dropped: ${content.needs
              .filter(({ state }) => state === 'proposed')
              .slice(0, 3)
              .map(({ need }) => needWords(need))
              .join(', ')}.`,
            evidence: 'the manifest',
            exits: [],
          },
        ]),
    ...commandsBetween(content.parts).map(({ run }) => ({
      key: 'manifest/order',
      about: 'manifest' as const,
      state: 'blocked' as const,
      words: `The command “${run.slice(0, 120)}” stands between other parts, and a run puts all of these in place at one moment: move it before the first or after the last of them, or make two patches.`,
      evidence: 'the order of its parts',
      exits: [],
    })),
    ...problems.map(({ path, words }) => ({
      key: `rules/${path}`.slice(0, 300),
      about: 'rules' as const,
      state: 'blocked' as const,
      words,
      evidence: path,
      exits: [],
    })),
  ]

  /** Whether all that is needed is known to the oldest version in the fleet: the furthest behind of those it goes to. */
  const oldestAnswer = (
    needs: readonly ManifestLine[],
    candidates: readonly { evidence: Evidence }[],
  ): PreflightAnswer => {
    const known = candidates.flatMap(({ evidence }) => (evidence.now.version === null ? [] : [evidence.now]))
    const [oldest] = known.toSorted((a, b) => (isAtLeast(a.version ?? '', b.version ?? '') ? 1 : -1))
    if (!oldest) return { about: 'oldest', state: 'cant-tell', words: 'No version was read.' }
    const answers = needs
      .filter(({ state }) => state !== 'dropped')
      .map(({ need }) => ({ need, ...judgeNeed(need, oldest) }))
    const worst = answers.find(({ state }) => state === 'missing') ?? answers.find(({ state }) => state === 'cant-tell')
    if (!worst) return { about: 'oldest', state: 'ok', words: `It would work on ${oldest.version}, the oldest.` }
    return {
      about: 'oldest',
      state: worst.state === 'missing' ? 'blocked' : 'cant-tell',
      words: `On ${oldest.version}, the oldest: ${needWords(worst.need)}: ${worst.words.replace(/\.$/, '')}.`,
    }
  }

  const choicesOf = (patchId: PatchId, revision: number) => {
    const newest = new Map(
      rows.ofRevision(patchId, revision).map((row) => [`${row.agentId} ${row.question}`, row] as const),
    )
    return (agentId: AgentId, key: string): PreflightChoice | null => {
      const row = newest.get(`${agentId} ${key}`)
      return row === undefined || row.exit === null
        ? null
        : { exit: row.exit, because: row.because, atMs: row.atMs, by: row.by }
    }
  }

  const ready: Rollouts['ready'] = async ({ patchId, boxIds, revision }) => {
    const patch = await patches.get({ patchId, revision })
    const { nowMs, candidates, problems } = lookAt(patch, boxIds)
    const plans = new Map(candidates.map(({ plan }) => [plan.agentId, plan]))
    const found = buildPreview({
      patch,
      candidates,
      ownQuestions: ownQuestions(patch, problems),
      oldest: oldestAnswer(patch.content.needs, candidates),
      choiceOf: choicesOf(patchId, patch.revision),
      soakOf,
      class: classOfPatch(patch),
      guardOf: (targets) => guard.of(patch, targets),
      nowMs,
    })
    return { patch, preview: found, plans }
  }
  const preview: Rollouts['preview'] = async (asked) => (await ready(asked)).preview

  return {
    preview,
    ready,
    async look({ patchId, boxIds }) {
      const { content } = await patches.get({ patchId })
      const { targets } = await preview({ patchId, boxIds })
      const wanted = lookedFor(content.needs)
      const agents = new Map(inventory.agents().map((agent) => [agent.agentId, agent]))
      const names = new Map(inventory.boxes().map(({ boxId, name }) => [boxId, name]))
      const { atOnce, deadlineMs } = limits()
      const limit = pLimit(atOnce)
      const notReached: { boxName: string; fault: Fault }[] = []
      const ask = async ({ agentId, boxId }: (typeof targets)[number]): Promise<void> => {
        const stateDir = agents.get(agentId)?.stateDir ?? ''
        try {
          const answer = await onbox.look(boxId, lookRequest(stateDir, wanted), { deadlineMs })
          const takenAtMs = clock.nowMs()
          store.write(() => {
            for (const { need, version, answer: said } of answersIn(wanted, answer))
              rows.putSeen({ agentId, need: needKey(need), version, ...said, takenAtMs })
          })
        } catch (error) {
          if (!(error instanceof FaultError)) throw error
          notReached.push({ boxName: names.get(boxId) ?? '', fault: error.fault })
        }
      }
      if (wanted.length > 0) await Promise.all(targets.map((target) => limit(() => ask(target))))
      return { preview: await preview({ patchId, boxIds }), notReached }
    },
    async choose({ patchId, boxIds, key, agentIds, exit, because }) {
      const { patch, questions } = await preview({ patchId, boxIds })
      const named = questions.filter((question) => question.key === key && question.agents.length > 0)
      const wanted = agentIds === undefined ? null : new Set(agentIds)
      const chosen = named.flatMap(({ agents, exits }) =>
        agents.filter(({ agentId }) => wanted?.has(agentId) ?? true).map(({ agentId }) => ({ agentId, exits })),
      )
      if (chosen.length === 0) throw new FaultError({ code: 'not-found', what: 'question about such an agent' })
      const [odd] = chosen.filter(({ exits }) => !exits.includes(exit))
      if (odd)
        throw new FaultError({
          code: 'invalid-input',
          field: key,
          detail: `What can be done about it is ${odd.exits.join(', ')}.`,
        })
      const write = (to: PreflightExit | null) => {
        for (const { agentId } of chosen)
          rows.insert({
            patchId,
            revision: patch.revision,
            agentId,
            question: key,
            exit: to,
            because,
            atMs: clock.nowMs(),
            by: actor,
          })
      }
      const where = `Patch ${patch.name}, revision ${patch.revision}: “${key}” at ${counted(chosen.length, 'agent')}`
      const done = inventory.record(() => {
        write(exit)
        return {
          result: {},
          said: {
            kind: 'rollout.chosen',
            words: `${where}: ${exit}. Because: ${because}`,
            sentence: `${counted(chosen.length, 'agent')}: ${exit}. No machine was changed.`,
          },
          inverse: {
            kind: 'rollout.choice-taken-back',
            words: `${where}: the choice is taken back.`,
            sentence: 'The choice is open again.',
            act: () => write(null),
          },
        }
      })
      return { ...done, preview: await preview({ patchId, boxIds }) }
    },
    async justify({ said, ...asked }) {
      const found = await ready(asked)
      const done = guard.justify(found.patch, found.preview.targets, said)
      return { ...done, preview: await preview(asked) }
    },
  }
}
