import { readFileSync } from 'node:fs'
import path from 'node:path'
import JSON5 from 'json5'
import { type Machine, readGateway } from './machine.ts'

export interface CommandAnswer {
  readonly stdout: string
  readonly exitCode: number
}

const said = (stdout: string, exitCode = 0): CommandAnswer => ({
  stdout: stdout.endsWith('\n') ? stdout : `${stdout}\n`,
  exitCode,
})

/** What the system's own commands print on this machine; null: it has no such command. */
export function systemAnswer(
  machine: Machine,
  home: string,
  name: string,
  args: readonly string[],
): CommandAnswer | null {
  if (args.includes('config') && args.includes('validate')) return validate(home)
  if (name === 'ps') return processes(home)
  return machine.platform === 'darwin' ? macAnswer(machine, home, name, args) : linuxAnswer(home, name)
}

function macAnswer(machine: Machine, home: string, name: string, args: readonly string[]): CommandAnswer | null {
  const gateway = readGateway(home)
  switch (name) {
    case 'sw_vers':
      return said(machine.osName.replace(/^macOS /, ''))
    case 'stat':
      return said(machine.session ?? 'root')
    case 'fdesetup':
      return said(machine.encrypted ? 'FileVault is On.' : 'FileVault is Off.')
    case 'pmset':
      return said(
        `System-wide power settings:\nCurrently in use:\n sleep                ${machine.sleeps ? 10 : 0}\n disksleep            0`,
      )
    case 'launchctl':
      if (!gateway.running) return said('Could not find service in domain', 113)
      return said(
        args[0] === 'list'
          ? `PID\tStatus\tLabel\n${gateway.pid}\t0\tai.openclaw.gateway`
          : `ai.openclaw.gateway = {\n\tstate = running\n\tpid = ${gateway.pid}\n\truns = 1\n\tlast exit code = (never exited)\n}`,
      )
    case 'lsof':
      return gateway.running ? said(`p${gateway.pid}\nn127.0.0.1:${gateway.port}`) : said('', 1)
    default:
      return null
  }
}

function linuxAnswer(home: string, name: string): CommandAnswer | null {
  const gateway = readGateway(home)
  switch (name) {
    case 'systemctl':
      return said(
        gateway.running
          ? `ActiveState=active\nSubState=running\nMainPID=${gateway.pid}\nLoadState=loaded`
          : 'ActiveState=inactive\nSubState=dead\nMainPID=0\nLoadState=loaded',
      )
    default:
      return null
  }
}

/** Of `ps -p PID -o …`: elapsed time or start are not asked in a way that a made-up process could answer otherwise. */
function processes(home: string): CommandAnswer {
  const { running, pid, startedAtMs } = readGateway(home)
  if (!running) return said('', 1)
  return said(`${pid} ${new Date(startedAtMs).toString()} openclaw-gateway`)
}

/** As the runtime's `config validate --json`: it looks at the file on the disk. */
function validate(home: string): CommandAnswer {
  const file = path.join(home, '.openclaw', 'openclaw.json')
  try {
    JSON5.parse(readFileSync(file, 'utf8'))
    return said(JSON.stringify({ valid: true, path: file }))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return said(JSON.stringify({ valid: false, path: file, issues: [{ path: '', message }] }), 1)
  }
}
