import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedKey, ObservedPeople } from './observed.ts'
import { clip, reading, readPlainFile } from './reading.ts'
import { maskText } from './secret-text.ts'

type KeyFile = ObservedPeople['authorizedKeys'][number]
type KeyList = Extract<KeyFile['keys'], { read: true }>['value']
type LoginKeys = Extract<ObservedPeople['loginKeys'], { read: true }>['value']
interface User {
  readonly name: string
  readonly home: string
}

const largest = 8_000_000
const mostKeys = 200
const mostFiles = 40
/** Of all files together; beyond it their number and hash tell that something changed. */
const mostListed = 500
const mostLines = 50_000

const keyType =
  /^(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d{3}|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)(?:-cert-v0\d@openssh\.com)?$/

/**
 * One line of an authorized_keys file or of a `.pub` file (sshd(8)); null: it holds no key. A comment or an option may
 * hold a secret: such words are masked.
 */
export function parseKey(line: string): ObservedKey | null {
  const found = partsOf(line)
  if (found === null) return null
  const { trimmed, end, type, blob, comment } = found
  const bytes = Buffer.from(blob, 'base64')
  return {
    type: clip(type, 60),
    fingerprint: `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`,
    comment: clip(masked(comment.join(' ')), 120),
    options: clip(masked(trimmed.slice(0, end).trim())),
  }
}

function partsOf(line: string) {
  const trimmed = line.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return null
  const first = trimmed.split(/\s/, 1)[0] ?? ''
  const end = keyType.test(first) ? 0 : endOfOptions(trimmed)
  const [type = '', blob = '', ...comment] = trimmed.slice(end).trim().split(/\s+/)
  if (!keyType.test(type) || !/^[A-Za-z0-9+/]{16,}={0,3}$/.test(blob)) return null
  return { trimmed, end, type, blob, comment }
}

/** The bytes of a line's key, base64; null: it holds none. */
export const blobOfLine = (line: string): string | null => partsOf(line)?.blob ?? null

/** What stands before a line's key, such as `from="10.0.0.0/8"`; empty: nothing. */
export const optionsOfLine = (line: string): string => {
  const found = partsOf(line)
  return found === null ? '' : found.trimmed.slice(0, found.end).trim()
}

const masked = (text: string): string => maskText(text, [], () => '(a secret)')

/** Options end at the first white space outside quotes. */
function endOfOptions(line: string): number {
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at++
    else if (line[at] === '"') isQuoted = !isQuoted
    else if (!isQuoted && /\s/.test(line[at] ?? '')) return at
  }
  return line.length
}

/** All keys of such a file; beyond the first 200 only their number and the hash of all. */
export function parseKeys(text: string): Pick<KeyList, 'list' | 'total' | 'digest'> {
  const keys = text
    .split('\n', mostLines)
    .map((line) => parseKey(line))
    .filter((key) => key !== null)
  const prints = keys.map(({ fingerprint, options }) => `${fingerprint} ${options}`).sort()
  const digest = createHash('sha256').update(prints.join('\n')).digest('hex')
  return { list: keys.slice(0, mostKeys), total: keys.length, digest }
}

/** Where sshd looks by default (sshd_config(5), AuthorizedKeysFile). */
export const usualKeyFiles: readonly string[] = ['.ssh/authorized_keys', '.ssh/authorized_keys2']

/** `AuthorizedKeysFile` of the texts of sshd's config in the order in which it reads them: the first that says so counts. What a `Match` block says is for some logins only, and not looked at. */
export function keyFilePatterns(texts: readonly string[]): readonly string[] {
  for (const text of texts) {
    for (const line of text.split('\n')) {
      const [, name = '', rest = ''] = /^\s*([A-Za-z]+)[\s=]+(.*?)\s*$/.exec(line) ?? []
      if (/^match$/i.test(name)) break
      if (!/^authorizedkeysfile$/i.test(name)) continue
      const patterns = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
      return patterns.filter((pattern) => pattern !== 'none').slice(0, 4)
    }
  }
  return usualKeyFiles
}

