import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentId, BoxId, ClientId, LayerContent, LayerRef, OutsideChange } from '../../shared/contract/index.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { applyOperations } from '../runtimes/operations.ts'
import {
  got,
  sampleAgent,
  sampleConfig,
  sampleInstall,
  sampleMachine,
  sampleObserved,
} from '../testing/observed-sample.ts'
import { content, faultOf, fleet, overlayLab } from '../testing/overlay-lab.ts'

interface Placed {
  readonly clientId: ClientId
  readonly boxId: BoxId
  readonly agentId: AgentId
}

/** Boxes named `box-1` and on, a client and an agent each. */
function lab(boxes: number) {
  const opened = overlayLab()
  const { clock, inventory, overlay } = opened
  const placed = Array.from({ length: boxes }, (_, index): Placed => {
    const { clientId } = inventory.addClient({ name: `Client ${index + 1}`, niche: 'Roofing' }).client
    const { boxId } = inventory.addBox({ name: `box-${index + 1}`, host: `h${index + 1}`, clientId }).box
    return {
      clientId,
      boxId,
      agentId: inventory.seenAgent(boxId, { profile: 'default', stateDir: '/Users/dana/.openclaw' }),
    }
  })
  /** A sweep read these settings there. */
  const read = (at: Placed, settings: object, change: { version?: string; agent?: Partial<ObservedAgent> } = {}) => {
    const nowMs = clock.nowMs()
    const redacted = JSON.stringify(settings)
    const agent = sampleAgent(nowMs, {
      install: got(sampleInstall({ version: change.version ?? '2026.9.6' })),
      config: got(
        sampleConfig(nowMs, {
          redacted,
          sha256: redacted.length.toString(16).padStart(64, '0'),
          fingerprint: redacted.slice(0, 60),
        }),
      ),
      ...change.agent,
    })
    const observed = sampleObserved(nowMs, { machine: sampleMachine(nowMs), agents: [agent] })
    const box = inventory.box(at.boxId)
    overlay.landed({
      box,
      client: inventory.client(at.clientId),
      agents: [{ agentId: at.agentId, agent }],
      observed,
      nowMs,
    })
  }
  return { ...opened, placed, read, plan: () => overlay.plans.of({}) }
}

let at: ReturnType<typeof lab>
beforeEach(() => {
  at = lab(3)
})
afterEach(() => at.temp[Symbol.dispose]())

const declare = (layer: LayerRef, wanted: LayerContent) =>
  at.overlay.save({
    layer,
    baseRevision: at.overlay.layer({ layer }).revision,
    content: wanted,
    because: 'for the test',
  })

const quiet = { gateway: { bind: 'loopback', auth: { mode: 'token', token: '#0123456789ab' } } }

