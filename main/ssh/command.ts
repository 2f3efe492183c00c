import { shellWord } from '../../shared/shell.ts'
import type { StoredBox } from '../inventory/inventory.ts'

/** A word of the command. The home's `~/` stays for the shell to read. */
const quote = (word: string): string => (word.startsWith('~/') ? `~/${shellWord(word.slice(2))}` : shellWord(word))

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** The ssh command that does what the console does, for a terminal. @param hops jump hosts, nearest to this computer first. */
export function sshCommand(box: StoredBox, hops: readonly StoredBox[]): string {
  const words = ['ssh']
  if (box.port !== 22) words.push('-p', String(box.port))
  if (box.auth.kind === 'key') words.push('-i', box.auth.path, '-o', 'IdentitiesOnly=yes')
  if (hops.length > 0) words.push('-J', hops.map((hop) => `${hop.user}@${bracketed(hop.host)}:${hop.port}`).join(','))
  // A name that begins with a dash would be read as an option; after `--` nothing is.
  const destination = `${box.user}@${box.host}`
  if (destination.startsWith('-')) words.push('--')
  return [...words, destination].map(quote).join(' ')
}
