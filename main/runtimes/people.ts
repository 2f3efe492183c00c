import { homedir, platform, userInfo } from 'node:os'
import type { ObservedPeople } from './observed.ts'
import { authorizedKeyFiles, keyFilePatterns, readAuthorizedKeys, readLoginKeys, sshdConfigTexts } from './read-keys.ts'
import { readLogins } from './read-logins.ts'
import { readRemoteTools } from './read-remote-tools.ts'
import { readUsers } from './read-users.ts'
import { homeOf, reading } from './reading.ts'

/** Runs on a box. Who and what can get into it, as far as this login may read. Only reads; each part fails alone. */
export async function observePeople(): Promise<ObservedPeople> {
  const system = platform()
  const home = homeOf(process.env, homedir)
  const login = { name: loginName(), home }
  const users = await reading(system === 'darwin' ? 'dscl' : '/etc/passwd and /etc/group', () => readUsers(system))
  const others = users.read ? users.value.list.filter(({ name }) => name !== login.name) : []
  const patterns = keyFilePatterns(system === 'win32' ? [] : sshdConfigTexts())
  const [authorizedKeys, loginKeys, logins, remoteTools] = await Promise.all([
    readAuthorizedKeys(authorizedKeyFiles(system, login, others, patterns, process.env.ProgramData)),
    reading(`${home}/.ssh`, () => readLoginKeys(home)),
    reading(system === 'linux' ? '/var/log/wtmp or last' : 'last', () => readLogins(system)),
    reading('usual places and running programs', () => readRemoteTools(system, home)),
  ])
  return { users, authorizedKeys, loginKeys, logins, remoteTools }
}

function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? ''
  }
}
