import { DateTime } from 'luxon'
import type { BoxId, Client } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { type Dice, dice } from '../demo/dice.ts'
import type { Observed } from '../runtimes/observed.ts'
import { answer, factsLab, refusal, unreachable } from './facts-lab.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import {
  got,
  notRead,
  sampleActivity,
  sampleAgent,
  sampleDoor,
  sampleInstall,
  sampleMachine,
} from './observed-sample.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const zone = 'America/Los_Angeles'
const own = '+13105550101'

interface Span {
  readonly fromMs: number
  readonly toMs: number
}
const holds = ({ fromMs, toMs }: Span, atMs: number) => fromMs <= atMs && atMs < toMs

/** What becomes of one machine in all that time. */
interface Life {
  readonly name: string
  /** It does not answer: restarts, a router that comes back. Shorter than two looks lie apart. */
  readonly gone: Span[]
  /** It lets us in and does not finish in time. */
  readonly slow: Span[]
  /** Switched off by the people there. */
  readonly off: Span[]
  readonly restarts: number[]
  /** Messages that were answered, oldest first. */
  readonly exchanges: number[]
  readonly upgradedAtMs: number
}

/** Trouble that is real; the days count from the start. */
export interface Planted {
  /** A machine that dies. */
  readonly dead?: { readonly box: number; readonly day: number }
  /** An agent that takes messages in and answers none from then on. */
  readonly mute?: { readonly box: number; readonly day: number }
}

const outages = (chance: Dice, from: DateTime, days: number, percentADay: number): Span[] =>
  Array.from({ length: days }, (_, day) => day).flatMap((day) => {
    if (!chance.happens(percentADay)) return []
    const fromMs =
      from.plus({ days: day }).toMillis() + chance.between(0, 1439) * minuteMs + chance.between(0, 59) * 1000
    return [{ fromMs, toMs: fromMs + chance.between(20, 285) * 1000 }]
  })

/** The people of an office switch their machine on and off, not to the minute, and not when they are closed. */
function nights(chance: Dice, from: DateTime, days: number, isOpen: (day: DateTime) => boolean): Span[] {
  let offMs = from.toMillis() - dayMs
  const spans: Span[] = []
  for (let n = 0; n < days; n++) {
    const day = from.plus({ days: n })
    if (!isOpen(day)) continue
    const onMs = day.set({ hour: 8 }).toMillis() + chance.between(-25, 25) * minuteMs
    spans.push({ fromMs: offMs, toMs: onMs })
    offMs = day.set({ hour: 18 }).toMillis() + chance.between(-25, 25) * minuteMs
  }
  return [...spans, { fromMs: offMs, toMs: from.plus({ days: days + 1 }).toMillis() }]
}

const talk = (chance: Dice, from: DateTime, days: number, isOpen: (day: DateTime) => boolean): number[] =>
  Array.from({ length: days + 21 }, (_, n) => from.plus({ days: n - 21 }))
    .filter(isOpen)
    .flatMap((day) =>
      Array.from(
        { length: chance.between(1, 9) },
        () => day.set({ hour: 9 }).toMillis() + chance.between(0, 479) * minuteMs,
      ),
    )
    .sort((a, b) => a - b)

/**
 * Twelve healthy machines of six clients through many days: restarts, blips of their networks and of our own, slow
 * answers, nights off, weekends, holidays, a pause, upgrades, a laptop that sleeps. They go through the real landing,
 * findings and silence judgement. Whenever anything is unlike other times all goes at the pace of light sweeps, ten
 * minutes, with the second look after five; in between every machine is asked every four hours. `using` it.
 */
