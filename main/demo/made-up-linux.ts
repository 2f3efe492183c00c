import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Machine } from './machine.ts'

/**
 * What a Linux machine says about itself in files: written below `HOME/.demo/root` when a program starts there, from
 * `system.json` as it then is. The disk has the numbers of no device of its own, because Windows takes no colon in names.
 */
export function writeLinuxFiles(home: string, machine: Machine, uid: number): void {
  if (machine.platform !== 'linux') return
  const root = path.join(home, '.demo/root')
  const put = (name: string, text: string) => {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  put(`run/systemd/users/${uid}`, `NAME=${machine.user}\nSESSIONS=${machine.session === null ? '' : '1'}\n`)
  put(`var/lib/systemd/linger/${machine.user}`, '')
  put(`run/user/${uid}/systemd/private`, '')
  put('proc/self/mountinfo', '26 1 0:26 / / rw - ext4 /dev/mapper/root rw\n')
  put('dev/mapper/root', '')
  put(path.join('sys/class/block', 'root', 'dm/uuid'), machine.encrypted ? 'CRYPT-LUKS2-0-root\n' : 'LVM-0\n')
  put('etc/passwd', ['root:x:0:0:root:/root:/bin/bash', ...machine.users.map(passwdLine(home, machine))].join('\n'))
  const admins = machine.users.filter(({ isAdmin }) => isAdmin).map(({ name }) => name)
  put('etc/group', `root:x:0:\nsudo:x:27:${admins.join(',')}\n`)
  for (const [place, name] of machine.running.entries()) put(`proc/${place + 1}/comm`, `${name}\n`)
  put(`lib/modules/${machine.osRelease}/modules.order`, '')
  for (const unit of ['sleep.target', 'suspend.target']) {
    put(`usr/lib/systemd/system/${unit}`, `[Unit]\nDescription=${unit}\n`)
    const mask = path.join(root, 'etc/systemd/system', unit)
    if (!machine.sleeps) put(`etc/systemd/system/${unit}`, '')
    else if (existsSync(mask)) rmSync(mask)
  }
}

const passwdLine =
  (home: string, machine: Machine) =>
  ({ name, uid }: Machine['users'][number]): string =>
    `${name}:x:${uid}:${uid}::${name === machine.user ? home : `/home/${name}`}:/bin/bash`
