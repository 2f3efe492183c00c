import { counted, dateWords } from '../base/words.ts'
import type { Observed, ObservedAgent, ObservedPeople } from '../runtimes/observed.ts'
import { fact, type Judged, judgeRead, unread } from './judged.ts'

const named = (names: readonly string[], none: string): string =>
  names.length === 0
    ? none
    : `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`

/** How many keys let somebody in, over all files that could be read. None of these facts judges: what is new does (main/outside). */
function judgeAuthorized({ authorizedKeys }: ObservedPeople): Judged {
  const key = 'keys.authorized'
  const readable = authorizedKeys.flatMap(({ file, user, keys }) => (keys.read ? [{ file, user, ...keys.value }] : []))
  const [unreadable] = authorizedKeys.flatMap(({ keys }) => (keys.read ? [] : [keys]))
  if (readable.length === 0) return unread(key, unreadable?.why ?? 'No such file is known.', unreadable?.source ?? '')
  const total = readable.reduce((sum, file) => sum + file.total, 0)
  const names = readable.flatMap(({ list }) => list.map(({ comment, type }) => comment || type))
  const others = authorizedKeys.length - readable.length
  const besides = others === 0 ? '' : `; ${counted(others, 'file')} of other users not readable`
  return fact(key, {
    verdict: 'ok',
    text: `${counted(total, 'key')}${total === 0 ? '' : `: ${named(names, '')}`}${besides}`,
    value: total,
    source: readable.map(({ file }) => file).join(', '),
    raw: readable.map(({ file, user, list }) => ({ file, user, keys: list })),
  })
}

const judgeLoginKeys = ({ loginKeys }: ObservedPeople): Judged =>
  judgeRead('keys.login', loginKeys, (keys) => ({
    verdict: 'ok',
    text: named(
      keys.map(({ name }) => name),
      'none',
    ),
    value: keys.length,
  }))

const judgeUsers = ({ users }: ObservedPeople): Judged =>
  judgeRead('users.list', users, ({ list }) => ({
    verdict: 'ok',
    text: `${counted(list.length, 'user')}: ${named(
      list.map(({ name, isAdmin }) => (isAdmin ? `${name} (administrator)` : name)),
      '',
    )}`,
    value: list.length,
    raw: list,
  }))

const judgeTools = ({ remoteTools }: ObservedPeople): Judged =>
  judgeRead('remote.tools', remoteTools, ({ tools, sawProcesses }) => ({
    verdict: 'ok',
    text: `${named(
      tools.map(({ name, running, path }) => (running ? `${name} (running)` : path ? name : `${name} (not installed)`)),
      'none found',
    )}${sawProcesses ? '' : '; running programs not seen'}`,
    value: tools.length,
  }))

/** Who and what can get into a machine. Nothing when it was not asked. */
export const judgePeople = ({ people }: Observed): Judged[] =>
  people === null ? [] : [judgeAuthorized(people), judgeLoginKeys(people), judgeUsers(people), judgeTools(people)]

/** What keeps an agent alive, as a file. */
export const judgeUnit = (agent: ObservedAgent): Judged =>
  judgeRead('service.unit', agent.unit, ({ file, modifiedAtMs, text }) => ({
    verdict: 'ok',
    text: file === '' ? 'none' : modifiedAtMs === null ? 'present' : `written ${dateWords(modifiedAtMs)}`,
    value: file === '' ? null : modifiedAtMs,
    raw: file === '' ? '' : `${file}\n${text}`,
  }))