describe('over machines', () => {
  test('the same changes are folded, the others named by what they differ in', () => {
    at.temp[Symbol.dispose]()
    at = lab(12)
    declare(
      fleet,
      content({
        raw: { openclaw: { 'update.channel': 'stable', 'ui.assistant.name': 'Ada', 'logging.level': 'info' } },
      }),
    )
    const found = { ...quiet, update: { channel: 'beta' }, logging: { level: 'debug' } }
    const [one, two, three, ...rest] = at.placed
    for (const each of rest) at.read(each, found)
    at.read(one!, { ...found, logging: { level: 'info' } })
    at.read(two!, { ...found, logging: { level: 'trace' } })
    at.read(three!, {
      ...quiet,
      update: { channel: 'stable' },
      ui: { assistant: { name: 'Ada' } },
      logging: { level: 'info' },
    })
    const { sentence, groups, agents } = at.plan()
    expect(sentence).toBe('9 agents the same 3 changes, 2 differ, 1 nothing to do.')
    expect(groups.map(({ agentIds, besides, lacks }) => [agentIds.length, besides, lacks])).toEqual([
      [9, [], []],
      [1, [], ['logging.level']],
      [1, ['logging.level'], []],
    ])
    expect(groups[0]?.changes).toEqual([
      { path: 'logging.level', kind: 'change', before: 'debug', after: 'info', declared: 'raw.openclaw.logging.level' },
      {
        path: 'ui.assistant.name',
        kind: 'add',
        before: null,
        after: 'Ada',
        declared: 'raw.openclaw.ui.assistant.name',
      },
      {
        path: 'update.channel',
        kind: 'change',
        before: 'beta',
        after: 'stable',
        declared: 'raw.openclaw.update.channel',
      },
    ])
    expect(agents.filter(({ state }) => state === 'same')).toMatchObject([{ name: 'box-3', hash: '', operations: [] }])
  })

  test('the operations of a plan make the agent what is declared, and nothing else; then there is nothing to do', () => {
    declare(fleet, content({ sections: { model: { primary: 'a/one' }, updates: { automatic: false } } }))
    const [one] = at.placed
    const found = { ...quiet, agents: { defaults: { workspace: '/w' } }, meta: { lastTouchedVersion: '2026.9.6' } }
    at.read(one!, found)
    const before = at.plan().agents[0]!
    expect(before.state).toBe('changes')
    expect(before.changes.map(({ from }) => from)).toEqual(before.changes.map(() => fleet))
    expect(before.local).toEqual([
      { path: 'gateway.bind', value: 'loopback' },
      { path: 'gateway.auth.mode', value: 'token' },
      { path: 'gateway.auth.token', value: 'a secret' },
      { path: 'agents.defaults.workspace', value: '/w' },
    ])
    const after = applyOperations(found, before.operations as Parameters<typeof applyOperations>[1])
    expect(after).toMatchObject({ ...quiet, agents: { defaults: { workspace: '/w' } } })
    at.read(one!, after)
    expect(at.plan().agents[0]).toMatchObject({ state: 'same', changes: [], hash: '' })
  })

  test('what a version cannot be given is said for its machine, before anything is sent', () => {
    declare(fleet, content({ sections: { logging: { messageAudit: 'direct', level: 'info' } } }))
    const [newer, older] = at.placed
    at.read(newer!, quiet)
    at.read(older!, quiet, { version: '2026.6.11' })
    const { agents } = at.plan()
    expect(agents[0]?.cannot).toEqual([])
    expect(agents[1]?.cannot).toMatchObject([
      { path: expect.stringContaining('messageAudit'), words: expect.stringContaining('2026.6.11') },
    ])
    expect(agents[1]?.changes.map(({ declared }) => declared)).toEqual(['sections.logging.level'])
  })

  test('a hash holds for the file it was made from, and for nothing else', () => {
    declare(fleet, content({ raw: { openclaw: { 'logging.level': 'info' } } }))
    const [one, two] = at.placed
    at.read(one!, quiet)
    at.read(two!, quiet)
    const first = at.plan().agents.map(({ hash }) => hash)
    expect(first[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(first[0]).not.toBe(first[1])
    expect(at.plan().agents.map(({ hash }) => hash)).toEqual(first)
    at.read(one!, { ...quiet, ui: { prefs: { a: 1 } } })
    expect(at.plan().agents[0]?.hash).not.toBe(first[0])
  })
})

describe('what cannot be planned', () => {
  test('a machine not read lately is not counted as holding what is declared', () => {
    declare(fleet, content({ raw: { openclaw: { 'logging.level': 'info' } } }))
    const [one, two, three] = at.placed
    at.read(one!, { ...quiet, logging: { level: 'info' } })
    at.read(two!, quiet)
    at.clock.advance(25 * 3_600_000)
    at.read(three!, { ...quiet, logging: { level: 'info' } })
    const { sentence, agents } = at.plan()
    expect(sentence).toBe('1 agent 1 change, 1 nothing to do, 1 not read lately.')
    expect(agents.map(({ state, old }) => [state, old])).toEqual([
      ['same', true],
      ['changes', true],
      ['same', false],
    ])
  })

  test('never read; and a config broken under a running agent, which is a time bomb', () => {
    const [, two] = at.placed
    const broken = {
      config: got(sampleConfig(at.clock.nowMs(), { parses: false, problem: 'line 4: a comma', redacted: '{}' })),
    }
    at.read(two!, {}, { agent: broken })
    expect(at.plan()).toMatchObject({
      sentence: '3 not read.',
      agents: [
        { state: 'unread', why: 'Its config was never read. Sweep it first.', timeBomb: false },
        { state: 'unread', why: expect.stringContaining('line 4: a comma. It still runs'), timeBomb: true, hash: '' },
        { state: 'unread' },
      ],
    })
  })

  test('what rules refuse has no hash, whoever wrote it into the store', () => {
    declare(fleet, content({ raw: { openclaw: { 'logging.level': 'info' } } }))
    const [one] = at.placed
    at.read(one!, quiet)
    const row = content({ raw: { openclaw: { 'channels.telegram': { dmPolicy: 'allowlist', allowFrom: ['*'] } } } })
    at.temp.store.db.prepare('update overlay_revision set content_json = ?').run(JSON.stringify(row))
    const [plan] = at.plan().agents
    expect(plan).toMatchObject({ state: 'refused', hash: '' })
    expect(plan?.refusals.length).toBeGreaterThan(0)
  })

  test('a layer that cannot be read stops the plans of its agents', () => {
    declare(fleet, content({ raw: { openclaw: { 'logging.level': 'info' } } }))
    at.read(at.placed[0]!, quiet)
    at.temp.store.db.prepare(`update overlay_revision set content_json = '[]'`).run()
    expect(at.plan().agents[0]).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('Layer Fleet: Revision 1 cannot be read'),
      hash: '',
    })
  })

  test('a save that would open the gateway of a machine is refused, and named', () => {
    at.read(at.placed[0]!, { gateway: { bind: 'loopback', auth: { mode: 'none' } } })
    const lan = content({ raw: { openclaw: { 'gateway.bind': 'lan' } } })
    expect(faultOf(() => declare(fleet, lan))).toMatchObject({
      code: 'rule-broken',
      problems: [{ ruleId: 'closed-gateway', place: expect.stringContaining('box-1') }],
    })
    expect(at.overlay.plans.preview({ layer: fleet, content: lan })).toMatchObject({
      problems: [{ words: expect.stringContaining('box-1') }],
      agents: [{ name: 'box-1', state: 'refused' }, { name: 'box-2' }, { name: 'box-3' }],
    })
  })
})

