import type { AgentId, BoxId, Fact, Finding, PatchContent } from '../../shared/contract/index.ts'
import { createActivity } from '../activity/activity.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createFindings } from '../findings/findings.ts'
import { createPatches } from '../patch/patch.ts'
import { createRollouts, createRuns } from '../rollout/rollout.ts'
import type { LookAnswer, LookRequest } from '../runtimes/looked-for.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'
import type { SchemaIndex } from '../runtimes/setting-schema.ts'
import {
  got,
  sampleActivity,
  sampleAgent,
  sampleConfig,
  sampleInstall,
  sampleMachine,
  sampleObserved,
} from './observed-sample.ts'
import { overlayLab } from './overlay-lab.ts'

const any = { types: [], values: [], open: false, title: '', description: '', usual: null }
const group = { ...any, types: ['object' as const] }
const schemaOf = (version: string): SchemaIndex => ({
  version,
  settings: {
    '': group,
    gateway: group,
    'gateway.bind': any,
    ...(version === '2026.9.6' ? { 'gateway.new': any } : {}),
    logging: group,
    'logging.level': any,
    messages: group,
    'messages.prefix': any,
  },
})

interface Placed {
  readonly boxId: BoxId
  readonly agentId: AgentId
}

/** Four machines: the lab's own, and three of clients; the last is far behind. No box is real, every row is. */
export function rolloutLab() {
  let staleBeforeMs = 0
  const { temp, clock, changes, inventory, overlay } = overlayLab({ schemaOf, staleBeforeMs: () => staleBeforeMs })
  const schemas = {
    known: () =>
      ['2026.9.6', '2026.6.11'].map((version) => ({ version, boxId: 'x' as BoxId, takenAtMs: 0, settings: 5 })),
    ofVersion: schemaOf,
  }
  const patches = createPatches({
    store: temp.store,
    inventory,
    overlay,
    schemas,
    nodeFor: () => null,
    clock,
    actor: 'operator',
  })
  const versions = new Map<AgentId, string>()
  const facts = {
    staleBeforeMs: () => staleBeforeMs,
    ofBox: (boxId: BoxId) =>
      (['system.disk', 'system.clock', 'system.restart'] as const).map(
        (key): Fact => ({
          boxId,
          agentId: null,
          key,
          instance: '',
          verdict: 'ok',
          text: 'fine',
          value: 40e9,
          takenAtMs: clock.nowMs(),
          evidence: { source: '', raw: '' },
          stale: false,
        }),
      ),
    attempts: () =>
      new Map(
        inventory.boxes().map(({ boxId }) => {
          const atMs = clock.nowMs()
          return [boxId, { boxId, atMs, outcome: 'swept' as const, fault: null, sweptAtMs: atMs, readAtMs: atMs }]
        }),
      ),
    history: ({ agentId }: { agentId: AgentId | null }) => [
      {
        verdict: 'ok' as const,
        text: versions.get(agentId as AgentId) ?? '',
        fromMs: 0,
        toMs: clock.nowMs(),
        source: '',
        raw: '',
      },
    ],
  }
  let looks: (boxId: BoxId, request: LookRequest) => LookAnswer = () => {
    throw new FaultError({ code: 'refused', boxName: 'x', host: 'x', port: 22 })
  }
  const findings = createFindings({ ...temp, inventory, clock, changes, workflowsOf: () => [] })
  const activity = createActivity({ store: temp.store, inventory })
  const rollouts = createRollouts({
    store: temp.store,
    ledger: temp.ledger,
    findings,
    activity,
    inventory,
    overlay,
    patches,
    schemas,
    facts,
    onbox: { look: async (boxId, request) => looks(boxId, request) },
    limits: () => ({ atOnce: 4, deadlineMs: 1000 }),
    apply: { wayBack: (boxId) => ({ boxId, proven: true, triedAtMs: 0, words: 'shown' }) },
    clock,
    actor: 'operator',
  })
  /** Nothing is sent: what a start asks of a person is answered with no. */
  let asked = 0
  const unused = () => {
    throw new Error('no box is asked in this test')
  }
  const runs = createRuns({
    store: temp.store,
    ledger: temp.ledger,
    inventory,
    onbox: { exchanges: unused },
    overlay,
    patches,
    rollouts,
    apply: {
      startAgreed: unused,
      watch: unused,
      get: unused,
      idle: unused,
      ask: async () => [],
      open: () => [],
    },
    findings,
    facts,
    activity,
    look: unused,
    collected: unused,
    logs: { page: unused },
    runOnce: unused,
    confirm: async () => {
      asked += 1
      return false
    },
    clock,
    changes,
    log: silentLog,
    actor: 'operator',
    armedForS: () => 60,
    backups: { make: unused },
  })
  const add = (name: string, ring: 'lab' | 'canary' | 'rest', version: string): Placed => {
    const clientId = ring === 'lab' ? null : inventory.addClient({ name: `Client of ${name}` }).client.clientId
    const { boxId } = inventory.addBox({ name, host: name, ring, clientId }).box
    const agentId = inventory.seenAgent(boxId, { profile: 'default', stateDir: '/home/dana/.openclaw' })
    versions.set(agentId, version)
    return { boxId, agentId }
  }
  const read = ({ boxId, agentId }: Placed, settings: object) => {
    const nowMs = clock.nowMs()
    const redacted = JSON.stringify(settings)
    const agent = sampleAgent(nowMs, {
      install: got(sampleInstall({ version: versions.get(agentId) ?? '' })),
      config: got(
        sampleConfig(nowMs, {
          redacted,
          sha256: redacted.length.toString(16).padStart(64, '0'),
          fingerprint: redacted.slice(0, 60),
        }),
      ),
    })
    const box = inventory.box(boxId)
    overlay.landed({
      box,
      client: box.clientId === null ? null : inventory.client(box.clientId),
      agents: [{ agentId, agent }],
      observed: sampleObserved(nowMs, { machine: sampleMachine(nowMs), agents: [agent] }),
      nowMs,
    })
  }
  const boxes = {
    old: add('z-old', 'rest', '2026.6.11'),
    rest: add('a-rest', 'rest', '2026.9.6'),
    canary: add('c-canary', 'canary', '2026.9.6'),
    lab: add('y-lab', 'lab', '2026.9.6'),
  }
  for (const placed of Object.values(boxes)) read(placed, { gateway: { bind: 'loopback' } })
  /** What an agent exchanged, as a sweep reads it now. */
  const talked = ({ boxId, agentId }: Placed, activityNow: Partial<ObservedActivity>) => {
    const nowMs = clock.nowMs()
    const agent = sampleAgent(nowMs, { activity: got({ ...sampleActivity(nowMs), ...activityNow }) })
    const box = inventory.box(boxId)
    const client = box.clientId === null ? null : inventory.client(box.clientId)
    const observed = sampleObserved(nowMs, { machine: sampleMachine(nowMs), agents: [agent] })
    temp.store.write(() => activity.judge({ box, client, agents: [{ agentId, agent }], observed, nowMs }))
  }
  /** A trouble of a machine, as a sweep finds it now; null: it is over. */
  const trouble = ({ boxId, agentId }: Placed, state: Finding['state'] | null) =>
    temp.store.write(() =>
      findings.settle(
        boxId,
        [
          {
            cause: 'failing',
            agentId,
            ...(state === null
              ? { trouble: null, recovery: 'It works again.' }
              : {
                  trouble: {
                    severity: 'red',
                    state,
                    sentence: 'answers with errors',
                    detail: '',
                    sinceMs: null,
                    evidence: [],
                    nextStep: 'Look.',
                  },
                }),
          },
        ],
        clock.nowMs(),
        true,
      ),
    )
  const answerWith = (answers: typeof looks) => {
    looks = answers
  }
  const nothingIsFresh = () => {
    clock.advance(1)
    staleBeforeMs = clock.nowMs()
  }
  return {
    temp,
    clock,
    inventory,
    overlay,
    patches,
    findings,
    activity,
    rollouts,
    runs,
    boxes,
    /** How often a person was asked whether to begin. */
    asked: () => asked,
    add,
    read,
    talked,
    trouble,
    answerWith,
    nothingIsFresh,
  }
}

export const patchContent = (set: Record<string, string>, change: Partial<PatchContent> = {}): PatchContent => ({
  name: 'gateway-new',
  why: { text: 'A hole is closed.', link: '' },
  author: 'kit',
  class: 'security',
  parts: [{ kind: 'overlay', layer: { kind: 'fleet', key: '' }, set, reset: [] }],
  needs: [],
  verify: [],
  capability: null,
  ...change,
})
