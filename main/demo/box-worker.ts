/**
 * One `node -e` on a made-up machine, in a thread of its own: a packaged app has no `node` to spawn. The code and the
 * programs it loads are the real ones; what they may `require` answers for the machine that the files in HOME describe.
 */
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { StartProgram, WorkerTask } from './exec.ts'
import { readMachine } from './machine.ts'
import { madeUpCommands } from './made-up-commands.ts'
import { madeUpFiles } from './made-up-files.ts'
import { writeLinuxFiles } from './made-up-linux.ts'
import { madeUpNetwork } from './made-up-network.ts'
import { becomeMachine, madeUpSystem } from './made-up-system.ts'

const { home, user, code, args, clockOffset, realPath } = workerData as WorkerTask

/** Parts of Node that touch nothing outside a program, or only what they are given. */
const harmless = [
  'assert',
  'buffer',
  'crypto',
  'events',
  'path',
  'process',
  'sqlite',
  'stream',
  'string_decoder',
  'timers',
  'url',
  'util',
  'zlib',
]

const real = createRequire(import.meta.url)
const realNow = Date.now
const offset = new Float64Array(clockOffset)
const nowMs = () => Math.round(realNow() + (offset[0] ?? 0) + readMachine(home).clockSkewMs)
const { http, net } = madeUpNetwork(home)
const fs = madeUpFiles(home)
const madeUp: Readonly<Record<string, unknown>> = {
  fs,
  'fs/promises': fs.promises,
  os: madeUpSystem(home, user, nowMs),
  child_process: madeUpCommands(home, realPath, (start) => parentPort?.postMessage({ start } satisfies StartProgram)),
  http,
  net,
}

function requireMadeUp(asked: string): unknown {
  const name = asked.replace(/^node:/, '')
  if (Object.hasOwn(madeUp, name)) return madeUp[name]
  if (harmless.includes(name.split('/', 1)[0] ?? '')) return real(`node:${name}`)
  throw new Error(`the demo machine has no module ${asked}`)
}

writeLinuxFiles(home, readMachine(home), process.getuid?.() ?? 0)
becomeMachine(home, nowMs, args)
process.getBuiltinModule = requireMadeUp as typeof process.getBuiltinModule
globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'))
new Function('require', code)(requireMadeUp)
