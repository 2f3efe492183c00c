import { afterEach, describe, expect, it } from 'vitest'
import type { AgentId, PatchId, RolloutRun } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { silentLog } from '../base/log.ts'
import { rolloutLab } from '../testing/rollout-lab.ts'
import { countTraffic, type WatchedAgent } from './count-traffic.ts'
import { createRecord } from './run-record.ts'
import type { StoredLane, StoredRun } from './run-rows.ts'
import { createWatches } from './watch.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Friday 20 November 2026, 12:00 UTC. */
const beganAtMs = Date.UTC(2026, 10, 20, 12)
const day = (back: number) => new Date(beganAtMs - back * dayMs).toISOString().slice(0, 10)
const row = (back: number, inbound: number, replies: number, replyMs: number | null = null) => ({
  day: day(back),
  inbound,
  replies,
  replyMs,
})
const whole = { startedAtMs: beganAtMs, beganAtMs, endsAtMs: beganAtMs + 72 * hourMs }

describe('exchanges since a change, beside the week before', () => {
  const agent = (change: Partial<WatchedAgent> = {}): WatchedAgent => ({
    days: [
      row(-1, 6, 5, 8_000),
      row(0, 5, 5, 4_000),
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((back) => row(back, 7, 7, 5_000)),
    ],
    readAtMs: beganAtMs + 36 * hourMs,
    begin: { day: day(0), inbound: 3, replies: 3 },
    ...change,
  })

  it('takes off what the day of the change had counted by then, and counts seven whole days before', () => {
    expect(countTraffic([agent()], whole)).toEqual({
      after: { inbound: 8, replies: 7, aDay: 5.3, replyMs: 8_000 },
      before: { inbound: 49, replies: 49, aDay: 7, replyMs: 5_000 },
      daysBefore: 7,
      readAtMs: beganAtMs + 36 * hourMs,
    })
  })

  it('of less than a day nobody says what a day is like, nor how fast', () => {
    const days = [row(0, 5, 5, 4_000), row(1, 7, 7, 5_000)]
    expect(countTraffic([agent({ days, readAtMs: beganAtMs + hourMs })], whole).after).toEqual({
      inbound: 2,
      replies: 2,
      aDay: null,
      replyMs: null,
    })
  })

  it.each<[string, WatchedAgent[]]>([
    ['nothing was read since the change', [agent({ readAtMs: beganAtMs })]],
    ['never read', [agent({ readAtMs: null })]],
    ['not read by the time of the change', [agent({ begin: null })]],
    ['one of two agents was not read since', [agent(), agent({ readAtMs: beganAtMs - 1 })]],
  ])('%s: not known, which is not none', (_, agents) => {
    expect(countTraffic(agents, whole)).toMatchObject({ after: { inbound: null, replies: null }, readAtMs: null })
  })

  it('days before the first that was read are not counted as quiet', () => {
    expect(countTraffic([agent({ days: [row(0, 1, 1), row(2, 8, 8)] })], whole)).toMatchObject({
      before: { inbound: 8, aDay: 4 },
      daysBefore: 2,
    })
  })
})

