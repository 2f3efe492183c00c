import type { DiffLine } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { counted } from '../base/words.ts'
import { type Difference, named } from './difference.ts'
import type { PartValues } from './parts.ts'

type Keys = PartValues['authorized-keys']
type KeyList = NonNullable<Keys['files'][string]['keys']>
type Key = KeyList['list'][number]

const keyWords = ({ type, fingerprint, comment, options }: Key): string =>
  untrusted([comment || 'no name', type, fingerprint, ...(options ? [`with ${options}`] : [])].join(' · '), 400)

/** Keys of one file that are new, gone or have other options. */
function keyLines(file: string, before: KeyList, after: KeyList): DiffLine[] {
  if (before.digest === after.digest && before.total === after.total) return []
  const byPrint = (list: KeyList) => new Map(list.list.map((key) => [key.fingerprint, key]))
  const [one, other] = [byPrint(before), byPrint(after)]
  const lines = [...new Set([...one.keys(), ...other.keys()])].flatMap((print): DiffLine[] => {
    const [was, is] = [one.get(print), other.get(print)]
    if (was && is && was.options === is.options) return []
    return [{ path: untrusted(file, 300), before: was ? keyWords(was) : null, after: is ? keyWords(is) : null }]
  })
  if (lines.length > 0) return lines
  return before.total === after.total && before.total <= before.list.length
    ? []
    : [{ path: untrusted(file, 300), before: counted(before.total, 'key'), after: counted(after.total, 'key') }]
}

const nothing: KeyList = { list: [], total: 0, digest: '' }

/**
 * Who may log in. A file that nobody could read says nothing; neither does one that could be read now for the first
 * time, or whose user was not known. Another login sees other files: that is no change either.
 */
export function comparedKeys(before: Keys, after: Keys): Difference | null {
  if (before.login !== after.login) return null
  const files = new Set([...Object.keys(before.files), ...Object.keys(after.files)])
  let grown = 0
  const diff = [...files].flatMap((file) => {
    const [was, is] = [before.files[file], after.files[file]]
    if (was?.keys === null || is?.keys === null) return []
    if ((!was && !before.everyone) || (!is && !after.everyone)) return []
    grown += (is?.keys.total ?? 0) - (was?.keys.total ?? 0)
    return keyLines(file, was?.keys ?? nothing, is?.keys ?? nothing)
  })
  if (diff.length === 0) return null
  const added = diff.filter((line) => line.before === null)
  const gone = diff.filter((line) => line.after === null)
  const more = Math.max(0, grown - added.length + gone.length)
  const names = (lines: readonly DiffLine[]) =>
    named(lines.map((line) => (line.after ?? line.before ?? '').split(' · ')[0] ?? ''))
  const sentence =
    added.length > 0
      ? `${counted(added.length + more, 'new login key')}: ${names(added)}`
      : gone.length > 0
        ? `${counted(gone.length, 'login key')} removed: ${names(gone)}`
        : `${counted(diff.length, 'login key')} changed: ${names(diff)}`
  return { part: 'authorized-keys', weight: gone.length === diff.length ? 'attention' : 'red', sentence, diff, more }
}

type LoginKeys = PartValues['login-keys']

export function comparedLoginKeys(before: LoginKeys, after: LoginKeys): Difference | null {
  const words = ({ type, fingerprint, comment }: LoginKeys[number]) =>
    untrusted([type, fingerprint, comment].filter(Boolean).join(' · ') || 'private key', 400)
  const byName = (keys: LoginKeys) => new Map(keys.map((key) => [key.name, words(key)]))
  const [one, other] = [byName(before), byName(after)]
  const diff = changed(one, other)
  if (diff.length === 0) return null
  const added = diff.filter((line) => line.before === null)
  return {
    part: 'login-keys',
    weight: 'attention',
    sentence:
      added.length > 0
        ? `${counted(added.length, 'new key')} of its own: ${named(added.map(({ path }) => path))}`
        : `${counted(diff.length, 'key')} of its own changed: ${named(diff.map(({ path }) => path))}`,
    diff,
  }
}

function changed(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): DiffLine[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => one.get(name) !== other.get(name))
    .map((name) => ({ path: untrusted(name, 200), before: one.get(name) ?? null, after: other.get(name) ?? null }))
}

type Users = PartValues['users']

/** A new administrator, or a user who became one, is red. */
export function comparedUsers(before: Users, after: Users): Difference | null {
  const words = ({ uid, isAdmin }: Users[number]) => `${isAdmin ? 'administrator' : 'user'}, number ${uid}`
  const byName = (users: Users) => new Map(users.map((user) => [user.name, words(user)]))
  const diff = changed(byName(before), byName(after))
  if (diff.length === 0) return null
  const wasAdmin = new Set(before.filter(({ isAdmin }) => isAdmin).map(({ name }) => name))
  const admins = after.filter(({ name, isAdmin }) => isAdmin && !wasAdmin.has(name))
  const added = diff.filter((line) => line.before === null).map(({ path }) => path)
  const gone = diff.filter((line) => line.after === null).map(({ path }) => path)
  const sentence =
    admins.length > 0
      ? `${counted(admins.length, 'new administrator')}: ${named(admins.map(({ name }) => untrusted(name, 100)))}`
      : added.length > 0
        ? `${counted(added.length, 'new user')}: ${named(added)}`
        : gone.length > 0
          ? `${counted(gone.length, 'user')} removed: ${named(gone)}`
          : `${counted(diff.length, 'user')} changed: ${named(diff.map(({ path }) => path))}`
  return { part: 'users', weight: admins.length > 0 ? 'red' : 'attention', sentence, diff }
}

type Tools = PartValues['remote-tools']

/** A way in from afar that appeared is red; a network it joined is worth a look. That a program is not running just now is no change. */
export function comparedTools(before: Tools, after: Tools): Difference | null {
  const had = new Map(before.tools.map((tool) => [tool.name, tool]))
  const has = new Map(after.tools.map((tool) => [tool.name, tool]))
  const words = ({ path, running }: Tools['tools'][number]) =>
    untrusted([path ? `installed: ${path}` : 'not installed', ...(running ? ['running'] : [])].join(', '), 400)
  const added = after.tools.filter(({ name }) => !had.has(name))
  const gone = before.tools.filter(({ name, path }) => !has.has(name) && (path !== '' || after.sawProcesses))
  if (added.length + gone.length === 0) return null
  return {
    part: 'remote-tools',
    weight: added.some(({ kind }) => kind === 'control') ? 'red' : 'attention',
    sentence:
      added.length > 0
        ? `${counted(added.length, 'new way in from afar', 'new ways in from afar')}: ${named(added.map(({ name }) => untrusted(name, 60)))}`
        : `${counted(gone.length, 'way in from afar', 'ways in from afar')} gone: ${named(gone.map(({ name }) => untrusted(name, 60)))}`,
    diff: [
      ...added.map((tool) => ({ path: untrusted(tool.name, 60), before: null, after: words(tool) })),
      ...gone.map((tool) => ({ path: untrusted(tool.name, 60), before: words(tool), after: null })),
    ],
  }
}
