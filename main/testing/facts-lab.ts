import type { BoxId, SweepProgress } from '../../shared/contract/index.ts'
import { createActivity } from '../activity/activity.ts'
import { createChanges } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createFacts, type Facts, type Registry } from '../facts/facts.ts'
import { createFindings } from '../findings/findings.ts'
import type { OperatorGit } from '../git/git.ts'
import { createInventory } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import { createOutside } from '../outside/outside.ts'
import { createRules, type Rules, type RulesParts } from '../rules/rules.ts'
import type { Observed } from '../runtimes/observed.ts'
import { defaultSettings } from '../store/store.ts'
import { fakeClock } from './fake-clock.ts'
import { noGit } from './no-git.ts'
import { sampleAgent, sampleMachine, sampleObserved } from './observed-sample.ts'
import { tempStore } from './temp-store.ts'

/** What a box answers when it is asked how many commits lie between two. */
type Count = (name: string, pair: { root: string; from: string; to: string }) => number | null

type Probe = (name: string, signal: AbortSignal | undefined) => Promise<Observed>

/** Boxes named `box-1` and on over a real store, twelve unless told; `probe` answers for each by name. `using` it. */
export function factsLab(
  probe: Probe,
  options: {
    boxes?: number
    clock?: Clock
    settings?: Partial<typeof defaultSettings>
    registry?: Registry
    git?: OperatorGit
    count?: Count
    /** Judge the fixed rules, too, and who was answered there when somebody asks. */
    people?: Onbox['people']
    /** What the layers say of an agent, for the rules. */
    declaredOf?: RulesParts['declaredOf']
  } = {},
) {
  const clock = options.clock ?? fakeClock()
  const temp = tempStore(clock)
  const { store, ledger, dataDir } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: dataDir })
  const findings = createFindings({ store, ledger, inventory, clock, changes, workflowsOf: () => [] })
  const boxes = Array.from(
    { length: options.boxes ?? 12 },
    (_, index) => inventory.addBox({ name: `box-${index + 1}`, host: `h${index + 1}` }).box,
  )
  const onbox: Pick<Onbox, 'probe' | 'count'> = {
    probe: (boxId, _request, { signal }) => probe(inventory.box(boxId).name, signal),
    count: async (boxId, pairs) => pairs.map((pair) => options.count?.(inventory.box(boxId).name, pair) ?? null),
  }
  const activity = createActivity({ store, inventory })
  const outside = createOutside({ store, ledger, findings, clock, changes, actor: 'operator' })
  const rules: Rules = createRules({
    store,
    ledger,
    inventory,
    findings,
    onbox: { people: options.people ?? (async () => []) },
    clock,
    changes,
    actor: 'operator',
    staleBeforeMs: () => facts.staleBeforeMs(),
    testHandles: () => [],
    deadlineMs: () => 30_000,
    ...(options.declaredOf ? { declaredOf: options.declaredOf } : {}),
  })
  const judgeRules = options.people ? rules.judge : () => []
  const build = (): Facts =>
    createFacts({
      store,
      ledger,
      inventory,
      findings,
      onbox,
      git: options.git ?? noGit,
      clock,
      changes,
      log: silentLog,
      settings: () => ({ ...defaultSettings, askRegistry: false, ...options.settings }),
      testHandles: () => [],
      judgeMore: (landed) => [...activity.judge(landed), ...outside.judge(landed), ...judgeRules(landed)],
      ...(options.registry ? { registry: options.registry } : {}),
    })
  const facts = build()
  return {
    ...temp,
    clock,
    changes,
    rules,
    inventory,
    findings,
    outside,
    boxes,
    facts,
    build,
    idOf: (name: string) => boxes.find((box) => box.name === name)!.boxId,
  }
}

/** A healthy answer, now. */
export const answer = (clock: Clock, change: Parameters<typeof sampleObserved>[1] = {}) =>
  sampleObserved(clock.nowMs(), {
    machine: sampleMachine(clock.nowMs()),
    agents: [sampleAgent(clock.nowMs())],
    ...change,
  })

/** The host is there and nothing listens. */
export const refusal = (name: string): FaultError =>
  new FaultError({ code: 'refused', boxName: name, host: name, port: 22 })
/** Nothing answered at all. */
export const unreachable = (name: string): FaultError =>
  new FaultError({ code: 'timed-out', boxName: name, phase: 'connect', afterMs: 30_000 })

/** A sweep from start to end; answers with its last progress. */
export async function sweepAll(facts: Facts, boxIds?: BoxId[]): Promise<SweepProgress> {
  const sweepId = facts.sweeps.start({ reason: 'operator', ...(boxIds ? { boxIds } : {}) })
  await facts.sweeps.idle()
  const { value } = await facts.sweeps.watch(sweepId).next()
  return value as SweepProgress
}

/** Outcome by box name. */
export const outcomes = (progress: SweepProgress | null) =>
  Object.fromEntries((progress?.boxes ?? []).map((box) => [box.boxName, box.outcome]))
