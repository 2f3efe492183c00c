import { existsSync } from 'node:fs'
import path from 'node:path'
import { writeNewFile } from '../../runtimes/runtimes.ts'
import { removeBootJob } from './change/boot.ts'
import { goBack } from './change/go-back.ts'
import { leftOf, readPlan, stateOf } from './change/marker.ts'
import { bootId, boxTime, isSameBoot, secondsLeft } from './change/time.ts'

/**
 * Lies in the folder of an armed change and holds its timer, in a process of its own that outlives the connection:
 * `node revert.cjs FOLDER`. `boot`: the system starts it after a restart. `task`: the system starts it at once and after
 * a restart. `now`: a person does. It may be started twice, killed, and started again.
 */
const [folder = '', how = ''] = process.argv.slice(2)
const nothingKey = '00'.repeat(32)

const isOpen = (): boolean => ['armed', 'reverting'].includes(stateOf(folder) ?? '')

async function main(): Promise<void> {
  if (stateOf(folder) === null) return
  const plan = readPlan(folder)
  const program = path.join(folder, 'revert.cjs')
  if (how !== 'now' && !(how === 'boot' || !isSameBoot(plan.bootId, bootId()))) {
    const from = boxTime()
    const leftS = leftOf(plan, bootId(), from)
    const sign = path.join(folder, 'timer')
    if (!existsSync(sign)) writeNewFile(sign, Buffer.from(String(process.pid)), 0o600)
    // Whoever begins to go back may be killed at it: the timer then ends what was begun.
    for (let left = leftS; isOpen() && left > 0; left = secondsLeft(leftS, from, boxTime()))
      await new Promise((resolve) => setTimeout(resolve, Math.max(20, Math.min(500, left * 1000))))
  }
  await goBack(folder, nothingKey)
  await removeBootJob(folder, program)
}

main().then(
  () => process.exit(0),
  () => process.exit(1),
)
