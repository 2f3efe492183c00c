import type { Engine } from '../engine/engine.ts'
import type { DemoClock } from './demo-clock.ts'
import { demoFleet } from './fleet.ts'
import type { Morning } from './morning.ts'
import type { Trouble } from './spec.ts'

type Client = Engine['client']
/** What history is made with: the contract, and the lid of the laptop. */
export type Console = Pick<Engine, 'client' | 'power'>

export interface HistoryParts {
  readonly engine: Console
  readonly clock: DemoClock
  readonly morning: Morning
  /** Makes every machine, or those of one trouble, what it was at that moment. */
  readonly writeMachines: (atMs: number, only?: Trouble) => void
  /** Whether this made-up office reaches anything at all. */
  readonly setNetwork: (state: 'up' | 'down') => void
  /** Adds clients and machines, which are what they were at the beginning, and enrols them. */
  readonly setUp: () => Promise<void>
  /** Says what is being made; for the window. */
  readonly tell: (doing: string) => void
}

interface Look {
  readonly atMs: number
  readonly doing: string
  /** Nothing has changed since the look before but these machines; absent: all may have. */
  readonly only?: Trouble
  readonly network?: 'down'
  /** Somebody sat there and went through what it showed. */
  readonly reviewed?: true
  /** The laptop slept until then. */
  readonly slept?: true
}

const minuteMs = 60_000
const dayMs = 86_400_000
const crashing = 'crashed-and-recovered'

function looksOf({ eveningMs }: Morning): Look[] {
  const morningMs = eveningMs - 645 * minuteMs
  const after = (minutes: number) => eveningMs + minutes * minuteMs
  return [
    { atMs: morningMs - dayMs, doing: 'the last but one morning', slept: true, reviewed: true },
    { atMs: morningMs, doing: 'the last morning', slept: true, reviewed: true },
    { atMs: eveningMs, doing: 'the last evening', reviewed: true },
    { atMs: after(8), doing: 'a crash loop that nobody saw', only: crashing },
    { atMs: after(11), doing: 'a crash loop that nobody saw', only: crashing },
    { atMs: after(20), doing: 'its recovery', only: crashing },
    { atMs: after(24), doing: 'half an hour without a network', only: crashing, network: 'down' },
    { atMs: after(34), doing: 'half an hour without a network', only: crashing, network: 'down' },
    { atMs: after(44), doing: 'the network that is back', only: crashing },
  ]
}

/**
 * Lives through the days before now with the product's own means: machines as they were then, real sweeps of them,
 * reviews. Nothing is written into the store by hand. It ends in the past, on the last evening, with the lid closed.
 */
export async function makeHistory(parts: HistoryParts): Promise<void> {
  const { engine, clock, morning } = parts
  const { client } = engine
  clock.standAt(morning.setUpMs)
  await parts.setUp()
  for (const look of looksOf(morning)) {
    if (look.slept) engine.power('suspend')
    clock.standAt(look.atMs)
    if (look.slept) engine.power('resume')
    parts.tell(look.doing)
    parts.writeMachines(look.atMs, look.only)
    if (look.network === 'down') parts.setNetwork('down')
    await sweepOnce(client)
    parts.setNetwork('up')
    if (look.reviewed) await reviewAll(client, morning.nowMs)
  }
  engine.power('suspend')
}

async function sweepOnce(client: Client): Promise<void> {
  const { sweepId } = await client.sweep.start({})
  for await (const progress of await client.sweep.watch({ sweepId })) if (progress.state !== 'running') return
}

/** What the operator puts off as soon as it shows, and for how many days from now. */
const putOff: readonly { trouble: Trouble; days: number; reason: string }[] = [
  { trouble: 'changed-host-key', days: 2, reason: 'Joan reads us the fingerprint when she is back' },
  { trouble: 'off-at-night', days: 12, reason: 'Not before her audit' },
]

async function reviewAll(client: Client, nowMs: number): Promise<void> {
  const { items } = await client.pages.review()
  const asking = items.filter(({ section, seen }) => section !== 'later' && !seen)
  for (const { trouble, days, reason } of putOff) {
    const keys = asking.filter(({ finding }) => troubleOf(finding.boxName) === trouble).map(({ key }) => key)
    if (keys.length > 0) await client.review.snooze({ keys, untilMs: nowMs + days * dayMs, reason })
  }
  const keys = asking.filter(({ finding }) => !putOff.some(({ trouble }) => troubleOf(finding.boxName) === trouble))
  if (keys.length > 0) await client.review.mark({ keys: keys.map(({ key }) => key), seen: true })
}

const troubleOf = (boxName: string) => demoFleet.find(({ box }) => box.name === boxName)?.trouble
