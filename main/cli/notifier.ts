import { spawn } from 'node:child_process'
import { parseArgsStringToArgv } from 'string-argv'
import type { Finding } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { jsonText } from './print.ts'
import { HandedFinding } from './shapes.ts'

/** What a command on stdin gets no answer for is not waited for. */
const deadlineMs = 30_000

/**
 * The words of the operator's command: quotes hold words together as in a shell, and nothing else means anything.
 * @throws FaultError `invalid-input` when there is none.
 */
export function commandWords(command: string): readonly [string, ...string[]] {
  const [program, ...rest] = parseArgsStringToArgv(command)
  if (!program) throw new FaultError({ code: 'invalid-input', field: '--on-finding', detail: 'The command is empty.' })
  return [program, ...rest]
}

/** One finding as the operator's command gets it. */
export const handedFinding = (finding: Finding): HandedFinding =>
  HandedFinding.parse({ ...finding, text: `${finding.subject} ${finding.sentence}. ${finding.nextStep}` })

/**
 * Hands one finding as JSON to the operator's own command, on its stdin; no shell is between. What it prints goes to
 * stderr. Answers null, or in words why it failed.
 */
export function handOver(
  [program, ...words]: readonly [string, ...string[]],
  finding: Finding,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['pipe', 2, 2], timeout: deadlineMs, killSignal: 'SIGKILL' })
    child.on('error', (error) => resolve(`${program} could not be started: ${error.message}`))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(null)
      else if (code !== null) resolve(`${program} ended with ${code}`)
      else resolve(`${program} was ended by ${signal}; it has ${deadlineMs / 1000} seconds`)
    })
    // A command that does not read its input is no error of ours.
    child.stdin?.on('error', () => {})
    child.stdin?.end(jsonText(handedFinding(finding)))
  })
}