describe('the 72 hours after a run', () => {
  let at: ReturnType<typeof rolloutLab>
  afterEach(() => at.temp[Symbol.dispose]())

  const lane = (place: number, { boxId, agentId }: (typeof at.boxes)['lab'], change: Partial<StoredLane> = {}) =>
    ({
      agentId,
      boxId,
      name: `agent ${place}`,
      clientName: null,
      ring: 'rest',
      wave: 1,
      state: 'ended',
      step: null,
      applyId: null,
      outcome: 'changed',
      words: '',
      nextStep: '',
      fault: null,
      seen: [],
      beginsAtMs: null,
      begunAtMs: null,
      endedAtMs: at.clock.nowMs(),
      goesBackAtMs: null,
      place,
      plan: { hash: '', baseSha256: '', changes: [], files: [] },
      inverse: null,
      beforeIt: null,
      takenBack: false,
      ...change,
    }) as StoredLane

  /** A stored run of a change of behaviour that went to two clients and the lab, one of which failed. */
  function stored(change: Partial<RolloutRun['patch']> = {}) {
    at = rolloutLab()
    const { store, ledger } = at.temp
    const parts = { ...at, store, ledger, changes: createChanges(), log: silentLog }
    const watches = createWatches(parts)
    const record = createRecord({ ...parts, watchOf: watches.of })
    const { boxes } = at
    const lanes = [
      lane(0, boxes.lab),
      lane(1, boxes.canary),
      lane(2, boxes.rest),
      lane(3, boxes.old, { outcome: 'failed' }),
    ]
    const rolloutId = 'run' as RolloutRun['rolloutId']
    const patch = {
      patchId: 'p' as PatchId,
      name: 'warmer',
      revision: 1,
      hash: '',
      class: 'behavioural' as const,
      why: '',
      partWords: [],
    }
    const run = {
      rolloutId,
      revertOf: null,
      patch: { ...patch, ...change },
      hash: '',
      sentence: '',
      groups: [],
      guard: null,
      options: { when: 'now' as const },
      by: 'operator' as const,
      state: 'running' as const,
      question: null,
      layers: 'none' as const,
      layersKept: [],
      startedAtMs: at.clock.nowMs(),
      endedAtMs: null,
    } satisfies StoredRun
    record.begin({ run, waves: [], lanes }, { kind: 'rollout.began', words: 'x' })
    const end = () => {
      const { run: now, lanes: own } = record.load(rolloutId)
      record.write(rolloutId, {
        run: { state: 'ended', endedAtMs: at.clock.nowMs() },
        event: { kind: 'run.ended', words: '' },
        also: () => watches.begin(now, own),
      })
      watches.tick()
    }
    return { parts, watches, record, rolloutId, end, view: () => record.view(rolloutId).watch }
  }
  const diary = () =>
    at.temp.ledger
      .entries({ limit: 50 })
      .filter(({ kind }) => kind.startsWith('rollout.watch'))
      .map(({ kind, sentence }) => [kind, sentence])

  it('begins with the end of the run, for the clients that were changed, and is a line in each one’s diary', () => {
    const { end, view } = stored()
    expect(view()).toBeNull()
    end()
    expect(view()).toMatchObject({ endsAtMs: at.clock.nowMs() + 72 * hourMs, endedAtMs: null })
    expect(view()?.clients.map(({ clientName }) => clientName)).toEqual(['Client of a-rest', 'Client of c-canary'])
    expect(diary().map(([kind]) => kind)).toEqual(['rollout.watch-began', 'rollout.watch-began'])
  })

  it('counts what sweeps read since, says unknown where none did, and ends by the clock with the counts kept', () => {
    const { end, view } = stored()
    const { canary } = at.boxes
    at.talked(canary, { days: [row(0, 3, 3, 5_000), row(1, 7, 7, 5_000)] })
    end()
    at.clock.advance(36 * hourMs)
    at.talked(canary, { days: [row(-1, 6, 5, 9_000), row(0, 5, 5, 6_000), row(1, 7, 7, 5_000)] })
    expect(view()?.clients).toMatchObject([
      { after: { inbound: null, replies: null }, daysBefore: 0, readAtMs: null },
      { after: { inbound: 8, replies: 7, replyMs: 9_000 }, before: { inbound: 7, aDay: 7, replyMs: 5_000 } },
    ])
    at.clock.advance(36 * hourMs - 1)
    expect(view()?.endedAtMs).toBeNull()
    at.clock.advance(1)
    expect(view()).toMatchObject({ endedAtMs: beganAtMs + 72 * hourMs })
    expect(
      diary()
        .map(([kind]) => kind)
        .slice(0, 2),
    ).toEqual(['rollout.watch-ended', 'rollout.watch-ended'])
    expect(diary().map(([, sentence]) => sentence)).toContain(
      'Client of c-canary, in the 72 hours after patch warmer: 8 messages in, 7 replies, 5.3 a day. In the 1 day before: 7 messages in, 7 replies, 7 a day.',
    )
    const kept = view()
    at.talked(canary, { days: [row(-1, 60, 60)] })
    expect(view()).toEqual(kept)
  })

  it('a console that was closed meanwhile ends it at its start', () => {
    const { end, view, watches, parts } = stored()
    end()
    watches.close()
    at.clock.advance(10 * dayMs)
    expect(view()?.endedAtMs).toBeNull()
    createWatches(parts).tick()
    expect(view()).toMatchObject({ endedAtMs: beganAtMs + 72 * hourMs })
  })

  it('an end that could not be written is tried again', () => {
    const { end, view } = stored()
    end()
    const { db } = at.temp.store
    at.temp.store.write(() =>
      db.exec("create trigger full before update on rollout_watch begin select raise(abort, 'full'); end"),
    )
    at.clock.advance(73 * hourMs)
    expect(view()?.endedAtMs).toBeNull()
    at.temp.store.write(() => db.exec('drop trigger full'))
    at.clock.advance(hourMs)
    expect(view()).toMatchObject({ endedAtMs: beganAtMs + 72 * hourMs })
  })

  it('a clock that was set back ends nothing early', () => {
    const { end, view, watches } = stored()
    end()
    at.clock.setWall(beganAtMs - 30 * dayMs)
    watches.tick()
    expect(view()?.endedAtMs).toBeNull()
  })

  it('ends when the change was taken back everywhere', () => {
    const { end, view, watches, record, rolloutId } = stored()
    end()
    at.clock.advance(hourMs)
    record.write(rolloutId, {
      lanes: record.load(rolloutId).lanes.map((one) => ({ ...one, outcome: 'reverted', takenBack: true })),
      event: { kind: 'lane.taken-back', words: '' },
    })
    watches.tick()
    expect(view()).toMatchObject({ endedAtMs: beganAtMs + hourMs, clients: [] })
    expect(diary()[0]?.[1]).toContain('was taken back')
  })

  it('begins anew where a retry changed another, and not where it changed nobody', () => {
    const { end, view, record, rolloutId } = stored()
    end()
    at.clock.advance(hourMs)
    end()
    expect(view()?.beganAtMs).toBe(beganAtMs)
    const old = record
      .load(rolloutId)
      .lanes.find(({ agentId }: { agentId: AgentId }) => agentId === at.boxes.old.agentId)
    if (!old) throw new Error('it is there')
    record.write(rolloutId, {
      lanes: [{ ...old, outcome: 'changed', endedAtMs: at.clock.nowMs() }],
      event: { kind: 'lane.ended', words: '' },
    })
    end()
    expect(view()).toMatchObject({ beganAtMs: beganAtMs + hourMs, clients: { length: 3 } })
  })

  it.each(['neutral', 'fix', 'security'] as const)('a patch that is %s is not watched', (its) => {
    const { end, view } = stored({ class: its })
    end()
    expect(view()).toBeNull()
    expect(diary()).toEqual([])
  })
})