export function quarter(seed: string, days: number, planted: Planted = {}) {
  const chance = dice(seed)
  const from = DateTime.fromISO('2026-09-07T00:00', { zone })
  const clock = fakeClock(from.toMillis())
  const lives = new Map<string, Life>()
  const ownAway: Span[] = []
  const lab = factsLab(
    async (name) => {
      if (ownAway.some((span) => holds(span, clock.nowMs()))) throw unreachable(name)
      return answerOf(lives.get(name)!, clock, planted)
    },
    { clock, boxes: 12 },
  )
  // The rows need no disk here, and a quarter has many.
  lab.store.db.pragma('synchronous = off')

  const clients = Array.from({ length: 6 }, (_, n) => addClient(lab.inventory, n))
  for (const [n, box] of lab.boxes.entries()) {
    const client = clients[n % clients.length]!
    const office = n >= 9
    lab.inventory.editBox({
      boxId: box.boxId,
      fields: { clientId: client.clientId, ...(office ? { expectedOn: officeHours } : {}) },
    })
    const isOpen = (day: DateTime) => lab.inventory.isOpen(client, day.set({ hour: 12 }).toMillis())
    const ownDice = dice(`${seed} ${n}`)
    const restarts = outages(ownDice, from, days, 4)
    const off = office ? nights(ownDice, from, days, isOpen) : []
    lives.set(box.name, {
      name: box.name,
      gone: [...restarts, ...outages(ownDice, from, days, 6)],
      slow: outages(ownDice, from, days, 3),
      off,
      restarts: restarts.map(({ toMs }) => toMs),
      exchanges: talk(ownDice, from, days, isOpen).filter((atMs) => !off.some((span) => holds(span, atMs))),
      upgradedAtMs: from.plus({ days: Math.floor(days / 2) }).toMillis() + ownDice.between(0, 5 * 24) * hourMs,
    })
  }
  for (let day = 0; day < days; day += 8) {
    const fromMs = from.plus({ days: day }).toMillis() + chance.between(0, 1439) * minuteMs
    ownAway.push({ fromMs, toMs: fromMs + chance.between(3, 240) * minuteMs })
  }
  const sleeps = (atMs: number) => {
    const local = DateTime.fromMillis(atMs, { zone })
    return local.weekday >= 6 && local.weekNumber % 2 === 0
  }

  return {
    ...lab,
    clock,
    /** An hour of one of its days, counted from 0. */
    at: (day: number, hour: number): number => from.plus({ days: day }).toMillis() + hour * hourMs,
    /** Lives through all of it. */
    async live(): Promise<{ sweeps: number; answers: number }> {
      const endMs = from.plus({ days }).toMillis()
      const events = eventsOf([...lives.values()], ownAway, planted, from)
      let [sweeps, answers] = [0, 0]
      let [wholeMs, fullMs] = [clock.nowMs(), clock.nowMs() + 7 * hourMs]
      let asleep = false
      const ask = async (kind: 'full' | 'light', boxIds?: BoxId[]) => {
        lab.facts.sweeps.start({ kind, reason: 'schedule', ...(boxIds ? { boxIds } : {}) })
        await lab.facts.sweeps.idle()
        sweeps += 1
        answers += boxIds?.length ?? 12
      }
      while (clock.nowMs() < endMs) {
        const nowMs = clock.nowMs()
        if (sleeps(nowMs)) {
          if (!asleep) lab.facts.watch.asleep()
          asleep = true
          clock.advance(hourMs)
          continue
        }
        asleep = false
        const troubled = events.filter((event) => holds(event, nowMs))
        if (nowMs >= fullMs) {
          await ask('full')
          fullMs += dayMs * Math.ceil((nowMs - fullMs + 1) / dayMs)
          wholeMs = nowMs + 4 * hourMs
        } else if (nowMs >= wholeMs || troubled.some(({ box }) => box === null)) {
          await ask('light')
          wholeMs = nowMs + 4 * hourMs
        } else if (troubled.length > 0) {
          // Beside the machines in question another answers, so that it is their trouble and not our network's.
          const names = new Set(troubled.map(({ box }) => box))
          const calm = lab.boxes.filter(({ name }) => !names.has(name)).slice(0, 1)
          await ask(
            'light',
            [...lab.boxes.filter(({ name }) => names.has(name)), ...calm].map(({ boxId }) => boxId),
          )
        }
        clock.advance(
          Math.max(1000, nextMs(nowMs, { wholeMs, fullMs, events, doubt: lab.findings.oldestDoubtMs() }) - nowMs),
        )
      }
      return { sweeps, answers }
    },
  }
}

interface Event extends Span {
  /** Null: all of them. */
  readonly box: string | null
}

/** When the pace is that of light sweeps: from before each disturbance until well after it. */
function eventsOf(lives: readonly Life[], ownAway: readonly Span[], planted: Planted, from: DateTime): Event[] {
  const around = (box: string | null, { fromMs, toMs }: Span): Event => ({
    box,
    fromMs: fromMs - ((fromMs / 1000) % 10) * minuteMs,
    toMs: toMs + 20 * minuteMs,
  })
  const edge = (atMs: number): Span => ({ fromMs: atMs - 30 * minuteMs, toMs: atMs + 30 * minuteMs })
  const days = (day: number): Span => ({
    fromMs: from.plus({ days: day }).toMillis() + 10 * hourMs,
    toMs: from.plus({ days: day }).toMillis() + 12 * hourMs,
  })
  return [
    ...lives.flatMap((life) => [
      ...[...life.gone, ...life.slow].map((span) => around(life.name, span)),
      ...life.off.flatMap(({ fromMs, toMs }) => [around(life.name, edge(fromMs)), around(life.name, edge(toMs))]),
    ]),
    ...ownAway.map((span) => around(null, span)),
    ...[planted.dead, planted.mute].flatMap((one) => (one ? [around(`box-${one.box}`, days(one.day))] : [])),
  ].sort((a, b) => a.fromMs - b.fromMs)
}

