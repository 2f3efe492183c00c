import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEncryption, readSleep, readUserSession } from './read-linux.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'wh-linux-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(name: string, text = ''): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  writeFileSync(path.join(root, name), text)
}
function link(name: string, target: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  symlinkSync(target, path.join(root, name))
}

describe('the session of a user', () => {
  const known = (sessions: string) => put('run/systemd/users/1000', `NAME=dana\nSTATE=active\nSESSIONS=${sessions}\n`)

  it.each([
    ['has sessions', '3 c1', false, true],
    ['only lingers', '', true, true],
    ['is leaving: known, with neither', '', false, false],
  ])('%s', (_case, sessions, lingers, present) => {
    known(sessions)
    if (lingers) put('var/lib/systemd/linger/dana')
    expect(readUserSession(1000, root)).toEqual({ present, user: 'dana' })
  })

  it('is unread for a user logind does not know, and without logind, linger file or not', () => {
    put('var/lib/systemd/linger/dana')
    expect(() => readUserSession(1000, root)).toThrow('This system has no loginctl.')
    put('run/systemd/users/0', 'NAME=root\nSESSIONS=1\n')
    expect(() => readUserSession(1000, root)).toThrow('loginctl does not know this user.')
  })
})

describe('the encryption of the disk of a folder', () => {
  beforeEach(() => mkdirSync(path.join(root, 'home/dana'), { recursive: true }))
  const mounts = (...lines: string[]) => put('proc/self/mountinfo', `${lines.join('\n')}\n`)
  const device = (folder: string, uuid = '') => {
    mkdirSync(path.join(root, 'sys/devices', folder), { recursive: true })
    if (uuid !== '') put(`sys/devices/${folder}/dm/uuid`, `${uuid}\n`)
    const name = path.basename(folder)
    link(`sys/class/block/${name}`, path.join(root, 'sys/devices', folder))
  }
  const number = (numbers: string, folder: string) =>
    link(`sys/dev/block/${numbers}`, path.join(root, 'sys/devices', folder))
  const stands = (upper: string, lower: string) =>
    link(`sys/devices/${upper}/slaves/${path.basename(lower)}`, path.join(root, 'sys/devices', lower))

  it('a partition of a plain disk', () => {
    mounts('26 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw')
    device('sda/sda2')
    put('sys/devices/sda/sda2/partition', '2\n')
    number('8:2', 'sda/sda2')
    expect(readEncryption('/home/dana', root)).toEqual({ on: false, detail: '/dev/sda2' })
  })

  it('a logical volume on LUKS on a partition', () => {
    mounts('26 1 254:1 / / rw - ext4 /dev/mapper/vg-root rw')
    device('dm-1', 'LVM-abc')
    device('dm-0', 'CRYPT-LUKS2-abc-luks')
    number('254:1', 'dm-1')
    stands('dm-1', 'dm-0')
    expect(readEncryption('/home/dana', root)).toEqual({ on: true, detail: '/dev/mapper/vg-root' })
  })

  it('a partition of an encrypted disk', () => {
    mounts('26 1 254:1 / / rw - ext4 /dev/mapper/disk1 rw')
    device('dm-0', 'CRYPT-PLAIN-disk')
    device('dm-0/part1', 'part1-CRYPT-PLAIN-disk')
    put('sys/devices/dm-0/part1/partition', '1\n')
    number('254:1', 'dm-0/part1')
    expect(readEncryption('/home/dana', root).on).toBe(true)
  })

  it('a btrfs subvolume, whose mount has no numbers of a device', () => {
    mounts('26 1 0:24 /@home /home rw - btrfs /dev/mapper/luks rw', '20 1 8:1 / / rw - ext4 /dev/sda1 rw')
    device('dm-0', 'CRYPT-LUKS1-abc-luks')
    put('dev/dm-0')
    link('dev/mapper/luks', '../dm-0')
    expect(readEncryption('/home/dana', root)).toEqual({ on: true, detail: '/dev/mapper/luks[/@home]' })
  })

  it('takes the nearest mount, of two on one place the upper, and no folder that only begins alike', () => {
    mounts(
      '20 1 8:1 / / rw - ext4 /dev/sda1 rw',
      '21 20 8:3 / /home rw - ext4 /dev/sda3 rw',
      '22 20 8:4 / /home rw - ext4 /dev/sda4 rw',
      '23 20 8:5 / /home/dan rw - ext4 /dev/sda5 rw',
    )
    for (const name of ['sda1', 'sda3', 'sda4', 'sda5']) device(name)
    number('8:4', 'sda4')
    expect(readEncryption('/home/dana', root).detail).toBe('/dev/sda4')
  })

  it('follows a home that is a link, to a mount with a space in its name', () => {
    mkdirSync(path.join(root, 'big disk/dana'), { recursive: true })
    link('home/link', path.join(root, 'big disk/dana'))
    mounts('20 1 8:1 / / rw - ext4 /dev/sda1 rw', '21 20 8:2 / /big\\040disk rw - ext4 /dev/sda2 rw')
    device('sda2')
    number('8:2', 'sda2')
    expect(readEncryption('/home/link', root).detail).toBe('/dev/sda2')
  })

  it.each([
    ['an overlay', '26 1 0:40 / / rw - overlay overlay rw'],
    ['a network file system', '26 1 0:41 / / rw - nfs4 nas:/home rw'],
    ['a device that sysfs does not show', '26 1 8:9 / / rw - ext4 /dev/sda9 rw'],
  ])('is unread on %s', (_case, line) => {
    mounts(line)
    expect(() => readEncryption('/home/dana', root)).toThrow('lsblk does not know the device of the home folder.')
  })

  it('is unread where nothing is mounted, and for a home that is not there', () => {
    expect(() => readEncryption('/home/dana', root)).toThrow('The device of the home folder could not be found.')
    mounts('26 1 8:2 / / rw - ext4 /dev/sda2 rw')
    expect(() => readEncryption('/home/nobody', root)).toThrow('The device of the home folder could not be found.')
  })

  it('ends on devices that stand on each other', () => {
    mounts('26 1 254:0 / / rw - ext4 /dev/dm-0 rw')
    device('dm-0', 'LVM-a')
    device('dm-1', 'LVM-b')
    stands('dm-0', 'dm-1')
    stands('dm-1', 'dm-0')
    number('254:0', 'dm-0')
    expect(readEncryption('/home/dana', root).on).toBe(false)
  })
})

