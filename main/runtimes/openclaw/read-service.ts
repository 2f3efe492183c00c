import { existsSync } from 'node:fs'
import path from 'node:path'
import { clip, readPlainFile, run } from '../reading.ts'
import { remembered } from '../remember.ts'

/** How the gateway of one profile is meant to be kept alive, as the system's own files say. */
export interface ServiceFile {
  readonly kind: 'launchd' | 'systemd' | 'scheduled-task'
  readonly name: string
  readonly file: string
  /** The command it starts: Node, the entry file, arguments. */
  readonly command: readonly string[]
}

/** What the service manager says of it. */
export interface Managed {
  readonly running: boolean
  readonly pid: number | null
  readonly detail: string
}

const waitMs = 4000

/** The Node that a service starts the runtime with; the one this program runs on where none says. */
export const nodeOf = (service: ServiceFile | null): string =>
  service?.command.find((word) => /(^|[\\/])node(\.exe)?$/.test(word)) ?? process.execPath

/** Runs on a box. Service files of this login (openclaw.md §6); older names may linger beside newer ones. */
export function findService(platform: string, home: string, stateDir: string, profile: string): ServiceFile | null {
  const suffix = profile === 'default' ? '' : `-${profile}`
  if (platform === 'darwin') {
    const labels = profile === 'default' ? ['ai.openclaw.gateway', 'com.clawdbot.gateway'] : [`ai.openclaw.${profile}`]
    return firstFile(
      'launchd',
      labels.map((name) => ({ name, file: path.join(home, 'Library/LaunchAgents', `${name}.plist`) })),
      plistCommand,
    )
  }
  if (platform === 'win32') {
    const name = profile === 'default' ? 'OpenClaw Gateway' : `OpenClaw Gateway (${profile})`
    return firstFile('scheduled-task', [{ name, file: path.join(stateDir, 'gateway.cmd') }], cmdCommand)
  }
  const units = [`openclaw-gateway${suffix}.service`, `clawdbot-gateway${suffix}.service`]
  const folders = [path.join(home, '.config/systemd/user'), '/etc/systemd/system']
  return firstFile(
    'systemd',
    folders.flatMap((folder) => units.map((name) => ({ name, file: path.join(folder, name) }))),
    unitCommand,
  )
}

function firstFile(
  kind: ServiceFile['kind'],
  candidates: readonly { name: string; file: string }[],
  parse: (text: string) => string[],
): ServiceFile | null {
  for (const { name, file } of candidates) {
    if (!existsSync(file)) continue
    try {
      return { kind, name, file, command: commandIn(file, parse) }
    } catch {
      return { kind, name, file, command: [] }
    }
  }
  return null
}

const commandIn = (file: string, parse: (text: string) => string[]): readonly string[] =>
  remembered(`service ${file}`, (watch) => {
    watch(file)
    return parse(readPlainFile(file, 1_000_000).bytes.toString())
  })

/** `ProgramArguments` of a property list in XML. */
export function plistCommand(text: string): string[] {
  const list = /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text)?.[1] ?? ''
  return [...list.matchAll(/<string>([\s\S]*?)<\/string>/g)].map(([, word = '']) =>
    word
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&apos;/g, "'")
      .replace(/&amp;/g, '&'),
  )
}

/** `ExecStart` of a unit; quotes group words. */
export function unitCommand(text: string): string[] {
  return words(/^ExecStart=[-@:+!]*(.*)$/m.exec(text)?.[1] ?? '')
}

/** The line of `gateway.cmd` that starts Node. */
export function cmdCommand(text: string): string[] {
  return words(
    text.split(/\r?\n/).find((line) => /node(\.exe)?"?\s/i.test(line) && !/^\s*(rem|set|::)/i.test(line)) ?? '',
  )
}

const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '')

/** Runs on a box. What the service manager says of it: state and main process. Null: it gave no answer. */
export async function askManager(service: ServiceFile): Promise<Managed | null> {
  if (service.kind === 'systemd') return askSystemd(service)
  if (service.kind === 'launchd') return askLaunchd(service)
  const { exitCode, stdout } = await run('schtasks', ['/Query', '/TN', service.name, '/FO', 'LIST'], {
    timeoutMs: waitMs,
  })
  if (exitCode !== 0) return null
  const status = /^Status:\s*(.*)$/im.exec(stdout)?.[1]?.trim() ?? ''
  return { running: /running/i.test(status), pid: null, detail: clip(`${service.name}: ${status}`) }
}

async function askSystemd(service: ServiceFile): Promise<Managed | null> {
  const isSystem = service.file.startsWith('/etc/')
  const uid = process.getuid?.() ?? 0
  const runtimeDir = process.env.XDG_RUNTIME_DIR || `/run/user/${uid}`
  if (!isSystem && !hasUserManager(runtimeDir)) return null
  const env = { ...process.env, XDG_RUNTIME_DIR: runtimeDir, LC_ALL: 'C' }
  const args = [
    ...(isSystem ? [] : ['--user']),
    'show',
    service.name,
    '--property=ActiveState,SubState,MainPID,Result,NRestarts,UnitFileState',
  ]
  const { exitCode, stdout } = await run('systemctl', args, { timeoutMs: waitMs, env })
  if (exitCode !== 0) return null
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? ''
  const pid = Number(value('MainPID'))
  const detail = `${service.name}: ${value('ActiveState')} (${value('SubState')}), ${value('UnitFileState') || 'not installed'}, result ${value('Result')}`
  return { running: value('ActiveState') === 'active', pid: pid > 0 ? pid : null, detail: clip(detail) }
}

/** Whether there is anything that `systemctl --user` could ask: with neither socket it only fails. */
const hasUserManager = (runtimeDir: string): boolean =>
  !!process.env.DBUS_SESSION_BUS_ADDRESS ||
  existsSync(path.join(runtimeDir, 'systemd/private')) ||
  existsSync(path.join(runtimeDir, 'bus'))

async function askLaunchd(service: ServiceFile): Promise<Managed | null> {
  const { exitCode, stdout } = await run(
    '/bin/launchctl',
    ['print', `gui/${process.getuid?.() ?? 501}/${service.name}`],
    { timeoutMs: waitMs },
  )
  if (exitCode !== 0) return { running: false, pid: null, detail: clip(`${service.name}: not loaded`) }
  const state = /^\s*state = (.*)$/m.exec(stdout)?.[1]?.trim() ?? ''
  const pid = Number(/^\s*pid = (\d+)$/m.exec(stdout)?.[1] ?? 0)
  const lastExit = /^\s*last exit code = (.*)$/m.exec(stdout)?.[1]?.trim() ?? ''
  return {
    running: state === 'running',
    pid: pid > 0 ? pid : null,
    detail: clip(`${service.name}: ${state}${lastExit === '' ? '' : `, last exit ${lastExit}`}`),
  }
}