function nextMs(
  nowMs: number,
  next: { wholeMs: number; fullMs: number; events: readonly Event[]; doubt: number | null },
): number {
  const paceMs = next.doubt === null ? 10 * minuteMs : 5 * minuteMs
  if (next.doubt !== null || next.events.some((event) => holds(event, nowMs))) return nowMs + paceMs
  const begin = next.events.find(({ fromMs }) => fromMs > nowMs)?.fromMs ?? Number.POSITIVE_INFINITY
  return Math.min(next.wholeMs, next.fullMs, begin)
}

const officeHours = {
  kind: 'hours' as const,
  spans: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 8 * 60, toMinute: 18 * 60 })),
}

function addClient(inventory: ReturnType<typeof factsLab>['inventory'], n: number): Client {
  const { client } = inventory.addClient({
    name: `Client ${n + 1}`,
    region: 'US-CA',
    timeZone: zone,
    handles: [{ kind: 'phone', value: own, label: 'Own', trust: 'typed' }],
    statedHolidays:
      n === 0
        ? [5, 6, 7, 8, 9].map((day) => ({ date: `2026-10-0${day}`, name: 'Away', source: 'stated', open: false }))
        : [],
  })
  return client
}

function answerOf(life: Life, clock: FakeClock, planted: Planted): Observed {
  const nowMs = clock.nowMs()
  const dayNo = (nowMs - Date.UTC(2026, 8, 7, 7)) / dayMs
  const isBox = (box: number) => life.name === `box-${box}`
  if (planted.dead && isBox(planted.dead.box) && dayNo >= planted.dead.day + 10 / 24) throw unreachable(life.name)
  if ([...life.gone, ...life.off].some((span) => holds(span, nowMs)))
    throw nowMs % 3 === 0 ? refusal(life.name) : unreachable(life.name)
  if (life.slow.some((span) => holds(span, nowMs)))
    throw new FaultError({ code: 'timed-out', boxName: life.name, phase: 'answer', afterMs: 30_000 })
  const bootMs = life.restarts.findLast((atMs) => atMs <= nowMs) ?? nowMs - 40 * dayMs
  const starting = nowMs - bootMs < 2.5 * minuteMs
  const newest = nowMs >= life.upgradedAtMs ? '2026.9.7' : '2026.9.6'
  const pid = starting ? null : 71
  return answer(clock, {
    machine: sampleMachine(nowMs, {
      bootedAtMs: got(bootMs),
      nowMs: nowMs + ((nowMs / minuteMs) % 40_000) - 20_000,
      session: got({ present: !starting, user: starting ? '' : 'dana' }),
      disk: got({ freeBytes: 150e9 + 60e9 * Math.sin(nowMs / (9 * dayMs)), totalBytes: 494e9 }),
    }),
    agents: [
      sampleAgent(nowMs, {
        install: got(sampleInstall({ version: newest })),
        runningVersion: starting ? notRead('The gateway does not run.') : got(newest),
        doors: got([sampleDoor({ listed: [own] })]),
        service: got({ kind: 'launchd', running: !starting, pid, startedAtMs: bootMs, port: 18789, detail: '' }),
        ready: starting
          ? notRead('The gateway does not run.')
          : got({ ready: true, failing: [], suppressed: [], uptimeMs: nowMs - bootMs }),
        boots: got([{ startedAtMs: bootMs, endedAtMs: null, clean: null, reason: '' }]),
        channels: starting
          ? notRead('The gateway does not run.')
          : got([{ channel: 'imessage', account: 'default', connected: nowMs - bootMs > 4 * minuteMs, detail: '' }]),
        activity: got(
          activityOf(life, nowMs, planted.mute && isBox(planted.mute.box) ? planted.mute.day : null, dayNo),
        ),
        lastBackup: got({ atMs: nowMs - (nowMs % dayMs), ok: true }),
      }),
    ],
  })
}

/** Every message is answered, some only after a while; from its day on a mute agent answers none. */
function activityOf(life: Life, nowMs: number, muteDay: number | null, dayNo: number) {
  const inMs = life.exchanges.findLast((atMs) => atMs <= nowMs) ?? null
  const replyAfterMs = (atMs: number) => 4000 + ((atMs / minuteMs) % 20 === 0 ? 18 * minuteMs : 0)
  const mutedMs = muteDay === null || dayNo < muteDay ? null : nowMs - (dayNo - muteDay) * dayMs
  const answered = life.exchanges.filter(
    (atMs) => atMs + replyAfterMs(atMs) <= nowMs && (mutedMs === null || atMs < mutedMs),
  )
  const waiting = life.exchanges.filter((atMs) => atMs <= nowMs && !answered.includes(atMs))
  const lastMs = answered.at(-1)
  return sampleActivity(nowMs, {
    lastInboundAtMs: inMs,
    lastReplyAtMs: lastMs === undefined ? null : lastMs + replyAfterMs(lastMs),
    unanswered: waiting.length,
    unansweredSinceMs: waiting[0] ?? null,
    days: [],
  })
}
