import { readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { writeNewFile } from '../../../runtimes/runtimes.ts'
import { bootId, isSameBoot } from './time.ts'

const lookEveryMs = 100
/** Who made the sign has written itself into it by then. */
const writtenMs = 2000

/**
 * One program at a time takes a change back: who comes later waits until the first has ended, or died at it. Where nothing can
 * be written any more there is nobody to wait for that could have said so, and it goes on.
 *
 * @param mostMs for all that has to be done: a sign that is older is nobody's, whoever has that number by now.
 */
export async function alone<T>(folder: string, mostMs: number, work: () => Promise<T>): Promise<T> {
  const sign = path.join(folder, 'going-back')
  const own = `${process.pid} ${bootId()}`
  for (let isOurs = false; !isOurs; ) {
    try {
      writeNewFile(sign, Buffer.from(own), 0o600)
      isOurs = true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') break
      if (isAtIt(sign, mostMs)) await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
      else rmSync(sign, { force: true })
    }
  }
  try {
    return await work()
  } finally {
    rmSync(sign, { force: true })
  }
}

function isAtIt(sign: string, mostMs: number): boolean {
  try {
    const ageMs = Date.now() - statSync(sign).mtimeMs
    if (ageMs > mostMs) return false
    const [, pid = '', boot = ''] = /^(\d+) (.+)$/.exec(readFileSync(sign, 'utf8')) ?? []
    if (pid === '') return ageMs < writtenMs
    if (!isSameBoot(boot, bootId()) || Number(pid) === process.pid) return false
    process.kill(Number(pid), 0)
    return true
  } catch {
    return false
  }
}
