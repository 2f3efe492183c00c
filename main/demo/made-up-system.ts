import os from 'node:os'
import { endGateway, readGateway, readMachine } from './machine.ts'

/** `node:os` of the made-up machine; what `system.json` does not say is this computer's. */
export function madeUpSystem(home: string, user: string, nowMs: () => number): typeof os {
  const machine = () => readMachine(home)
  const kind = () => (machine().platform === 'darwin' ? 'Darwin' : 'Linux')
  return {
    ...os,
    hostname: () => machine().hostName,
    platform: () => machine().platform,
    type: kind,
    release: () => machine().osRelease,
    version: () => `${kind()} ${machine().osRelease}`,
    arch: () => machine().arch,
    machine: () => machine().arch,
    uptime: () => Math.max(0, (nowMs() - machine().bootedAtMs) / 1000),
    homedir: () => home,
    userInfo: () => ({ ...os.userInfo(), username: user, homedir: home, shell: '/bin/zsh' }),
    tmpdir: () => '/tmp',
  } as typeof os
}

/**
 * Reaches the made-up gateway alone: a program of a made-up machine must not reach a process of this computer.
 * @throws Error `ESRCH`, as `process.kill` does.
 */
function signal(home: string, pid: number, name: string | number): true {
  const gateway = readGateway(home)
  if (gateway.running && gateway.pid === pid) {
    if (name === 'SIGTERM' || name === 'SIGKILL') endGateway(home)
    return true
  }
  throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH', syscall: 'kill' })
}

/** Makes this thread's clock and `process` those of the made-up machine. */
export function becomeMachine(home: string, nowMs: () => number, args: readonly string[]): void {
  const { platform, arch, node } = readMachine(home)
  const version = node?.version ?? process.version
  const values: Record<string, unknown> = {
    platform,
    arch,
    version,
    versions: { ...process.versions, node: version.replace(/^v/, '') },
    execPath: node?.path ?? process.execPath,
    argv: [node?.path ?? process.execPath, ...args],
    cwd: () => home,
    uptime: () => performance.now() / 1000,
    kill: (pid: number, name: string | number = 'SIGTERM') => signal(home, pid, name),
  }
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true, writable: true })
  }
  const RealDate = Date
  class MachineDate extends RealDate {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [nowMs()] : given) as [number]))
    }
    static override now(): number {
      return nowMs()
    }
  }
  globalThis.Date = MachineDate as DateConstructor
}
