import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { SshdFleet } from '../main/testing/sshd-box.ts'
import type { OursAnswer, OursAsked, OursSetup, OursTask } from './ours.ts'

export interface Ours {
  /** @param patienceMs deadline of one box. */
  run(task: OursTask, patienceMs: number): Promise<OursAnswer>
  end(): Promise<void>
}

/** Starts our side in a process of its own. `hanging` takes the place of the last box. */
export async function startOurs(options: {
  /** The bundled `ours.ts`. */
  program: string
  fleet: SshdFleet
  boxProgramsDir: string
  atOnce: number
  hanging: { host: string; port: number } | null
  /** Keeps every connection open, not only as many as the product does. */
  keepAll: boolean
}): Promise<Ours> {
  const { fleet, boxProgramsDir, atOnce, hanging, keepAll } = options
  const setup: OursSetup = {
    boxes: hanging ? [...fleet.boxes.slice(0, -1), hanging] : fleet.boxes,
    user: fleet.user,
    keyPath: fleet.keyPath,
    hostKey: fleet.hostKey,
    fingerprint: `SHA256:${createHash('sha256').update(Buffer.from(fleet.hostKey, 'base64')).digest('base64').replace(/=+$/, '')}`,
    boxProgramsDir,
    atOnce,
    mostWarm: keepAll ? fleet.boxes.length : null,
  }
  const child = fork(options.program)
  await ask(child, { setup })
  return {
    run: (task, patienceMs) => ask(child, { task, patienceMs }),
    async end() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.send({ end: true } satisfies OursAsked)
      await ended
    },
  }
}

function ask(child: ChildProcess, asked: OursAsked): Promise<OursAnswer> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`our process ended with ${code}`))
    child.once('exit', gone)
    child.once('message', (answer) => {
      child.off('exit', gone)
      resolve(answer as OursAnswer)
    })
    child.send(asked)
  })
}