/** Runs on a box. The files of sshd's config that this login may read, as it reads them: what is included stands first in it. */
export function sshdConfigTexts(root = '/'): string[] {
  const folder = path.join(root, 'etc/ssh')
  let included: string[] = []
  try {
    included = readdirSync(path.join(folder, 'sshd_config.d'))
      .filter((name) => name.endsWith('.conf'))
      .sort()
      .map((name) => path.join(folder, 'sshd_config.d', name))
  } catch {
    // Nothing is included.
  }
  return [...included, path.join(folder, 'sshd_config')].flatMap((file) => {
    try {
      return [readPlainFile(file, 500_000).bytes.toString('utf8')]
    } catch {
      return []
    }
  })
}

/**
 * Files that let keys in: those of the login, of each other user, and the one that Windows has for all administrators.
 * Pure.
 */
export function authorizedKeyFiles(
  system: string,
  login: User,
  others: readonly User[],
  patterns: readonly string[] = usualKeyFiles,
  programData = 'C:\\ProgramData',
): { file: string; user: string }[] {
  const { join, isAbsolute } = system === 'win32' ? path.win32 : path.posix
  const filesOf = ({ home, name }: User) =>
    patterns.map((pattern) => {
      const file = pattern.replace(/%([hu%])/g, (_, code: string) => (code === 'h' ? home : code === 'u' ? name : '%'))
      return { file: isAbsolute(file) ? file : join(home, file), user: name }
    })
  const all = [
    ...filesOf(login),
    ...(system === 'win32'
      ? [{ file: join(programData, 'ssh', 'administrators_authorized_keys'), user: 'administrators' }]
      : []),
    ...others.flatMap(filesOf),
  ]
  return all.filter(({ file }, at) => all.findIndex((each) => each.file === file) === at)
}

/** Runs on a box. A file that is not there lets nobody in. */
export async function readAuthorizedKeys(files: readonly { file: string; user: string }[]): Promise<KeyFile[]> {
  const found: KeyFile[] = []
  let left = mostListed
  for (const { file, user } of files.slice(0, mostFiles)) {
    const keys = await reading(file, () => keysIn(file, left))
    if (keys.read) left -= keys.value.list.length
    found.push({ file: clip(file), user: clip(user, 100), keys })
  }
  return found
}

function keysIn(file: string, atMost: number): KeyList {
  try {
    const { bytes, modifiedAtMs, ownerUid } = readPlainFile(file, largest)
    const keys = parseKeys(bytes.toString('utf8'))
    return { ...keys, list: keys.list.slice(0, atMost), modifiedAtMs: Math.round(modifiedAtMs), ownerUid }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { list: [], total: 0, digest: '', modifiedAtMs: null, ownerUid: -1 }
  }
}

/**
 * Runs on a box. Keys with which this login could log in elsewhere: public ones as they read, private ones by their name
 * and time alone. Their content is never opened.
 */
export function readLoginKeys(home: string): LoginKeys {
  const folder = path.join(home, '.ssh')
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const isPrivate = (name: string) => /^id_[\w.-]+$/.test(name) || names.includes(`${name}.pub`)
  return names
    .filter((name) => name.endsWith('.pub') || isPrivate(name))
    .slice(0, 100)
    .flatMap((name) => {
      const file = path.join(folder, name)
      const found = statSync(file, { throwIfNoEntry: false })
      if (!found?.isFile()) return []
      const key = name.endsWith('.pub') ? publicKey(file) : null
      const { type, fingerprint, comment } = key ?? { type: '', fingerprint: '', comment: '' }
      return [{ name: clip(name, 200), type, fingerprint, comment, modifiedAtMs: Math.round(found.mtimeMs) }]
    })
}

function publicKey(file: string): ObservedKey | null {
  try {
    return parseKey(readPlainFile(file, 100_000).bytes.toString('utf8').split('\n', 1)[0] ?? '')
  } catch {
    return null
  }
}
