import type { RolloutWave } from '../../shared/contract/index.ts'
import { shellWord } from '../../shared/shell.ts'
import type { StoredBox } from '../inventory/inventory.ts'

/** A box with its pinned host key. */
export interface Pinned {
  readonly box: StoredBox
  readonly pin: { readonly algorithm: string; readonly key: string }
}

/** One machine of the inventory. */
export interface Host extends Pinned {
  /** As the inventory calls it; also the name of its plan. */
  readonly alias: string
  /** Jump hosts, nearest to the computer that plays first. */
  readonly hops: readonly Pinned[]
  /** `lab`, `canary`, `wave_1` … */
  readonly group: string
  readonly soakS: number
}

/** Names for an inventory: small letters, digits and `-`, each once, and none of a group. Pure. */
export function aliasesOf(names: readonly string[], groups: readonly string[]): string[] {
  const taken = new Set([...groups, 'all', 'ungrouped', 'localhost'])
  return names.map((name) => {
    const plain = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
    const base = plain === '' ? 'machine' : plain
    let alias = base
    for (let at = 2; taken.has(alias); at++) alias = `${base}-${at}`
    taken.add(alias)
    return alias
  })
}

/** What Ansible would take for a template, or a shell or YAML could not be given. Pure. */
const odd = /\{[{%#]|[\p{Cc}"'`$%\\]/u

/** Why a machine cannot be reached by other means than Wheelhouse; empty: it can. Pure. */
export function whyNotReached({ box, hops }: { box: StoredBox; hops: readonly StoredBox[] }): string {
  for (const each of [...hops, box]) {
    const name = each === box ? 'It' : `${each.name} on the way to it`
    if (each.auth.kind === 'password') return `${name} logs in with a password, which is written nowhere.`
    if (each.auth.kind === 'key' && odd.test(each.auth.path))
      return `${name} has a key file whose name Ansible would not read as it is.`
    if (odd.test(each.user)) return `${name} has a user name that Ansible would not read as it is.`
  }
  return ''
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** Lines of a known_hosts file, each host once. Pure. */
export function knownHostsOf(all: readonly Pinned[]): string {
  const lines = all.map(({ box: { host, port }, pin }) => {
    const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
    return `${name} ${pin.algorithm} ${pin.key}`
  })
  return `${[...new Set(lines)].join('\n')}\n`
}

const trusting = [
  ...['-o', 'StrictHostKeyChecking=yes', '-o', 'GlobalKnownHostsFile=/dev/null'],
  ...['-o', 'UserKnownHostsFile="{{ playbook_dir }}/known_hosts"', '-o', 'PasswordAuthentication=no'],
]

const keyWords = ({ auth }: StoredBox): string[] =>
  auth.kind === 'key' ? ['-i', auth.path, '-o', 'IdentitiesOnly=yes'] : []

/** In quotes whatever it holds: Ansible puts a path in it. */
const quoted = (word: string): string => (word.includes('{{') ? `'${word}'` : shellWord(word))
/** Once more, where it stands inside another command. */
const requoted = (command: string): string => `'${command.replaceAll("'", `'\\''`)}'`

/**
 * Options of ssh for one machine: the pinned keys and nothing else, on the way to it too. A jump host is a command of its
 * own, because ssh hands none of these options on to those of `-J`. Pure.
 */
export function sshArgsOf({ box: own, hops }: Pick<Host, 'box' | 'hops'>): string {
  let through = ''
  for (const [at, { box }] of hops.entries()) {
    const next = hops[at + 1]?.box
    const target = next === undefined ? '[%h]:%p' : `${bracketed(next.host)}:${next.port}`
    const words = [...trusting, ...keyWords(box), '-p', String(box.port), '-W', target, '-l', box.user, '--', box.host]
    const before = through === '' ? '' : ` -o ${requoted(`ProxyCommand=${through}`)}`
    // A target of one's own is no pattern: only the last hop is told where the machine is.
    through = `ssh -o BatchMode=yes${before} ${words.map(quoted).join(' ')}`
  }
  const only = own.auth.kind === 'key' ? ['-o', 'IdentitiesOnly=yes'] : []
  const words = [...trusting, ...only].map(quoted).join(' ')
  return through === '' ? words : `${words} -o ${requoted(`ProxyCommand=${through}`)}`
}

/** `lab`, `canary`, then `wave_1`, `wave_2` … of the rest. Pure. */
export function groupsOf(waves: readonly RolloutWave[]): Map<number, string> {
  let rest = 0
  return new Map(waves.map(({ number, kind }) => [number, kind === 'rest' ? `wave_${++rest}` : kind]))
}

/** How many machines at once, one number a batch: no batch reaches into the next wave. Pure. */
export function serialOf(waves: readonly { readonly hosts: number; readonly atOnce: number }[]): number[] {
  return waves.flatMap(({ hosts, atOnce }) => {
    const whole = Array<number>(Math.floor(hosts / atOnce)).fill(atOnce)
    return hosts % atOnce === 0 ? whole : [...whole, hosts % atOnce]
  })
}
