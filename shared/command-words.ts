import type { CommandGroup } from './contract/index.ts'

const machines = (count: number): string => (count === 1 ? '1 machine' : `${count.toLocaleString('en-US')} machines`)
const lines = (count: number): string => (count === 1 ? '1 line' : `${count.toLocaleString('en-US')} lines`)

type Told = Pick<CommandGroup, 'boxIds' | 'state' | 'exitCode' | 'signal' | 'fault' | 'lines' | 'diff'>

/** How a command ended, in words that follow a machine: "exit 0", "no answer in time". */
export function endWords({ state, exitCode, signal, fault }: Omit<Told, 'boxIds' | 'lines' | 'diff'>): string {
  switch (state) {
    case 'waiting':
      return 'waits'
    case 'running':
      return 'runs'
    case 'not-attempted':
      return 'not attempted'
    case 'timed-out':
      return 'did not end in time'
    case 'cancelled':
      return 'stopped by you'
    case 'ok':
    case 'failed':
      if (signal !== null) return `ended by ${signal}`
      if (exitCode !== null) return `exit ${exitCode}`
      return fault?.code === 'connection-lost' ? 'connection lost' : 'ended, nobody knows how'
  }
}

/** A folded group in words: "9 machines, same 3 lines, exit 0". */
export function groupWords(group: Told): string {
  const many = group.boxIds.length > 1
  const said =
    group.lines === 0
      ? group.state === 'not-attempted'
        ? []
        : ['no output']
      : group.diff === null
        ? [`${many ? 'same ' : ''}${lines(group.lines)}`]
        : [group.diff.length === 0 ? 'output of the majority' : 'other than the majority']
  return [machines(group.boxIds.length), ...said, endWords(group)].join(', ')
}
