import { spawn } from 'node:child_process'
import { FaultError } from '../base/fault-error.ts'
import type { Channel, Connection, Ssh } from '../ssh/ssh.ts'

/** An `open` whose connection starts each command in a shell of this machine: everything of a box but the network. */
export function localSsh(options: { shell?: readonly string[]; env?: NodeJS.ProcessEnv }): Pick<Ssh, 'open'> & {
  /** Cuts every connection made so far, as a lost network does. */
  cut(): void
  /** Commands started so far. */
  readonly commands: string[]
  readonly openConnections: number
} {
  const [shell = 'sh', ...shellArgs] = options.shell ?? ['sh', '-c']
  const live = new Set<{ cut(): void }>()
  const commands: string[] = []
  let openConnections = 0

  const connect = (): Connection => {
    const channels = new Set<Channel>()
    let closed = false
    let released = false
    openConnections += 1
    const connection = {
      cut() {
        closed = true
        for (const channel of channels) channel.close()
      },
      get closed() {
        return closed
      },
      async start(command: string) {
        if (closed) throw new FaultError({ code: 'connection-lost', boxName: 'local', detail: 'cut' })
        commands.push(command)
        const channel = startLocal(shell, [...shellArgs, command], options.env ?? process.env)
        channels.add(channel)
        void channel.ended.then(() => channels.delete(channel))
        return channel
      },
      shell: () => Promise.reject(new Error('a shell of this machine has no terminal')),
      release() {
        if (!released) openConnections -= 1
        released = true
      },
    }
    live.add(connection)
    return connection
  }
  return {
    open: async () => connect(),
    cut: () => {
      for (const connection of live) connection.cut()
      live.clear()
    },
    commands,
    get openConnections() {
      return openConnections
    },
  }
}

function startLocal(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Channel {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let tail = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4096)
  })
  child.stdin.on('error', () => {})
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal: cut ? null : signal }))
    child.on('error', () => resolve({ exitCode: null, signal: null }))
  })
  let cut = false
  return {
    write: (data) => new Promise((resolve) => child.stdin.write(data, () => resolve())),
    endInput: () => child.stdin.end(),
    output: child.stdout as AsyncIterable<Buffer>,
    errorTail: () => tail,
    ended,
    terminate: () => void child.kill('SIGTERM'),
    close() {
      cut = true
      child.stdin.destroy()
      child.stdout.destroy()
      child.kill('SIGKILL')
    },
  }
}
