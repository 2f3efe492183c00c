import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { arch, homedir, hostname, platform, release, uptime, userInfo } from 'node:os'
import type { ObservedMachine, Read } from './observed.ts'
import { readEncryption, readSleep, readUserSession } from './read-linux.ts'
import { readLinuxRestart, softwareUpdates } from './read-restart.ts'
import { clip, homeOf, readable, reading, run, Unreadable, unreadable } from './reading.ts'
import { rememberFor } from './remember.ts'

const short = { timeoutMs: 4000 }

/** Settings that change by hand and cost a process each: a program that stays asks again after a while. */
const slowly = rememberFor(10 * 60_000)
const soon = rememberFor(60_000)

/** Runs on a box. The machine itself, whatever runtime it carries. Only reads; each part fails alone. */
export async function observeMachine(): Promise<ObservedMachine> {
  const system = platform()
  const home = homeOf(process.env, homedir)
  const who = login()
  const [osName, session, encryption, sleep, pendingRestart, disk] = await Promise.all([
    slowly('name', () => nameOfSystem(system)),
    soon('session', () => screenSession(system, who.uid)),
    slowly('encryption', () => diskEncryption(system, home)),
    slowly('sleep', () => sleepSettings(system)),
    slowly('restart', () => waitingRestart(system)),
    reading('statfs', () => freeSpace(home)),
  ])
  return {
    hostName: clip(hostname()),
    platform: clip(system, 40),
    osName: clip(osName),
    osRelease: clip(release()),
    arch: clip(arch(), 40),
    nodeVersion: clip(process.version, 60),
    nodePath: clip(process.execPath, 4000),
    user: clip(who.name),
    uid: who.uid,
    home: clip(home, 4000),
    nowMs: Date.now(),
    bootedAtMs: bootTime(),
    session,
    disk,
    encryption,
    sleep,
    pendingRestart,
  }
}

function login(): { name: string; uid: number } {
  try {
    const { username, uid } = userInfo()
    return { name: username, uid }
  } catch {
    return { name: process.env.USER ?? process.env.USERNAME ?? '', uid: process.getuid?.() ?? -1 }
  }
}

/** A container or a stopped clock can report nonsense; that is unknown, not 1970. */
function bootTime(): Read<number> {
  const seconds = uptime()
  if (!(seconds > 0)) return unreadable('The system does not say how long it has been up.', 'os.uptime')
  return readable(Math.round(Date.now() - seconds * 1000), 'os.uptime')
}

function freeSpace(home: string): { freeBytes: number; totalBytes: number } {
  const { bavail, blocks, bsize } = statfsSync(home)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

async function nameOfSystem(system: string): Promise<string> {
  if (system === 'darwin') {
    const { stdout } = await run('/usr/bin/sw_vers', ['-productVersion'], short)
    return `macOS ${stdout.trim()}`.trim()
  }
  if (system === 'linux' && existsSync('/etc/os-release')) {
    const pretty = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))
    return pretty?.[1] ?? 'Linux'
  }
  return system === 'win32' ? `Windows ${release()}` : system
}

async function screenSession(system: string, uid: number): Promise<ObservedMachine['session']> {
  if (system === 'darwin') return reading('/dev/console owner', () => macConsole())
  if (system === 'linux') return reading(`/run/systemd/users/${uid}`, () => readUserSession(uid))
  return unreadable('Not looked at on this system.', system)
}

async function macConsole(): Promise<{ present: boolean; user: string }> {
  const { exitCode, stdout } = await run('/usr/bin/stat', ['-f', '%Su', '/dev/console'], short)
  if (exitCode !== 0) throw new Unreadable('The owner of the screen could not be read.')
  const user = stdout.trim()
  return { present: user !== '' && user !== 'root' && user !== '_windowserver', user: clip(user) }
}

async function diskEncryption(system: string, home: string): Promise<ObservedMachine['encryption']> {
  if (system === 'darwin')
    return reading('fdesetup status', async () => {
      const { exitCode, stdout } = await run('/usr/bin/fdesetup', ['status'], short)
      if (exitCode !== 0) throw new Unreadable('fdesetup gave no answer.')
      return { on: /FileVault is On/i.test(stdout), detail: clip(stdout.trim()) }
    })
  if (system === 'linux') return reading('mountinfo and /sys/class/block', () => readEncryption(home))
  return unreadable('Not looked at on this system.', system)
}

async function sleepSettings(system: string): Promise<ObservedMachine['sleep']> {
  if (system === 'darwin')
    return reading('pmset -g', async () => {
      const { exitCode, stdout } = await run('/usr/bin/pmset', ['-g'], short)
      const minutes = /^\s*sleep\s+(\d+)/m.exec(stdout)?.[1]
      if (exitCode !== 0 || minutes === undefined) throw new Unreadable('pmset gave no answer.')
      return { sleeps: minutes !== '0', detail: minutes === '0' ? 'sleep 0' : `sleep after ${minutes} minutes` }
    })
  if (system === 'linux') return reading('sleep.target and suspend.target', () => readSleep())
  return unreadable('Not looked at on this system.', system)
}

/** Windows Update's own mark, which it removes with the restart it asked for. */
const windowsMark = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired'

async function waitingRestart(system: string): Promise<ObservedMachine['pendingRestart']> {
  if (system === 'linux') return reading('reboot-required and /lib/modules', () => readLinuxRestart(release()))
  if (system === 'darwin')
    return reading('com.apple.SoftwareUpdate.plist', async () => {
      const file = '/Library/Preferences/com.apple.SoftwareUpdate.plist'
      const { exitCode, stdout } = await run('/usr/bin/plutil', ['-convert', 'xml1', '-o', '-', file], short)
      if (exitCode !== 0) throw new Unreadable('The system does not say which updates it found.')
      return softwareUpdates(stdout)
    })
  if (system === 'win32')
    return reading('registry, RebootRequired', async () => {
      const { exitCode } = await run('reg', ['query', windowsMark], short)
      if (exitCode !== 0 && exitCode !== 1) throw new Unreadable('The registry gave no answer.')
      const pending = exitCode === 0
      return { pending, byItself: null, sinceMs: null, detail: pending ? 'Windows Update asked for it' : '' }
    })
  return unreadable('Not looked at on this system.', system)
}
