import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readMachine } from './machine.ts'

type Call = (...args: unknown[]) => unknown

/**
 * The file system as a made-up machine has it: its HOME is real, everything else stands below `HOME/.demo/root`, so
 * that the demo never reads the computer it runs on. Free space is what `system.json` says.
 */
export function madeUpFiles(home: string): typeof fs {
  const place = (given: unknown): unknown => {
    const asked = given instanceof URL ? fileURLToPath(given) : given
    if (typeof asked !== 'string') return asked
    const full = path.resolve(home, asked)
    if (full === home || full.startsWith(home + path.sep)) return full
    return path.join(home, '.demo', 'root', full.slice(path.parse(full).root.length))
  }
  const statfs = () => {
    const { freeBytes, totalBytes } = readMachine(home).disk
    const bsize = 4096
    const blocks = (bytes: number) => Math.floor(bytes / bsize)
    return {
      type: 0,
      bsize,
      blocks: blocks(totalBytes),
      bfree: blocks(freeBytes),
      bavail: blocks(freeBytes),
      files: 0,
      ffree: 0,
    }
  }
  const confined = <T extends object>(real: T, replaced: Record<string, unknown>): T =>
    new Proxy(real, {
      get(target, name) {
        if (typeof name === 'string' && Object.hasOwn(replaced, name)) return replaced[name]
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function' || !/^[a-z]/.test(String(name))) return value
        return (first: unknown, ...rest: unknown[]) => (value as Call).call(target, place(first), ...rest)
      },
    })
  const promises = confined(fs.promises, { statfs: async () => statfs() })
  // `realpathSync.native` is a function on a function, and a real path must lead back into the made-up tree.
  const realpathSync = Object.assign((asked: unknown) => unplace(home, fs.realpathSync(place(asked) as string)), {
    native: (asked: unknown) => unplace(home, fs.realpathSync(place(asked) as string)),
  })
  return confined(fs, { promises, statfsSync: statfs, realpathSync })
}

/** The path a program on the machine would see. */
function unplace(home: string, real: string): string {
  const root = path.join(home, '.demo', 'root')
  return real.startsWith(root) ? path.sep + path.relative(root, real) : real
}
