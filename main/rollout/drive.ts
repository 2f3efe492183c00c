import pLimit from 'p-limit'
import type { BoxId, RolloutId, RunQuestion, RunWave } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { waveInSentence } from '../../shared/wave-words.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Checked } from './checks.ts'
import { carryLane, type LaneEnd, type LaneWork } from './run-lane.ts'
import type { Whole } from './run-record.ts'
import type { StoredLane, StoredRun } from './run-rows.ts'
import { names } from './run-words.ts'
import type { Verdict } from './verdict.ts'

export interface DriveWork extends LaneWork {
  readonly clock: Clock
  /** From when a lane may begin. */
  readonly beginsAtMs: (run: StoredRun, lane: StoredLane) => number
  /** Looks at a machine afresh. @throws FaultError why it did not answer. */
  readonly look: (boxId: BoxId, signal: AbortSignal) => Promise<void>
  /** `why`: it could not be looked at; empty: it was. */
  readonly judge: (
    run: StoredRun,
    lane: StoredLane,
    sinceMs: number,
    why: string,
    checked: readonly Checked[],
  ) => Verdict
  /** What these checks wait for, as a sentence; empty: nothing. */
  readonly waits: string
  /** Makes the checks of the patch that ask the machine of a changed lane. */
  readonly check: (lane: StoredLane, signal: AbortSignal) => Promise<Checked[]>
  /** @throws FaultError why what a patch declares could not be kept. */
  readonly keepLayers: (rolloutId: RolloutId) => void
}

const looksAtOnce = 8
const hourMs = 3_600_000

const askAbout = (
  kind: RunQuestion['kind'],
  words: string,
  lanes: readonly StoredLane[],
  evidence: readonly string[],
): RunQuestion => ({ kind, words, evidence: [...evidence], agentIds: lanes.map(({ agentId }) => agentId) })

/** The next wave that has something to do. */
const nextOf = ({ waves }: Whole): RunWave | undefined =>
  waves.find(({ state }) => state === 'waiting' || state === 'running' || state === 'soaking')

/**
 * Carries a run from its rows until it ended, a person is asked, or `halt`. What is under way is never let go: the next
 * one is not begun. Answers with a question, or null.
 */
