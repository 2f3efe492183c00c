import { existsSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { spawnGateway } from './openclaw.ts'

const patientMs = 240_000

/**
 * Lets the gateway start and crash `times` times, each as soon as it wrote its start down; that is half of what it takes
 * until it answers. Of a version that writes it down, and where none runs.
 * @throws Error with its last words.
 */
export async function crashGateway(install: { entry: string }, home: string, times: number): Promise<void> {
  for (let crashes = 0, refusals = 0; crashes < times; ) {
    const before = startsOf(home)
    const { gateway, isRunning } = spawnGateway(install, home)
    const deadline = performance.now() + patientMs
    while (isRunning() && performance.now() < deadline && startsOf(home) <= before)
      await new Promise((resolve) => setTimeout(resolve, 50))
    const hasStarted = startsOf(home) > before
    await gateway.kill()
    if (hasStarted) crashes += 1
    else if (++refusals === 3) throw new Error(`the gateway did not start: ${gateway.output().slice(-600)}`)
    // One that was killed leaves its state held for a moment, and the next refuses to start.
    else await new Promise((resolve) => setTimeout(resolve, 3000))
  }
}

/** Starts that were written down; none where that cannot be read yet. */
function startsOf(home: string): number {
  const file = path.join(home, '.openclaw', 'state', 'openclaw.sqlite')
  if (!existsSync(file)) return 0
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return Number(database.prepare('select count(*) as starts from gateway_boot_lifecycle').get()?.starts)
  } catch {
    return 0
  } finally {
    database.close()
  }
}
