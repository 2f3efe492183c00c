import { parseArgsStringToArgv } from 'string-argv'
import type { PastedBox } from '../../../shared/contract/index.ts'
import { FaultError } from '../../base/fault-error.ts'
import { type Destination, expandHome, readDestination, readPort } from './destination.ts'
import { asBox, cleanName, draftRow } from './rows-of-file.ts'
import { type OneHost, readKeepAlive } from './ssh-config-import.ts'
import { whyUnused } from './unused-directives.ts'

/** Options of ssh(1) that take a value. */
const withValue = new Set('BbcDEeFIiJLlmOoPpQRSWw')

const flagReasons: Record<string, string> = {
  A: 'The ssh agent is never forwarded.',
  X: 'Windows are never forwarded.',
  Y: 'Windows are never forwarded.',
  t: 'The console needs no terminal on the machine.',
  D: 'Ports are not forwarded.',
  L: 'Ports are not forwarded.',
  R: 'Ports are not forwarded.',
  W: 'Ports are not forwarded.',
  F: 'Only the command itself is read; import that file instead.',
  N: 'The console starts its own program on the machine.',
}

interface Found {
  user?: string
  port?: string
  key?: string
  hostName?: string
  jump?: string
  keepAlive?: string
  destination?: Destination
}

/**
 * Reads the ssh command somebody types today into a machine. Options that say how to reach it are taken over
 * (-p -i -l -J, and -o Port, User, IdentityFile, ProxyJump, HostName, ServerAliveInterval); every other one is listed
 * with the reason. The first of two wins, as in ssh. Nothing is run. What the command leaves open is asked of
 * `configOf`, the operator's own ssh_config: people type the names they gave there.
 *
 * @throws FaultError `invalid-input` when it is no ssh command or its host, user or port cannot be used.
 */
export function readSshCommand(
  command: string,
  homeDir: string,
  localUser: string,
  configOf: (alias: string) => OneHost | null = () => null,
): PastedBox {
  const words = parseArgsStringToArgv(command.trim().replace(/^[$%>]\s+/, ''))
  const start = words.findIndex((word) => /(^|[/\\])ssh(\.exe)?$/i.test(word))
  const ignored: PastedBox['ignored'] = words
    .slice(0, Math.max(0, start))
    .map((text) => ({ text, reason: 'Only what follows ssh is read.' }))
  const found = readWords(start < 0 ? words : words.slice(start + 1), ignored)
  const { destination } = found
  if (!destination)
    throw refusal(
      `“${command.trim().slice(0, 80)}” names no machine. Paste the whole command, such as ssh -p 2222 dana@10.0.0.5.`,
    )
  const config = configOf(destination.host)
  if (start < 0 && !isClearlyMachine(destination, config))
    throw refusal(
      `“${destination.host.slice(0, 80)}” is neither ssh nor a machine. Paste the whole command, such as ssh -p 2222 dana@10.0.0.5.`,
    )
  fillFromConfig(found, destination, config, ignored)
  const port = found.port === undefined ? (destination.port ?? 22) : readPort(found.port)
  if (port === null) throw refusal(`“${found.port}” is not a port from 1 to 65535.`)
  const keepAliveS = found.keepAlive === undefined ? null : readKeepAlive(found.keepAlive)
  const host = found.hostName ?? destination.host
  const draft = {
    name: cleanName(destination.host).name || host,
    host,
    user: found.user ?? destination.user ?? localUser,
    port,
    auth:
      found.key === undefined
        ? ({ kind: 'agent' } as const)
        : ({ kind: 'key', path: expandHome(found.key, homeDir) } as const),
    keepAliveS,
  }
  const { problems } = draftRow(1, draft, [])
  if (problems[0] !== undefined) throw refusal(problems[0])
  const hops =
    found.jump === undefined || found.jump.toLowerCase() === 'none'
      ? []
      : found.jump.split(',').map((hop) => hop.trim())
  return { box: asBox(draft), hops: hops.filter((hop) => hop !== ''), ignored }
}

/** Without `ssh` in front any word could stand there: only an address, or a name that the operator gave an address, is a machine. */
const isClearlyMachine = ({ user, host }: Destination, config: OneHost | null): boolean =>
  user !== null || /[.:]/.test(host) || config?.says.host === true

