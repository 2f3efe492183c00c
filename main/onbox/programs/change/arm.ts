import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeNewFile } from '../../../runtimes/runtimes.ts'
import { installBootJob, removeBootJob } from './boot.ts'
import { type ChangePlan, decide, rewritePlan } from './marker.ts'
import { Refused } from './refused.ts'
import { bootId, boxTime } from './time.ts'

/** How long the timer has to say that it runs. */
const timerMs = 8000

/**
 * Arms a staged change: from here on it goes back by itself unless it is committed. Done only when the timer says that it
 * runs. @returns what would take it back after a restart of the box, in words; empty: nothing there.
 * @throws Refused when the timer does not run; the change is then no longer armed.
 */
export async function arm(folder: string, plan: ChangePlan, revertProgram: string): Promise<string> {
  const program = path.join(folder, 'revert.cjs')
  writeNewFile(program, Buffer.from(revertProgram, 'latin1'), 0o600)
  rewritePlan(folder, { ...plan, armedAtMs: Date.now(), armedUptimeS: boxTime().uptimeS, bootId: bootId() })
  if (!decide(folder, 'staged', 'armed')) throw new Refused('The change is not staged.')
  spawn(process.execPath, [program, folder], {
    detached: true,
    stdio: 'ignore',
    cwd: process.platform === 'win32' ? tmpdir() : '/',
    windowsHide: true,
  }).unref()
  const bootJob = plan.kind === 'drill' ? '' : await installBootJob(folder, program)
  const untilMs = performance.now() + timerMs
  while (!existsSync(path.join(folder, 'timer'))) {
    if (performance.now() > untilMs) {
      decide(folder, 'armed', 'staged')
      await removeBootJob(folder, program)
      throw new Refused('The timer that would take the change back does not start on this machine.')
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return bootJob
}
