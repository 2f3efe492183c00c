import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { clip, Unreadable } from './reading.ts'

/**
 * Runs on a box. Settings of a Linux system from the files that its own commands read: starting those commands cost
 * more than all the rest of a probe. `root` is `/` except in tests.
 */

/**
 * As `loginctl show-user UID`: logind writes each user it knows to `/run/systemd/users/UID` (sd_uid_get_sessions(3)
 * reads the same file), and who lingers to `/var/lib/systemd/linger/NAME`. A lingering user manager is enough for a
 * user's service; it counts as present.
 * @throws Unreadable with a sentence.
 */
export function readUserSession(uid: number, root = '/'): { present: boolean; user: string } {
  const folder = path.join(root, 'run/systemd/users')
  const text = textOf(path.join(folder, String(uid)))
  if (text === null) {
    if (!existsSync(folder)) throw new Unreadable('This system has no loginctl.')
    throw new Unreadable('loginctl does not know this user.')
  }
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  const user = value('NAME')
  const lingers = user !== '' && !user.includes('/') && existsSync(path.join(root, 'var/lib/systemd/linger', user))
  return { present: lingers || value('SESSIONS') !== '', user: clip(user) }
}

/**
 * As `findmnt --target HOME` and `lsblk -s`: whether the device below the folder, or one that it stands on, is
 * dm-crypt's. Its devices name themselves `CRYPT-…` in `dm/uuid` (libcryptsetup; lsblk takes its type from there).
 * @throws Unreadable with a sentence.
 */
export function readEncryption(home: string, root = '/'): { on: boolean; detail: string } {
  const mount = mountOf(home, root)
  if (mount === null) throw new Unreadable('The device of the home folder could not be found.')
  const device = deviceFolder(mount, root)
  if (device === null) throw new Unreadable('lsblk does not know the device of the home folder.')
  const below = mount.folder === '/' ? '' : `[${mount.folder}]`
  return { on: standsOnCrypt(device, 0), detail: clip(`${mount.source}${below}`) }
}

interface Mount {
  readonly numbers: string
  /** Which folder of the file system is mounted: a subvolume, or what a bind mount shows. */
  readonly folder: string
  readonly source: string
}

/** The mount that a folder is on, of mountinfo (proc_pid_mountinfo(5)); of several on one place the last is on top. */
function mountOf(home: string, root: string): Mount | null {
  const text = textOf(path.join(root, 'proc/self/mountinfo'))
  const real = realOrNull(path.join(root, home))
  if (text === null || real === null) return null
  const place = root === '/' ? real : real.slice(path.resolve(root).length) || '/'
  let found: Mount | null = null
  let length = 0
  for (const line of text.split('\n')) {
    const [before = '', after] = line.split(' - ', 2)
    const [, , numbers, folder, target] = before.split(' ').map(unescapeOctal)
    const source = unescapeOctal(after?.split(' ')[1] ?? '')
    if (numbers === undefined || folder === undefined || target === undefined || target.length < length) continue
    if (target !== '/' && place !== target && !place.startsWith(`${target}/`)) continue
    found = { numbers, folder, source }
    length = target.length
  }
  return found
}

const unescapeOctal = (word: string): string =>
  word.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))

/** The device's folder in sysfs; null: the mount is of no block device. File systems of several devices, such as btrfs, have numbers of their own (`0:N`). */
function deviceFolder({ numbers, source }: Mount, root: string): string | null {
  if (!source.startsWith('/dev/')) return null
  if (!numbers.startsWith('0:')) return realOrNull(path.join(root, 'sys/dev/block', numbers))
  const node = realOrNull(path.join(root, source))
  return node === null ? null : realOrNull(path.join(root, 'sys/class/block', path.basename(node)))
}

/** Deeper than any stack of partitions, RAID, LVM and encryption. */
const deepest = 12

function standsOnCrypt(device: string, depth: number): boolean {
  if (/^CRYPT-/i.test(textOf(path.join(device, 'dm/uuid')) ?? '')) return true
  if (depth >= deepest) return false
  const below = namesIn(path.join(device, 'slaves')).map((name) => realOrNull(path.join(device, 'slaves', name)))
  if (existsSync(path.join(device, 'partition'))) below.push(path.dirname(device))
  return below.some((slave) => slave !== null && standsOnCrypt(slave, depth + 1))
}

/** Where systemd looks for a unit, in order (systemd.unit(5)); what stands first counts. */
const unitFolders = [
  'etc/systemd/system.control',
  'run/systemd/system.control',
  'run/systemd/transient',
  'run/systemd/generator.early',
  'etc/systemd/system',
  'etc/systemd/system.attached',
  'run/systemd/system',
  'run/systemd/system.attached',
  'run/systemd/generator',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
  'run/systemd/generator.late',
]

/**
 * As `systemctl is-enabled sleep.target suspend.target`: masked is a link to `/dev/null`, or an empty file, where the
 * unit is looked for first; for good unless that is below `/run`. Not masked only means that it could sleep: whether
 * it does is a desktop's setting of its own.
 * @throws Unreadable with a sentence.
 */
export function readSleep(root = '/'): { sleeps: boolean; detail: string } {
  const folders = unitFolders.map((folder) => path.join(root, folder)).filter((folder) => existsSync(folder))
  if (folders.length === 0) throw new Unreadable('This system has no systemctl.')
  const states = ['sleep.target', 'suspend.target'].map((unit) => unitState(unit, folders, root))
  if (states.every((state) => state === 'masked')) return { sleeps: false, detail: 'sleep and suspend are masked' }
  if (states.every((state) => state === 'unknown')) throw new Unreadable('systemctl gave no answer.')
  throw new Unreadable('Sleep is possible; nothing says when.')
}

function unitState(unit: string, folders: readonly string[], root: string): 'masked' | 'possible' | 'unknown' {
  for (const folder of folders) {
    const file = path.join(folder, unit)
    const isMask = maskAt(file)
    if (isMask === null) continue
    if (!isMask) return 'possible'
    return folder.startsWith(path.join(root, 'run')) ? 'unknown' : 'masked'
  }
  return 'unknown'
}

/** Null: nothing is there. */
function maskAt(file: string): boolean | null {
  try {
    const found = lstatSync(file)
    return found.isSymbolicLink() ? readlinkSync(file) === '/dev/null' : found.isFile() && found.size === 0
  } catch {
    return null
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function realOrNull(file: string): string | null {
  try {
    return realpathSync(file)
  } catch {
    return null
  }
}
