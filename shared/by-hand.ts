import type { Agent, Fact, FactKey } from './contract/index.ts'
import { cmdWord, shellWord } from './shell.ts'

/** How an operator sees a fact with their own eyes, in a terminal. */
export interface ByHand {
  /** What runs on the machine, in the words of its shell. */
  remote: string
  /** `cmd`: the machine is a Windows one; nobody has run these forms on a real one yet. */
  shell: 'sh' | 'cmd'
  /** Where it prints something else than the fact reads: which of the two is which. Text of a box is in it. */
  note: string
}

/** Where things are on a machine, as its own facts say. Everything here came from a box. */
export interface Whereabouts {
  windows: boolean
  mac: boolean
  /** Its Node, as a path. */
  node: string
  stateDir: string
  profile: string
  configPath: string
  installRoot: string
  isGit: boolean
  port: number
  service: string
  /** How the runtime keeps what was said: `session files`, or a database. */
  activitySource: string
}

const usualPort = 18789

function fields(raw: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(raw)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A path from the root of the file system, of either kind; else empty. */
const pathOr = (text: string): string => (/^(\/|[A-Za-z]:[\\/]|~\/)/.test(text) ? text : '')

/** Puts together where things are from the facts of one machine and the agent a fact is about. */
export function whereabouts(fact: Fact, facts: readonly Fact[], agents: readonly Agent[]): Whereabouts {
  const agent = agents.find(({ agentId }) => agentId === fact.agentId)
  const of = (key: FactKey): Fact | undefined =>
    facts.find((each) => each.key === key && (each.agentId === null || each.agentId === fact.agentId))
  const install = fields(of('version.install')?.evidence.raw ?? '')
  const service = of('agent.service')
  const port = Number(fields(service?.evidence.raw ?? '').port)
  return {
    windows: of('system.os')?.value === 'win32',
    mac: of('system.os')?.value === 'darwin',
    node: pathOr(of('system.node')?.evidence.source ?? ''),
    stateDir: pathOr(agent?.stateDir ?? ''),
    profile: agent?.profile ?? 'default',
    configPath: pathOr(of('config.hash')?.evidence.source ?? ''),
    installRoot: pathOr(textOf(install.root)),
    isGit: install.kind === 'git',
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : usualPort,
    service: textOf(service?.value),
    activitySource: textOf(fields(of('activity.reply')?.evidence.raw ?? '').source),
  }
}

type Build = (at: Whereabouts, fact: Fact) => string | null

/** The words of a command, each as one word of the shell. Null where one of them is not known. */
const sh = (...words: string[]): string | null => (words.includes('') ? null : words.map(shellWord).join(' '))

const after = (folder: string, name: string): string =>
  folder === '' ? '' : `${folder.replace(/[\\/]+$/, '')}/${name}`

const git = (at: Whereabouts, ...args: string[]): string | null =>
  sh('git', '-c', 'core.fsmonitor=false', '--no-pager', '-C', at.installRoot, ...args)

const answerOf = (at: Whereabouts, route: string): string => `curl -sS -m 5 http://127.0.0.1:${at.port}${route}`

/**
 * One short reading of the runtime's database. `immutable` leaves no file beside it, so what the runtime has not yet
 * put into the main file is not seen.
 */
function query(file: string, sql: string): string | null {
  if (file === '') return null
  const uri = `file:${file.split('/').map(encodeURIComponent).join('/')}?immutable=1`
  return sh('sqlite3', '-readonly', uri, sql)
}

const state = (at: Whereabouts): string => after(at.stateDir, 'state/openclaw.sqlite')
const when = (column: string): string => `datetime(${column}/1000,'unixepoch','localtime')`

/** Lines of the config that begin a setting of these names; the values of none of them is a secret. */
const settings = (at: Whereabouts, ...names: string[]): string | null =>
  sh('grep', '-nE', `"?(${names.join('|')})"?[[:space:]]*:`, at.configPath)

function serviceState(at: Whereabouts): string | null {
  const suffix = at.profile === 'default' ? '' : `-${at.profile}`
  if (at.service === 'launchd' || at.mac) {
    const label = at.profile === 'default' ? 'ai.openclaw.gateway' : `ai.openclaw.${at.profile}`
    return `launchctl print gui/$(id -u)/${shellWord(label)}`
  }
  if (at.service === 'systemd')
    return `XDG_RUNTIME_DIR=/run/user/$(id -u) systemctl --user --no-pager status ${shellWord(`openclaw-gateway${suffix}.service`)}`
  return 'pgrep -fl openclaw'
}

function exchanges(at: Whereabouts): string | null {
  if (at.activitySource === 'session files')
    return at.stateDir === '' ? null : `ls -lt ${shellWord(at.stateDir)}/agents/*/sessions`
  return query(
    state(at),
    `select ${when('received_at')}, channel_id, status from channel_ingress_events order by received_at desc limit 10`,
  )
}

const runs: Build = (at) =>
  at.activitySource === 'session files'
    ? exchanges(at)
    : query(
        state(at),
        `select ${when('occurred_at')}, action, status from audit_events where kind = 'agent_run' order by occurred_at desc limit 10`,
      )

const toolRuns: Build = (at) =>
  at.activitySource === 'session files'
    ? exchanges(at)
    : query(
        state(at),
        `select ${when('occurred_at')}, tool_name, status from audit_events where action = 'tool.action.finished' order by occurred_at desc limit 20`,
      )

const versionOnDisk: Build = (at) => sh('grep', '-m1', '"version"', after(at.installRoot, 'package.json'))

/** By hand on a Mac or Linux. What is not here is known without the machine: a version on the registry, say. */
const posix: Partial<Record<string, Build>> = {
  'reach.answers': () => 'uptime',
  'reach.login': () => 'id',
  'system.os': (at) => (at.mac ? 'sw_vers' : 'uname -srm; cat /etc/os-release'),
  'system.node': (at) => sh(at.node || 'node', '--version'),
  'system.boot': () => 'uptime',
  'system.session': (at) => (at.mac ? 'stat -f %Su /dev/console' : 'loginctl show-user "$(id -un)"'),
  'system.disk': () => 'df -h ~',
  'system.encryption': (at) => (at.mac ? 'fdesetup status' : 'lsblk -o NAME,TYPE,MOUNTPOINT'),
  'system.clock': () => 'date -u',
  'system.sleep': (at) => (at.mac ? 'pmset -g' : 'systemctl is-enabled sleep.target suspend.target'),
  'system.restart': (at) =>
    at.mac
      ? 'defaults read /Library/Preferences/com.apple.SoftwareUpdate RecommendedUpdates'
      : 'uname -r; ls -ld /run/reboot-required /lib/modules/*',
  'version.disk': versionOnDisk,
  'version.running': (at) => answerOf(at, '/startupz'),
  'version.gap': (at, fact) =>
    at.isGit ? git(at, 'rev-list', '--left-right', '--count', 'HEAD...@{upstream}') : versionOnDisk(at, fact),
  'version.days': (at, fact) => (at.isGit ? git(at, 'show', '-s', '--format=%cI', 'HEAD') : versionOnDisk(at, fact)),
  'version.install': (at) => sh('ls', '-la', at.installRoot),
  'version.channel': (at) => settings(at, 'update', 'channel'),
  'version.commit': (at) => git(at, 'log', '-1', '--oneline', '--decorate'),
  'version.built': (at) => sh('cat', after(at.installRoot, 'dist/build-info.json')),
  'version.fetched': (at) => sh('ls', '-l', after(at.installRoot, '.git/FETCH_HEAD')),
  'version.patches': (at) =>
    at.isGit
      ? git(at, 'status', '--porcelain', '--untracked-files=no')
      : sh('find', at.installRoot, '-type', 'f', '-newer', after(at.installRoot, 'package.json')),
  'version.update': (at) =>
    query(
      state(at),
      `select ${when('created_at_ms')}, status, phase, reason from update_runs order by created_at_ms desc limit 5`,
    ),
  'agent.service': serviceState,
  'agent.model': runs,
  'agent.ready': (at) => answerOf(at, '/readyz'),
  'agent.crashes': (at) =>
    query(
      state(at),
      `select ${when('started_at_ms')}, outcome, reason from gateway_boot_lifecycle order by started_at_ms desc limit 10`,
    ),
  'config.valid': (at) =>
    at.node === '' || at.installRoot === '' || at.configPath === '' || at.stateDir === ''
      ? null
      : sh(
          'env',
          `OPENCLAW_STATE_DIR=${at.stateDir}`,
          `OPENCLAW_CONFIG_PATH=${at.configPath}`,
          at.node,
          after(at.installRoot, 'openclaw.mjs'),
          'config',
          'validate',
          '--json',
        ),
  'config.applied': (at) =>
    query(
      state(at),
      `select ${when('created_at')}, json_extract(payload_json, '$.rawHash') from diagnostic_events where scope = 'config-snapshot'`,
    ),
  'config.hash': (at) => (at.mac ? sh('shasum', '-a', '256', at.configPath) : sh('sha256sum', at.configPath)),
  'config.changed': (at) => sh('ls', '-l', at.configPath),
  'channel.connected': (at) => answerOf(at, '/readyz'),
  'channel.suppressed': (at) => answerOf(at, '/readyz'),
  'channel.permission': () =>
    'grep -ihE "authorization denied|unable to open database|-1743" ~/Library/Logs/openclaw/*.log | tail -n 5',
  'channel.queue': exchanges,
  'access.answers': (at) => settings(at, 'dmPolicy', 'allowFrom', 'groupPolicy', 'groupAllowFrom'),
  'activity.inbound': exchanges,
  'activity.reply': runs,
  'activity.unanswered': exchanges,
  'activity.failures': runs,
  'integration.email': toolRuns,
  'integration.calendar': toolRuns,
  'integration.crm': toolRuns,
  'integration.other': toolRuns,
  'backup.last': (at) =>
    query(state(at), `select ${when('created_at')}, status from backup_runs order by created_at desc limit 5`),
}

const cmd = (...words: string[]): string | null => {
  const quoted = words.map(cmdWord)
  return words.includes('') || quoted.includes(null) ? null : quoted.join(' ')
}
const windowsPath = (folder: string, name: string): string => after(folder, name).replaceAll('/', '\\')

/** By hand on Windows, whose OpenSSH starts cmd unless it was told otherwise. */
const windows: Partial<Record<string, Build>> = {
  'reach.answers': () => 'ver',
  'reach.login': () => 'whoami',
  'system.os': () => 'ver',
  'system.node': (at) => cmd(at.node || 'node', '--version'),
  'system.boot': () => 'systeminfo | findstr /c:"Boot Time"',
  'system.session': () => 'query user',
  'system.disk': () => 'fsutil volume diskfree c:',
  'system.encryption': () => 'manage-bde -status c:',
  'system.clock': () => 'w32tm /query /status',
  'system.sleep': () => 'powercfg /query SCHEME_CURRENT SUB_SLEEP',
  'system.restart': () =>
    'reg query "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired"',
  'version.disk': (at) => cmd('findstr', 'version', windowsPath(at.installRoot, 'package.json')),
  'version.running': (at) => answerOf(at, '/startupz'),
  'version.install': (at) => cmd('dir', at.installRoot.replaceAll('/', '\\')),
  'agent.service': (at) =>
    cmd(
      'schtasks',
      '/query',
      '/tn',
      at.profile === 'default' ? 'OpenClaw Gateway' : `OpenClaw Gateway (${at.profile})`,
    ),
  'agent.ready': (at) => answerOf(at, '/readyz'),
  'config.hash': (at) => cmd('certutil', '-hashfile', at.configPath.replaceAll('/', '\\'), 'SHA256'),
  'config.changed': (at) => cmd('dir', at.configPath.replaceAll('/', '\\')),
  'channel.connected': (at) => answerOf(at, '/readyz'),
  'channel.suppressed': (at) => answerOf(at, '/readyz'),
  'access.answers': (at) => cmd('findstr', 'dmPolicy allowFrom groupPolicy', at.configPath.replaceAll('/', '\\')),
}

/** The file that said so, where nothing better is known: when it was written and by whom. */
const fileOf = (fact: Fact, isWindows: boolean): string | null => {
  const file = pathOr(fact.evidence.source)
  return isWindows ? cmd('dir', file) : sh('ls', '-ld', file)
}

const shortHash = 12

/** What the command prints, where that is not what the fact reads. */
const notes: Partial<Record<string, (fact: Fact) => string>> = {
  'config.hash': ({ text, evidence }) => {
    const whole = textOf(fields(evidence.raw).sha256).slice(0, shortHash)
    return whole === ''
      ? ''
      : `It prints ${whole}…, the sha256 of the whole file; ${text} is the fingerprint of its settings alone, which leaves out what the runtime stamps there and takes this console’s own key.`
  },
}

/** What shows a fact by hand on its machine; null where the machine cannot show it. Nothing a box said is a shell's word raw. */
export function byHand(fact: Fact, at: Whereabouts): ByHand | null {
  const build = (at.windows ? windows : posix)[fact.key]
  const remote = build ? build(at, fact) : fileOf(fact, at.windows)
  return remote === null ? null : { remote, shell: at.windows ? 'cmd' : 'sh', note: notes[fact.key]?.(fact) ?? '' }
}

/** The whole line for a terminal here: the ssh command of the machine, and what runs there as one word. */
export const sshLine = (sshCommand: string, { remote }: Pick<ByHand, 'remote'>): string =>
  `${sshCommand} ${shellWord(remote)}`
