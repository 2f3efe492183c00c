import { loadProgram } from '../main/onbox/bootstrap.ts'
import type { ProbeRequest } from '../main/runtimes/observed.ts'

/** What is asked of every box, by us and by every other tool: same program, same request, same Node. */
export const probeRequest: ProbeRequest = {
  fingerprintKey: '00'.repeat(32),
  testHandles: [],
  validate: false,
  ownCommandMs: 20_000,
  stateDirs: [],
  entries: [],
  folders: [],
}

/** One line of Node: enough to see that the box runs a program. */
export const oneLine = `process.stdout.write(JSON.stringify({node:process.version,pid:process.pid})+'\\n',()=>process.exit(0))`

/** The one-line program as our bootstrap loads it. */
export const oneLineInput = loadProgram(oneLine, '')

/**
 * The probe for `node -`: the same bundle, its request at hand, stdin held open until it has answered. The other tools
 * send their input whole and close it; the bundle ends with its input.
 */
export function probeScript(bundle: string): string {
  const program = bundle.replaceAll('@@WHEELHOUSE-NONCE@@', 'bench')
  const frame = JSON.stringify({ id: 1, op: 'probe', request: probeRequest })
  return [
    `const input = new (require('node:stream').PassThrough)()`,
    `Object.defineProperty(process, 'stdin', { value: input })`,
    `const write = process.stdout.write.bind(process.stdout)`,
    `process.stdout.write = (text) => write(text, () => { if (text.includes('"id":1')) process.exit(0) })`,
    `new Function('require', 'rest', ${JSON.stringify(program)})(require, ${JSON.stringify(`${frame}\n`)})`,
    '',
  ].join('\n')
}
