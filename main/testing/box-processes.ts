import { readdirSync, readFileSync } from 'node:fs'

/** Processes of its login: their HOME tells. `word`: of their command. */
export function processesOf({ home }: { readonly home: string }, word = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
        return environment.includes(`HOME=${home}`) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word)
      } catch {
        return false
      }
    })
    .map(Number)
}

export function killAll(pids: readonly number[], signal: NodeJS.Signals = 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself.
    }
  }
}

/** Ends all of them, until none is there any more. */
export async function endProcesses(box: { readonly home: string }): Promise<void> {
  for (let left = processesOf(box); left.length > 0; left = processesOf(box)) {
    killAll(left)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
