import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'

/** Modules of the house by their path from the repository's root, for scripts that run in a process of their own. */
export const moduleUrl = (file: string): string => new URL(`../../${file}`, import.meta.url).href

export interface Script {
  readonly process: ChildProcess
  /** Resolves with the text so far once `wanted` stands in the output; rejects when the process ends before. */
  says(wanted: string): Promise<string>
  readonly ended: Promise<{ code: number | null; signal: string | null }>
}

/** Runs ES module source in a Node process of its own, which a test may kill. */
export function spawnScript(source: string): Script {
  const cwd = path.resolve(import.meta.dirname, '../..')
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', source], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const says = (wanted: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => output.includes(wanted) && resolve(output)
      child.stdout.on('data', look)
      void ended.then(() =>
        output.includes(wanted) ? resolve(output) : reject(new Error(`ended without "${wanted}": ${output}`)),
      )
      look()
    })
  return { process: child, says, ended }
}
