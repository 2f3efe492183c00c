import path from 'node:path'

/** What a system is told so that a change goes back after a restart of the box. */
export interface BootJob {
  /** In words that follow "after a restart it goes back by". */
  readonly name: string
  readonly file: string
  /** UTF-16 with a mark on Windows: its scheduler reads nothing else. */
  readonly encoding: 'utf8' | 'utf16le'
  readonly text: string
  /** Commands in order; the last is run as soon as it is installed, where the job itself has to hold the timer. */
  readonly install: readonly (readonly string[])[]
  readonly remove: readonly (readonly string[])[]
}

export interface BootJobFor {
  readonly platform: string
  readonly id: string
  readonly home: string
  readonly user: string
  readonly uid: number
  readonly node: string
  /** The program that takes it back, and the folder of the change. */
  readonly program: string
  readonly folder: string
  /** Linux: services of this user run without a login. */
  readonly lingers: boolean
}

/**
 * The job for this system; null: it has none that would run. Linux was seen; LaunchAgent and scheduled task are made by
 * their documentation and were never seen on a real machine. Pure.
 */
export function bootJobFor(job: BootJobFor): BootJob | null {
  if (job.platform === 'linux') return job.lingers ? systemdJob(job) : null
  if (job.platform === 'darwin') return launchAgent(job)
  return job.platform === 'win32' ? scheduledTask(job) : null
}

/** A word of an `ExecStart`: quoted; `%` and `$` stand for themselves when doubled (systemd.service, systemd.unit). */
const unitWord = (word: string): string =>
  `"${word
    .replace(/[\\"]/g, (sign) => `\\${sign}`)
    .replace(/%/g, '%%')
    .replace(/\$/g, '$$$$')}"`

function systemdJob({ id, home, node, program, folder }: BootJobFor): BootJob {
  const unit = `wheelhouse-revert-${id}.service`
  const user = ['systemctl', '--user']
  return {
    name: 'a service of the user (systemd)',
    file: path.posix.join(home, '.config/systemd/user', unit),
    encoding: 'utf8',
    text: [
      '[Unit]',
      `Description=Takes back the Wheelhouse change ${id}`,
      '[Service]',
      'Type=oneshot',
      `ExecStart=${[node, program, folder, 'boot'].map(unitWord).join(' ')}`,
      '[Install]',
      'WantedBy=default.target',
      '',
    ].join('\n'),
    install: [
      [...user, 'daemon-reload'],
      [...user, 'enable', unit],
    ],
    remove: [
      [...user, 'disable', unit],
      [...user, 'daemon-reload'],
    ],
  }
}

const xml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

function launchAgent({ id, home, uid, node, program, folder }: BootJobFor): BootJob {
  const label = `wheelhouse.revert.${id}`
  const file = path.posix.join(home, 'Library/LaunchAgents', `${label}.plist`)
  const words = [node, program, folder, 'boot'].map((word) => `    <string>${xml(word)}</string>`)
  return {
    name: 'a launch agent',
    file,
    encoding: 'utf8',
    text: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
      '<plist version="1.0"><dict>',
      `  <key>Label</key><string>${label}</string>`,
      '  <key>ProgramArguments</key><array>',
      ...words,
      '  </array>',
      '  <key>RunAtLoad</key><true/>',
      '  <key>AbandonProcessGroup</key><true/>',
      '</dict></plist>',
      '',
    ].join('\n'),
    // Written alone it runs at the next login: loaded now it would run at once.
    install: [],
    remove: [['/bin/launchctl', 'bootout', `gui/${uid}/${label}`]],
  }
}

function scheduledTask({ id, user, node, program, folder }: BootJobFor): BootJob {
  const name = `Wheelhouse\\revert-${id}`
  const file = path.win32.join(folder, 'task.xml')
  const words = [program, folder, 'task'].map((word) => `&quot;${xml(word)}&quot;`).join(' ')
  return {
    name: 'a scheduled task',
    file,
    encoding: 'utf16le',
    text: [
      '<?xml version="1.0" encoding="UTF-16"?>',
      '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
      '  <Triggers><BootTrigger /></Triggers>',
      `  <Principals><Principal id="Author"><UserId>${xml(user)}</UserId><LogonType>S4U</LogonType>` +
        '<RunLevel>HighestAvailable</RunLevel></Principal></Principals>',
      '  <Settings><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>' +
        '<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries><StartWhenAvailable>true</StartWhenAvailable>' +
        '<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>' +
        '<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy></Settings>',
      `  <Actions><Exec><Command>${xml(node)}</Command><Arguments>${words}</Arguments></Exec></Actions>`,
      '</Task>',
      '',
    ].join('\r\n'),
    // The session's own processes end with it there: the task holds the timer too.
    install: [
      ['schtasks', '/Create', '/TN', name, '/XML', file, '/F'],
      ['schtasks', '/Run', '/TN', name],
    ],
    remove: [['schtasks', '/Delete', '/TN', name, '/F']],
  }
}
