import { spawn } from 'node:child_process'
import { systemClock } from '../../../base/clock.ts'
import { bootstrap } from '../../../onbox/bootstrap.ts'
import { type RunningChange, runChange } from '../../../onbox/change.ts'
import { startProgram } from '../../../onbox/program.ts'
import type { Channel } from '../../../ssh/ssh.ts'

const tailChars = 4096

/** Runs on a box. Starts the program `apply` beside this one, with this one's Node, and speaks to it as a console does. */
export async function startHere(
  programs: { readonly apply: string; readonly revert: string },
  boxName: string,
  deadlineMs: number,
): Promise<RunningChange> {
  const program = await startProgram(
    { start: async () => channelOf(), closed: false },
    {
      launcher: 'node',
      program: programs.apply,
      boxName,
      clock: systemClock,
      deadlineMs: systemClock.monotonicMs() + deadlineMs,
    },
  )
  return runChange(program, () => {}, programs.revert, boxName)
}

function channelOf(): Channel {
  const child = spawn(process.execPath, ['-e', bootstrap], { stdio: 'pipe', windowsHide: true })
  let tail = ''
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('latin1')).slice(-tailChars)
  })
  // One that ended while it was written to is seen by its end.
  child.stdin.on('error', () => {})
  return {
    write: (data) => new Promise((resolve) => child.stdin.write(data, () => resolve())),
    endInput: () => child.stdin.end(),
    output: child.stdout,
    errorTail: () => tail,
    ended: new Promise((resolve) => {
      child.once('error', () => resolve({ exitCode: 127, signal: null }))
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
    }),
    terminate: () => void child.kill('SIGTERM'),
    // It ends with its input, and forgets then what it had only staged.
    close: () => child.stdin.end(),
  }
}
