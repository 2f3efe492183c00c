import { statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedPeople } from './observed.ts'
import { clip, readPlainFile, run, Unreadable } from './reading.ts'

type Users = Extract<ObservedPeople['users'], { read: true }>['value']
type User = Users['list'][number]

const largest = 2_000_000
const mostUsers = 200
/** Groups whose members may do everything. */
const adminGroups = new Set(['root', 'sudo', 'wheel', 'admin'])

/** Runs on a box. Users a person could log in as. @throws Unreadable, or the file system's own error. */
export async function readUsers(system: string): Promise<Users> {
  if (system === 'linux') return readLinuxUsers('/')
  if (system === 'darwin') return readMacUsers()
  throw new Unreadable('Not looked at on this system.')
}

/** @param root `/` except in tests. */
export function readLinuxUsers(root: string): Users {
  const file = path.join(root, 'etc/passwd')
  const groups = path.join(root, 'etc/group')
  const text = readPlainFile(file, largest).bytes.toString('utf8')
  const list = linuxUsers(text, readPlainFile(groups, largest).bytes.toString('utf8'))
  return { list, modifiedAtMs: Math.round(Math.max(statSync(file).mtimeMs, statSync(groups).mtimeMs)) }
}

/** From the text of passwd(5) and group(5): people, the superuser, and whatever else has a shell. */
export function linuxUsers(passwd: string, group: string): User[] {
  const admins = new Set<string>()
  const adminNumbers = new Set<string>()
  for (const [name = '', , gid = '', members = ''] of fields(group)) {
    if (!adminGroups.has(name)) continue
    adminNumbers.add(gid)
    for (const member of members.split(',')) admins.add(member.trim())
  }
  return fields(passwd)
    .flatMap(([name = '', , uid = '', gid = '', , home = '', shell = '']) => {
      if (name === '' || !/^\d+$/.test(uid) || !isPerson(Number(uid), shell)) return []
      const isAdmin = uid === '0' || admins.has(name) || adminNumbers.has(gid)
      return [{ name: clip(name, 100), uid: Number(uid), home: clip(home), isAdmin }]
    })
    .sort(byNumber)
    .slice(0, mostUsers)
}

const byNumber = (a: User, b: User): number => a.uid - b.uid || (a.name < b.name ? -1 : 1)

const fields = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'))

const nobody = 65534

function isPerson(uid: number, shell: string): boolean {
  if (uid === nobody) return false
  return uid === 0 || uid >= 1000 || !/\/(nologin|false|sync|halt|shutdown|true)$/.test(shell || '/bin/sh')
}

/** macOS keeps users where only root reads; `dscl` tells them to anybody. */
async function readMacUsers(): Promise<Users> {
  const [users, admins] = await Promise.all([
    run('/usr/bin/dscl', ['.', '-list', '/Users', 'UniqueID'], { timeoutMs: 4000 }),
    run('/usr/bin/dscl', ['.', '-read', '/Groups/admin', 'GroupMembership'], { timeoutMs: 4000 }),
  ])
  if (users.exitCode !== 0) throw new Unreadable('dscl gave no answer.')
  if (admins.exitCode !== 0) throw new Unreadable('dscl does not say who is an administrator.')
  return { list: macUsers(users.stdout, admins.stdout), modifiedAtMs: null }
}

/** From what `dscl . -list /Users UniqueID` and `dscl . -read /Groups/admin GroupMembership` print. */
export function macUsers(list: string, admins: string): User[] {
  const members = new Set(admins.replace(/^\s*GroupMembership:/, '').split(/\s+/))
  return list
    .split('\n')
    .flatMap((line) => {
      const [, name = '', number = ''] = /^(\S+)\s+(-?\d+)\s*$/.exec(line) ?? []
      const uid = Number(number)
      if (name === '' || name.startsWith('_') || !(uid === 0 || uid >= 500)) return []
      return [
        {
          name: clip(name, 100),
          uid,
          home: uid === 0 ? '/var/root' : clip(`/Users/${name}`),
          isAdmin: uid === 0 || members.has(name),
        },
      ]
    })
    .sort(byNumber)
    .slice(0, mostUsers)
}
