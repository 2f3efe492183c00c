import { execFileSync } from 'node:child_process'
import os from 'node:os'
import type { Surroundings } from './report.ts'

/** Where and when a benchmark runs. @param tools that stand beside ours, in the order in which they are named. */
export function surroundings(tools: readonly ('clush' | 'ansible' | 'parallel-ssh')[]): Surroundings {
  const version = (command: string) =>
    execFileSync(command, ['--version'], { encoding: 'utf8' }).split('\n', 1)[0] ?? ''
  const [cpu] = os.cpus()
  return {
    when: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${os.cpus().length} cores (${cpu?.model.trim() || 'unknown'}), ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}, Node ${process.version}`,
    tools: tools.map((tool) => (tool === 'parallel-ssh' ? `${tool} ${version(tool)}` : version(tool))).join(', '),
    loadPerCore: (os.loadavg()[0] ?? 0) / os.cpus().length,
  }
}