describe('drift', () => {
  const declared = content({
    raw: { openclaw: { 'logging.level': 'info' } },
    sections: { model: { primary: 'a/one' } },
  })
  const found = {
    ...quiet,
    logging: { level: 'trace', file: '/var/log/claw' },
    agents: { defaults: { model: { primary: 'b/two' } } },
  }
  beforeEach(() => {
    declare(fleet, declared)
    at.read(at.placed[0]!, found)
  })
  const changed = () => at.plan().agents[0]?.changes.map(({ path }) => path)
  const adopt = (path: string, layer: LayerRef) =>
    at.overlay.plans.adopt({
      agentId: at.placed[0]!.agentId,
      path,
      layer,
      baseRevision: at.overlay.layer({ layer }).revision,
      because: 'it is better',
    })

  test('says who changed it, where that is known', () => {
    const { boxId, agentId } = at.placed[0]!
    at.outside.push({
      changeId: 'c' as OutsideChange['changeId'],
      boxId,
      agentId,
      part: 'config',
      sentence: '1 setting changed: logging.level',
      weight: 'attention',
      diff: [{ path: 'logging.level', before: 'info', after: 'trace' }],
      moreLines: 0,
      atMs: 5,
      notBeforeMs: 4,
      seenAtMs: 6,
      who: 'kevin',
      whoBy: 'named',
      evidence: [],
      decided: null,
      decidedAtMs: null,
    })
    const [model, level] = at.plan().agents[0]?.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)) ?? []
    expect(level?.changedBy).toEqual({ who: 'kevin', atMs: 5, sentence: '1 setting changed: logging.level' })
    expect(model?.changedBy).toBeNull()
  })

  test('a found value is taken over into a layer of the agent', () => {
    const box: LayerRef = { kind: 'box', key: at.placed[0]!.boxId }
    adopt('logging.level', box)
    adopt('logging.file', box)
    expect(at.overlay.layer({ layer: box }).content.raw.openclaw).toEqual({
      'logging.level': 'trace',
      'logging.file': '/var/log/claw',
    })
    expect(changed()).not.toContain('logging.level')
    expect(at.overlay.history({ layer: box, limit: 1 })).toMatchObject([{ how: 'adopted' }])
  })

  test('a secret, and what is no layer of the agent, are not taken over', () => {
    const box: LayerRef = { kind: 'box', key: at.placed[0]!.boxId }
    expect(faultOf(() => adopt('gateway.auth.token', box))).toMatchObject({
      detail: expect.stringContaining('a secret'),
    })
    expect(faultOf(() => adopt('logging.level', { kind: 'box', key: at.placed[1]!.boxId }))).toMatchObject({
      field: 'logging.level',
    })
  })

  test('an exception leaves it as it is until its end', () => {
    const layer: LayerRef = { kind: 'box', key: at.placed[0]!.boxId }
    const path = at.plan().agents[0]!.changes.find((change) => change.path === 'logging.level')!.declared
    const except = { path, untilMs: at.clock.nowMs() + 60_000, because: 'a bug is looked for' }
    at.overlay.except({ layer, baseRevision: 0, except })
    expect(changed()).not.toContain('logging.level')
    expect(at.plan().agents[0]?.excepts).toMatchObject([{ ...except, label: 'box-1' }])
    at.clock.advance(60_000)
    expect(changed()).toContain('logging.level')
  })
})