describe('sleep', () => {
  const shipped = () => {
    put('usr/lib/systemd/system/sleep.target', '[Unit]\n')
    put('usr/lib/systemd/system/suspend.target', '[Unit]\n')
  }
  const possible = 'Sleep is possible; nothing says when.'

  it.each([
    ['both masked', ['etc/systemd/system/sleep.target', 'etc/systemd/system/suspend.target'], null],
    ['one masked', ['etc/systemd/system/sleep.target'], possible],
    ['neither masked', [], possible],
    [
      'masked until the next start only',
      ['run/systemd/system/sleep.target', 'run/systemd/system/suspend.target'],
      'systemctl gave no answer.',
    ],
  ])('%s', (_case, masks, sentence) => {
    shipped()
    for (const mask of masks) link(mask, '/dev/null')
    if (sentence !== null) expect(() => readSleep(root)).toThrow(sentence)
    else expect(readSleep(root)).toEqual({ sleeps: false, detail: 'sleep and suspend are masked' })
  })

  it('is masked by empty files too, and not by a mask below a file of its own', () => {
    shipped()
    put('etc/systemd/system/sleep.target')
    put('etc/systemd/system/suspend.target')
    expect(readSleep(root).sleeps).toBe(false)
    put('etc/systemd/system.control/sleep.target', '[Unit]\n')
    expect(() => readSleep(root)).toThrow(possible)
  })

  it('is possible where a unit is a link to another file', () => {
    shipped()
    link('etc/systemd/system/sleep.target', '/nix/store/x/sleep.target')
    link('etc/systemd/system/suspend.target', '/nix/store/x/suspend.target')
    expect(() => readSleep(root)).toThrow(possible)
  })

  it('is unread without systemd, and where it has no such unit', () => {
    expect(() => readSleep(root)).toThrow('This system has no systemctl.')
    mkdirSync(path.join(root, 'etc/systemd/system'), { recursive: true })
    expect(() => readSleep(root)).toThrow('systemctl gave no answer.')
  })
})
