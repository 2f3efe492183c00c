import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Dial } from '../ssh/dial.ts'
import { createDemoClock } from './demo-clock.ts'
import { type EmbeddedBox, networkError, startEmbeddedBox } from './embedded-box.ts'
import { demoFleet } from './fleet.ts'
import { type Console, makeHistory } from './history.ts'
import { writeHome } from './home.ts'
import { ed25519 } from './keys.ts'
import { type Morning, planMorning } from './morning.ts'
import { seedInventory } from './seed-inventory.ts'
import type { Trouble } from './spec.ts'

export interface DemoFleet {
  /** The engine's clock: it stands in the past until `seed` has made the demo's history, and is the given one after. */
  readonly clock: Clock
  /** Reaches the demo's own boxes by name; every other host is refused, so that the demo never leaves this computer. */
  readonly dial: Dial
  /** What `seed` is at, in words that follow "is making"; null when it is done. */
  doing(): string | null
  /**
   * Puts clients and boxes into an inventory that has none of them, accepts their host keys, enrols them, and lives
   * through the days until now; then lets the troubles stand. On an inventory that has them it only does the last.
   */
  seed(engine: Console): Promise<void>
  /** HOME of a box, by its name in the inventory. */
  homeOf(name: string): string
  close(): Promise<void>
}

export interface DemoOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
  /** False: no past is made, machines are as they are now from the start. */
  readonly history?: boolean
}

/** Twelve embedded boxes below `dataDir/demo`, written anew at each start as they have become since their first morning. */
export async function startDemoFleet(options: DemoOptions): Promise<DemoFleet> {
  const { log } = options
  const clock = createDemoClock(options.clock)
  mkdirSync(path.join(options.dataDir, 'demo'), { recursive: true })
  const folder = realpathSync(path.join(options.dataDir, 'demo'))
  const { isFirst, morning } = morningOf(path.join(folder, 'morning.json'), clock.nowMs())
  const past = isFirst && options.history !== false
  const sockets = mkdtempSync(path.join(tmpdir(), 'whd-'))
  const keyPath = path.join(folder, 'id_ed25519')
  const authorizedKey = clientKey(keyPath)
  const homeOf = (name: string) => path.join(folder, 'boxes', name)
  const boxes = new Map<string, EmbeddedBox>()
  let network: 'up' | 'down' = 'up'
  let doing: string | null = past ? 'twelve machines and their clients' : null
  const writeMachines = (atMs: number, only?: Trouble) => {
    for (const box of demoFleet) {
      if (only === undefined || box.trouble === only) writeHome(homeOf(box.box.name), box, atMs, morning)
      boxes.get(box.box.host)?.refresh()
    }
  }
  rmSync(path.join(folder, 'boxes'), { recursive: true, force: true })
  if (past) clock.standAt(morning.setUpMs)
  writeMachines(clock.nowMs())
  for (const [number, { box }] of demoFleet.entries()) {
    const socketPath = socketFor(sockets, number)
    boxes.set(
      box.host,
      await startEmbeddedBox({ home: homeOf(box.name), socketPath, user: box.user, authorizedKey, clock }),
    )
  }
  log.info('demo fleet started', { boxes: boxes.size, folder })

  return {
    clock,
    doing: () => doing,
    dial: async (host, port, wait) => {
      if (network === 'down') throw networkError('ENETUNREACH')
      const box = boxes.get(host.toLowerCase())
      if (!box) throw networkError('ENOTFOUND')
      if (port !== 22) throw networkError('ECONNREFUSED')
      return box.dial(wait)
    },
    async seed(engine) {
      const setUp = () => seedInventory(engine.client, demoFleet, { keyPath, nowMs: morning.nowMs })
      if (!past) return setUp()
      try {
        await makeHistory({
          engine,
          clock,
          morning,
          writeMachines,
          setUp,
          setNetwork(state) {
            network = state
            if (state === 'down') for (const box of boxes.values()) box.cut()
          },
          tell(words) {
            doing = words
          },
        })
      } finally {
        clock.catchUp()
        writeMachines(clock.nowMs())
        engine.power('resume')
        doing = null
      }
    },
    homeOf,
    async close() {
      await Promise.all([...boxes.values()].map((box) => box.close()))
      rmSync(sockets, { recursive: true, force: true })
    },
  }
}

/** The morning of the first start on a data folder: what the store says of the days before stays true. */
function morningOf(file: string, nowMs: number): { isFirst: boolean; morning: Morning } {
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { nowMs: number }
    return { isFirst: false, morning: planMorning(kept.nowMs) }
  }
  writeFileSync(file, JSON.stringify({ nowMs }))
  return { isFirst: true, morning: planMorning(nowMs) }
}

/** Unix socket paths are at most 104 bytes on macOS, so they live in the temp folder and not below the data folder. */
const socketFor = (folder: string, number: number): string =>
  process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}-${number}` : path.join(folder, String(number))

/** The one key that the demo boxes let in; made once for a data folder. @returns its public blob. */
function clientKey(file: string): string {
  const seedFile = `${file}.seed`
  let seed: string
  try {
    seed = readFileSync(seedFile, 'utf8')
  } catch {
    seed = randomBytes(32).toString('hex')
    writeFileSync(seedFile, seed, { mode: 0o600 })
  }
  const key = ed25519(seed)
  writeFileSync(file, key.privateKey, { mode: 0o600 })
  return key.publicBlob
}
