import { readFileSync } from 'node:fs'
import path from 'node:path'
import JSON5 from 'json5'
import { DateTime } from 'luxon'
import { endGateway, type Machine, readGateway } from './machine.ts'
import { channelStatus, startGateway, takeConfig } from './made-up-gateway.ts'
import { madeUpSchema } from './made-up-schema.ts'

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
  env: Readonly<Record<string, string | undefined>> = {},
): CommandAnswer | null {
  if (args.includes('config') && args.includes('validate')) return validate(home, env.OPENCLAW_CONFIG_PATH)
  if (args.includes('channels') && args.includes('status')) return channels(home)
  if (args.includes('config') && args.includes('schema')) return schema(args[0] ?? '')
  if (name === 'ps') return args.includes('comm=') ? said(machine.running.join('\n')) : processes(home)
  if (name === 'last') return said(machine.logins.map(lastLine).join('\n'))
  return machine.platform === 'darwin' ? macAnswer(machine, home, name, args) : linuxAnswer(home, name, args)
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
    case 'dscl':
      return args.includes('/Groups/admin')
        ? said(
            ['GroupMembership: root', ...machine.users.filter(({ isAdmin }) => isAdmin).map(({ name }) => name)].join(
              ' ',
            ),
          )
        : said(['root 0', 'daemon 1', ...machine.users.map(({ name, uid }) => `${name} ${uid}`)].join('\n'))
    case 'pmset':
      return said(
        `System-wide power settings:\nCurrently in use:\n sleep                ${machine.sleeps ? 10 : 0}\n disksleep            0`,
      )
    case 'plutil':
      return said('<plist><dict><key>RecommendedUpdates</key><array></array></dict></plist>')
    case 'launchctl':
      if (args[0] === 'kickstart') return start(home, machine.session !== null)
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

function linuxAnswer(home: string, name: string, args: readonly string[]): CommandAnswer | null {
  const gateway = readGateway(home)
  switch (name) {
    case 'systemctl':
      if (args.includes('restart') || args.includes('start')) return start(home, true)
      if (args.includes('stop')) endGateway(home)
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

/** The service manager starts the gateway, where it has a session to start it in. */
function start(home: string, canStart: boolean): CommandAnswer {
  if (!canStart) return said('Could not find domain for', 113)
  startGateway(home, Date.now())
  return said('')
}

/** As the runtime's `channels status --json`: of the gateway, which looks at its file meanwhile. */
function channels(home: string): CommandAnswer {
  takeConfig(home, Date.now())
  return said(JSON.stringify(channelStatus(home)))
}

/** As the runtime's `config validate --json`: it looks at the file on the disk. */
function validate(home: string, file = path.join(home, '.openclaw', 'openclaw.json')): CommandAnswer {
  try {
    JSON5.parse(readFileSync(file, 'utf8'))
    return said(JSON.stringify({ valid: true, path: file }))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return said(JSON.stringify({ valid: false, path: file, issues: [{ path: '', message }] }), 1)
  }
}

/** As the runtime's `config schema`, of the version that is installed where its entry lies. */
function schema(entry: string): CommandAnswer {
  const manifest = readFileSync(path.join(path.dirname(entry), 'package.json'), 'utf8')
  return said(madeUpSchema((JSON.parse(manifest) as { version: string }).version))
}

/** As `last` prints a login, with its year. */
function lastLine({ user, from, atMs, untilMs }: Machine['logins'][number]): string {
  const words = (ms: number) => DateTime.fromMillis(ms).setLocale('en-US').toFormat('ccc LLL d HH:mm:ss yyyy')
  const minutes = Math.round(((untilMs ?? atMs) - atMs) / 60_000)
  const two = (part: number) => String(part).padStart(2, '0')
  const span = `${minutes >= 1440 ? `${Math.floor(minutes / 1440)}+` : ''}${two(Math.floor((minutes % 1440) / 60))}:${two(minutes % 60)}`
  const end = untilMs === null ? 'still logged in' : `- ${words(untilMs)} (${span})`
  return [
    user.padEnd(9),
    (from === '' ? 'console' : 'ttys001').padEnd(12),
    from.padEnd(16),
    words(atMs),
    ` ${end}`,
  ].join(' ')
}
