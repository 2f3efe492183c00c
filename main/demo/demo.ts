import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Engine } from '../engine/engine.ts'
import type { Dial } from '../ssh/dial.ts'
import { type EmbeddedBox, networkError, startEmbeddedBox } from './embedded-box.ts'
import { demoFleet } from './fleet.ts'
import { writeHome } from './home.ts'
import { ed25519 } from './keys.ts'
import { seedInventory } from './seed-inventory.ts'
import { beginTrouble } from './troubles.ts'

export interface DemoFleet {
  /** Reaches the demo's own boxes by name; every other host is refused, so that the demo never leaves this computer. */
  readonly dial: Dial
  /**
   * Puts clients and boxes into an inventory that has none of them, accepts their host keys and enrols them; then lets
   * the troubles begin. On an inventory that has them it only lets the troubles begin.
   */
  seed(client: Engine['client']): Promise<void>
  /** HOME of a box, by its name in the inventory. */
  homeOf(name: string): string
  close(): Promise<void>
}

/** Twelve embedded boxes below `dataDir/demo`, written anew at each start: their troubles are told relative to now. */
export async function startDemoFleet(options: { dataDir: string; clock: Clock; log: Log }): Promise<DemoFleet> {
  const { clock, log } = options
  mkdirSync(path.join(options.dataDir, 'demo'), { recursive: true })
  const folder = realpathSync(path.join(options.dataDir, 'demo'))
  const sockets = mkdtempSync(path.join(tmpdir(), 'whd-'))
  const keyPath = path.join(folder, 'id_ed25519')
  const authorizedKey = clientKey(keyPath)
  const homeOf = (name: string) => path.join(folder, 'boxes', name)
  const boxes = new Map<string, EmbeddedBox>()
  rmSync(path.join(folder, 'boxes'), { recursive: true, force: true })
  for (const [number, box] of demoFleet.entries()) {
    const home = homeOf(box.box.name)
    writeHome(home, box, clock.nowMs())
    const socketPath = socketFor(sockets, number)
    boxes.set(box.box.host, await startEmbeddedBox({ home, socketPath, user: box.box.user, authorizedKey, clock }))
  }
  log.info('demo fleet started', { boxes: boxes.size, folder })

  return {
    dial: async (host, port, wait) => {
      const box = boxes.get(host.toLowerCase())
      if (!box) throw networkError('ENOTFOUND')
      if (port !== 22) throw networkError('ECONNREFUSED')
      return box.dial(wait)
    },
    async seed(client) {
      await seedInventory(client, demoFleet, { keyPath, nowMs: clock.nowMs() })
      for (const box of demoFleet) {
        beginTrouble(homeOf(box.box.name), box, clock.nowMs())
        boxes.get(box.box.host)?.refresh()
      }
    },
    homeOf,
    async close() {
      await Promise.all([...boxes.values()].map((box) => box.close()))
      rmSync(sockets, { recursive: true, force: true })
    },
  }
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