export async function drive(rolloutId: RolloutId, work: DriveWork, halt: AbortSignal): Promise<RunQuestion | null> {
  const { record, clock } = work
  while (!halt.aborted) {
    const whole = record.load(rolloutId)
    const wave = nextOf(whole)
    const isOver = wave === undefined
    if (whole.run.revertOf === null) {
      const asked = undecided(whole, wave) ?? (wave?.kind === 'rest' ? shownBy(whole) : null)
      if (asked) return asked
    }
    if (whole.run.layers === 'not-saved' && (isOver || wave.kind === 'rest')) {
      const asked = keepLayers(rolloutId, work)
      if (asked) return asked
    }
    if (isOver) return null
    const asked = await driveWave(rolloutId, wave, work, halt)
    if (asked) return asked
  }
  return null

  /** What an earlier wave came to is for a person to decide, however the run came past it. */
  function undecided({ waves, lanes }: Whole, next: RunWave | undefined): RunQuestion | null {
    const open = waves.find(
      ({ state, number }) =>
        (state === 'failed' || state === 'inconclusive') && (next === undefined || number < next.number),
    )
    if (!open) return null
    const own = lanes.filter(({ wave }) => wave === open.number)
    const bad = own.filter(
      ({ state, outcome }) =>
        state === 'checking' || outcome === 'failed' || outcome === 'reverted' || outcome === 'inconclusive',
    )
    const about = bad.length > 0 ? bad : own
    const kind = open.state === 'failed' ? 'failed' : 'inconclusive'
    return askAbout(
      kind,
      open.words,
      about,
      about.map(({ name, words }) => `${name}: ${words}`),
    )
  }

  /** Before many are changed, one has to have shown that it works. Null: it has, or a person takes it as good enough. */
  function shownBy({ waves, lanes }: Whole): RunQuestion | null {
    const canaries = waves.filter(({ kind }) => kind === 'canary')
    const of = lanes.filter(({ agentId }) => canaries.some(({ agentIds }) => agentIds.includes(agentId)))
    const passed = canaries.filter(({ state }) => state === 'passed')
    const isShown = of.some(
      ({ outcome, wave }) =>
        passed.some(({ number }) => number === wave) && (outcome === 'changed' || outcome === 'unchanged'),
    )
    const isAccepted = passed.some(({ words }) => words !== '')
    const last = canaries.at(-1)
    if (isShown || isAccepted || !last) return null
    const words = 'No canary was changed and found to be as well as before, so nothing shows that it works.'
    record.write(rolloutId, {
      waves: [{ ...last, state: 'inconclusive', words }],
      event: { kind: 'wave.inconclusive', wave: last.number, words },
    })
    return askAbout(
      'inconclusive',
      words,
      of,
      of.map((lane) => `${lane.name}: ${lane.words}`),
    )
  }

  function keepLayers(id: RolloutId, { keepLayers: keep }: DriveWork): RunQuestion | null {
    const { lanes } = record.load(id)
    if (!lanes.some(({ outcome }) => outcome === 'changed' || outcome === 'unchanged')) return null
    try {
      keep(id)
      return null
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      const { sentence } = faultText(error.fault)
      return askAbout('failed', `What the patch declares could not be kept in its layers: ${sentence}`, [], [sentence])
    }
  }

  async function driveWave(id: RolloutId, { number }: RunWave, own: DriveWork, until: AbortSignal) {
    const waveNow = (): RunWave => record.load(id).waves.find((one) => one.number === number) as RunWave
    const lanesNow = () => record.load(id).lanes.filter((lane) => lane.wave === number)
    const { run } = record.load(id)
    const isRevert = run.revertOf !== null
    const putWave = (change: Partial<RunWave>, kind: string, words: string): void =>
      record.write(id, { waves: [{ ...waveNow(), ...change }], event: { kind, wave: number, words } })
    const started = waveNow()
    const said = waveInSentence(started, record.load(id).waves)
    if (started.state === 'waiting') putWave({ state: 'running', words: '' }, 'wave.began', `Begins ${said}.`)

    const ends = await runLanes(id, number, own, until)
    const bad = lanesNow().filter(({ agentId }) => (ends.get(agentId) ?? 'fine') !== 'fine')
    if (bad.length > 0 && !isRevert) {
      const isFailed = bad.some(({ agentId }) => ends.get(agentId) === 'failed')
      const kind = isFailed ? 'failed' : 'inconclusive'
      const words = isFailed
        ? `It failed on ${names(bad)}, in ${said}.`
        : `Nobody knows how it ended on ${names(bad)}, in ${said}.`
      putWave({ state: kind, words }, `wave.${kind}`, words)
      return askAbout(
        kind,
        words,
        bad,
        bad.map((lane) => `${lane.name}: ${lane.words}`),
      )
    }
    if (lanesNow().some(({ state }) => state === 'waiting' || state === 'running')) {
      if (until.aborted) return null
      throw new Error('a lane neither went nor waits for anything')
    }

    const changed = lanesNow().filter(({ state }) => state === 'soaking' || state === 'checking')
    if (changed.length === 0) {
      putWave({ state: 'passed' }, 'wave.passed', 'Nothing of it is left to look at.')
      return null
    }
    const soakUntilMs = waveNow().soakUntilMs ?? clock.nowMs() + started.soakS * 1000
    putWave({ state: 'soaking', soakUntilMs }, 'wave.soaking', `Left at work until ${dateWords(soakUntilMs)}.`)
    await waitUntil(soakUntilMs, until)
    if (until.aborted) return null
    return look(id, run, waveNow(), changed, own, until)
  }

  /** Looks at the changed ones afresh and says what that shows. */
  async function look(
    id: RolloutId,
    run: StoredRun,
    wave: RunWave,
    changed: readonly StoredLane[],
    own: DriveWork,
    until: AbortSignal,
  ): Promise<RunQuestion | null> {
    const { number } = wave
    record.write(id, {
      lanes: changed.map((lane) => ({ ...lane, state: 'checking' as const })),
      event: { kind: 'wave.checking', wave: number, words: `Looks at ${names(changed)}. ${own.waits}`.trim() },
    })
    const lookAt = pLimit(looksAtOnce)
    const checked = new Map<StoredLane, Checked[]>()
    // What a check does there, the look after it sees.
    await Promise.all(changed.map((lane) => lookAt(async () => void checked.set(lane, await own.check(lane, until)))))
    if (until.aborted) return null
    const sinceMs = clock.nowMs()
    const boxes = [...new Set(changed.map(({ boxId }) => boxId))]
    const whyNot = new Map<BoxId, string>()
    const one = async (boxId: BoxId): Promise<void> => {
      try {
        await own.look(boxId, until)
      } catch (error) {
        if (!(error instanceof FaultError)) throw error
        whyNot.set(boxId, faultText(error.fault).sentence)
      }
    }
    await Promise.all(boxes.map((boxId) => lookAt(() => one(boxId))))
    // A look that was cut off by a pause says nothing; they are looked at when it goes on.
    if (until.aborted && whyNot.size > 0) return null
    const judged = changed.map((lane) => ({
      lane,
      verdict: own.judge(run, lane, sinceMs, whyNot.get(lane.boxId) ?? '', checked.get(lane) ?? []),
    }))
    const worst = judged.some(({ verdict }) => verdict.state === 'fail')
      ? 'failed'
      : judged.some(({ verdict }) => verdict.state === 'inconclusive')
        ? 'inconclusive'
        : 'passed'
    const open = judged.filter(({ verdict }) => verdict.state !== 'pass')
    const words = {
      passed: `${counted(judged.length, 'agent')} looked at: as well as before.`,
      failed: `${names(open.map(({ lane }) => lane))}: not as well as before, in ${waveInSentence(wave, record.load(id).waves)}.`,
      inconclusive: `${names(open.map(({ lane }) => lane))}: nobody can tell yet, in ${waveInSentence(wave, record.load(id).waves)}.`,
    }[worst]
    record.write(id, {
      waves: [{ ...wave, state: worst, words: worst === 'passed' ? '' : words }],
      lanes: judged.map(({ lane, verdict }) =>
        verdict.state === 'pass'
          ? { ...lane, state: 'ended' as const, seen: verdict.seen, endedAtMs: clock.nowMs() }
          : {
              ...lane,
              state: 'checking' as const,
              seen: verdict.seen,
              nextStep: 'Look at it, then decide how the run goes on.',
            },
      ),
      event: { kind: `wave.${worst}`, wave: number, words },
    })
    if (worst === 'passed') return null
    return askAbout(
      worst,
      words,
      open.map(({ lane }) => lane),
      open.flatMap(({ lane, verdict }) => verdict.against.map((line) => `${lane.name}: ${line}`)),
    )
  }

  /** Lanes of a wave in their order, so many machines at once, the agents of one machine one after another. */
  async function runLanes(id: RolloutId, number: number, own: DriveWork, until: AbortSignal) {
    const { run } = record.load(id)
    const isRevert = run.revertOf !== null
    const ends = new Map<string, LaneEnd>()
    const active = new Map<BoxId, Promise<void>>()
    const mayBegin = () => !until.aborted && (isRevert || ![...ends.values()].some((end) => end !== 'fine'))
    let broken: unknown = null
    for (;;) {
      const { waves, lanes } = record.load(id)
      const atOnce = waves.find((wave) => wave.number === number)?.atOnce ?? 1
      const pending = lanes.filter(
        (lane) => lane.wave === number && lane.state === 'waiting' && !ends.has(lane.agentId),
      )
      const nowMs = clock.nowMs()
      let earliestMs = Number.POSITIVE_INFINITY
      for (const lane of mayBegin() && broken === null ? pending : []) {
        if (active.size >= atOnce) break
        if (active.has(lane.boxId)) continue
        const beginsAtMs = own.beginsAtMs(run, lane)
        if (beginsAtMs > nowMs) {
          earliestMs = Math.min(earliestMs, beginsAtMs)
          if (lane.beginsAtMs !== beginsAtMs) sayWhen(id, lane, beginsAtMs)
          continue
        }
        const carried = carryLane(own, { rolloutId: id, isRevert, until }, lane)
          .then((end) => void ends.set(lane.agentId, end))
          .catch((error: unknown) => {
            ends.set(lane.agentId, 'inconclusive')
            broken ??= error
          })
          .finally(() => active.delete(lane.boxId))
        active.set(lane.boxId, carried)
      }
      if (active.size > 0) {
        const wake = new AbortController()
        const due = Number.isFinite(earliestMs) ? [waitUntil(earliestMs, wake.signal)] : []
        await Promise.race([...active.values(), ...due])
        wake.abort()
        continue
      }
      if (broken !== null) throw broken
      if (!Number.isFinite(earliestMs)) return ends
      await waitUntil(earliestMs, until)
    }
  }

  function sayWhen(id: RolloutId, lane: StoredLane, beginsAtMs: number): void {
    const words = `Waits until its client's business hours are over: ${dateWords(beginsAtMs)}.`
    const event = { kind: 'lane.waits', wave: lane.wave, agentId: lane.agentId, words }
    record.write(id, { lanes: [{ ...lane, beginsAtMs, words }], event })
  }

  /** By the wall clock, which a sleeping computer moves on: looked at again at least every hour. */
  async function waitUntil(untilMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && clock.nowMs() < untilMs)
      await new Promise<void>((resolve) => {
        const done = () => {
          stop()
          signal.removeEventListener('abort', done)
          resolve()
        }
        const stop = clock.after(Math.min(untilMs - clock.nowMs(), hourMs), done)
        signal.addEventListener('abort', done, { once: true })
      })
  }
}