/** The command itself comes first; the config fills in what it leaves open, and says what of it cannot be used. */
function fillFromConfig(
  found: Found,
  { user, port }: Destination,
  config: OneHost | null,
  ignored: PastedBox['ignored'],
): void {
  if (!config) return
  const { row, says, jump, unused } = config
  for (const note of unused)
    ignored.push({ text: note.text, reason: `${note.file}, line ${note.line}: ${note.reason}` })
  if (!row.box) {
    for (const reason of row.problems) ignored.push({ text: '~/.ssh/config', reason })
    return
  }
  if (says.host) found.hostName ??= row.box.host
  if (says.user && user === null) found.user ??= row.box.user
  if (says.port && port === null) found.port ??= String(row.box.port)
  if (says.key && row.box.auth.kind === 'key') found.key ??= row.box.auth.path
  if (row.box.keepAliveS !== null) found.keepAlive ??= String(row.box.keepAliveS)
  if (jump !== null) found.jump ??= jump
}

const refusal = (detail: string): FaultError => new FaultError({ code: 'invalid-input', field: 'command', detail })

function readWords(words: readonly string[], ignored: PastedBox['ignored']): Found {
  const found: Found = {}
  let index = 0
  while (index < words.length) {
    const word = words[index] ?? ''
    index += 1
    if (word === '--') continue
    if (/^-[^-]/.test(word)) {
      index += readCluster(word.slice(1), words[index], found, ignored)
    } else if (!found.destination) {
      const destination = readDestination(word, false)
      if (!destination) throw refusal(`“${word}” is not a machine.`)
      found.destination = destination
    } else {
      ignored.push({
        text: words.slice(index - 1).join(' '),
        reason: 'The console starts its own program on the machine.',
      })
      break
    }
  }
  return found
}

/** Reads `-tp2222` and the like. Answers with how many of the following words it took: 0 or 1. */
function readCluster(cluster: string, next: string | undefined, found: Found, ignored: PastedBox['ignored']): 0 | 1 {
  for (const [at, letter] of [...cluster].entries()) {
    if (!withValue.has(letter)) {
      ignored.push({ text: `-${letter}`, reason: flagReasons[letter] ?? 'This console has no use for it.' })
      continue
    }
    const attached = cluster.slice(at + 1)
    const value = attached === '' ? next : attached
    if (value === undefined) throw refusal(`The option -${letter} needs a value.`)
    takeOption(letter, value, found, ignored)
    return attached === '' ? 1 : 0
  }
  return 0
}

function takeOption(letter: string, value: string, found: Found, ignored: PastedBox['ignored']): void {
  if (letter === 'p') found.port ??= value
  else if (letter === 'l') found.user ??= value
  else if (letter === 'J') found.jump ??= value
  else if (letter === 'i') takeKey(value, found, ignored)
  else if (letter === 'o') takeKeyword(value, found, ignored)
  else ignored.push({ text: `-${letter} ${value}`, reason: flagReasons[letter] ?? 'This console has no use for it.' })
}

function takeKey(value: string, found: Found, ignored: PastedBox['ignored']): void {
  if (found.key === undefined) found.key = value
  else ignored.push({ text: `-i ${value}`, reason: 'The first key counts; a machine has one.' })
}

function takeKeyword(option: string, found: Found, ignored: PastedBox['ignored']): void {
  const [, name = '', value = ''] = /^\s*([A-Za-z0-9]+)\s*(?:=|\s)\s*(.*)$/.exec(option) ?? []
  const keyword = name.toLowerCase()
  if (keyword === 'port') found.port ??= value
  else if (keyword === 'user') found.user ??= value
  else if (keyword === 'hostname') found.hostName ??= value
  else if (keyword === 'proxyjump') found.jump ??= value
  else if (keyword === 'serveraliveinterval') found.keepAlive ??= value
  else if (keyword === 'identityfile') takeKey(value, found, ignored)
  else {
    const reason = whyUnused({ keyword, value })
    if (reason !== null) ignored.push({ text: `-o ${option}`, reason })
  }
}
