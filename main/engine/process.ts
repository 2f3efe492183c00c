import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import * as z from 'zod'
import { type Clock, systemClock } from '../base/clock.ts'
import { newNonce } from '../base/ids.ts'
import { createLog, type Log } from '../base/log.ts'
import type { Dial } from '../ssh/dial.ts'
import { createEngine, type Engine, type EnginePort } from './engine.ts'
import { createRemoteConfirm } from './remote-confirm.ts'
import { createRemoteVault } from './remote-vault.ts'
import { keepHeapSmall } from './small-heap.ts'

/** What the host tells the engine at its start, as JSON in the last argument; it stands in the process list, so no secret is in it. */
const Setup = z.object({
  dataDir: z.string().min(1),
  version: z.string(),
  demo: z.boolean(),
  readOnly: z.boolean(),
  keychain: z.object({ available: z.boolean(), why: z.string() }),
})
export type Setup = z.infer<typeof Setup>

const FromHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('port') }),
  z.object({ kind: z.literal('power'), event: z.enum(['suspend', 'resume']) }),
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('vault-answer'), id: z.number().int(), ok: z.boolean(), secret: z.string().nullable() }),
  z.object({ kind: z.literal('confirm-answer'), id: z.number().int(), yes: z.boolean() }),
])

/** As Electron gives it to a utility process, and the stand-in to its worker. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: EnginePort[] }) => void): void
  postMessage(message: unknown): void
}

/** Boxes of the engine's own, such as the demo's: given by the entry file, which stands on a higher rung. */
export interface OwnFleet {
  /** The engine's clock. */
  readonly clock: Clock
  readonly dial: Dial
  /** What `seed` is at, for the window; null when it is done. */
  doing(): string | null
  /** Fills the inventory. Called once the engine answers. */
  seed(engine: Pick<Engine, 'client' | 'power'>): Promise<void>
  close(): Promise<void>
}

export interface EngineProcessOptions {
  /** Starts the boxes of the demo; called when the setup asks for it. */
  readonly startDemo?: (setup: { dataDir: string; clock: Clock; log: Log }) => Promise<OwnFleet>
}

/** `out/box` beside the bundle this runs from, wherever the bundler put this part of it. */
function findBoxPrograms(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    for (const candidate of [path.join(folder, 'box'), path.join(folder, 'out', 'box')]) {
      if (existsSync(path.join(candidate, 'probe.js'))) return candidate
    }
    if (folder === path.dirname(folder)) return path.resolve(import.meta.dirname, '..', 'box')
  }
}

/** A sweep asked for while the fleet was still being filled has seen half of it: the first whole one comes after. */
async function endOfSweep(engine: Engine): Promise<void> {
  const current = await engine.client.sweep.current()
  if (current?.state !== 'running') return
  for await (const progress of await engine.client.sweep.watch({ sweepId: current.sweepId }))
    if (progress.state !== 'running') return
}

/** The first sweep of a made-up fleet, once it stands; an engine that ends meanwhile makes no noise about it. */
async function begin(fleet: OwnFleet, engine: Engine, log: Log): Promise<void> {
  try {
    await fleet.seed(engine)
    await endOfSweep(engine)
    await engine.client.sweep.start({})
  } catch (error) {
    log.error('demo.not-begun', error)
  }
}

/**
 * The engine as a process of its own: reads its setup from the last argument, answers `ready`, then takes ports to
 * serve, power events, keychain answers and the word to stop. A worker cannot be stopped by a signal, so a message does it.
 */
export async function runEngineProcess(options: EngineProcessOptions = {}): Promise<void> {
  const parent = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (!parent) throw new Error('the engine process has no parent port')
  keepHeapSmall()
  const setup = Setup.parse(JSON.parse(process.argv.at(-1) ?? '{}'))
  const clock = systemClock
  const log = createLog(
    (line) => process.stdout.write(`${line}\n`),
    clock.nowMs,
    () => newNonce().slice(0, 8),
  )
  const { vault, answered } = createRemoteVault((message) => parent.postMessage(message), setup.keychain, clock)
  const asking = createRemoteConfirm((message) => parent.postMessage(message), clock)

  const early: z.infer<typeof FromHost>[] = []
  const earlyPorts: EnginePort[] = []
  let engine: Engine | null = null
  let fleet: OwnFleet | null = null
  const stop = async () => {
    await engine?.close()
    await fleet?.close()
    process.exit(0)
  }
  const take = (message: z.infer<typeof FromHost>) => {
    if (message.kind === 'power') engine?.power(message.event)
    if (message.kind === 'stop') void stop()
  }
  parent.on('message', ({ data, ports }) => {
    const message = FromHost.safeParse(data)
    if (!message.success) return log.warn('host.message-not-understood')
    if (message.data.kind === 'vault-answer') return answered(message.data)
    if (message.data.kind === 'confirm-answer') return asking.answered(message.data)
    const [port] = ports
    if (message.data.kind === 'port' && port) {
      if (engine) engine.serve(port)
      else earlyPorts.push(port)
    } else if (engine) take(message.data)
    else early.push(message.data)
  })

  fleet = setup.demo && options.startDemo ? await options.startDemo({ dataDir: setup.dataDir, clock, log }) : null
  engine = await createEngine({
    version: setup.version,
    dataDir: setup.dataDir,
    boxProgramsDir: findBoxPrograms(),
    clock: fleet?.clock ?? clock,
    log,
    vault,
    demo: setup.demo,
    readOnly: setup.readOnly,
    host: 'desktop',
    homeDir: homedir(),
    notify: ({ title, body, findingId }) => parent.postMessage({ kind: 'notify', title, body, findingId }),
    awake: (on) => parent.postMessage({ kind: 'awake', on }),
    confirm: asking.confirm,
    ...(fleet ? { dial: fleet.dial, doing: () => fleet?.doing() ?? null } : {}),
  })
  for (const port of earlyPorts) engine.serve(port)
  for (const message of early) take(message)
  parent.postMessage({ kind: 'ready' })
  if (fleet && !setup.readOnly) await begin(fleet, engine, log)
}
