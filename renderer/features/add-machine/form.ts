import type { Box, BoxFields, BoxId, ClientId, PastedBox } from '../../../shared/contract/index.ts'
import { assumedSpans, readWeek, weekText } from '../../ui/hours.ts'

/** A machine as the form holds it: everything that is typed stays text until it is saved. */
export type MachineForm = {
  name: string
  host: string
  port: string
  user: string
  authKind: 'agent' | 'key' | 'password'
  keyPath: string
  /** Ids of jump hosts, nearest to this computer first. */
  hops: string[]
  /** A client's id, empty for none, or `new` with `newClient` as its name. */
  client: string
  newClient: string
  ring: BoxFields['ring']
  expected: 'always' | 'hours'
  hours: string[]
  jumpOnly: boolean
  keepAliveS: string
}

/** Stands in `client` while the client is typed by name and does not exist yet. */
export const newClient = 'new'

export const rings: { ring: BoxFields['ring']; word: string; help: string }[] = [
  {
    ring: 'lab',
    word: 'Lab',
    help: 'Your own machine: gets everything first and is what the others are compared with.',
  },
  { ring: 'canary', word: 'Canary', help: 'The first client machine to get a change.' },
  { ring: 'rest', word: 'Rest', help: 'Gets a change after the canary held.' },
]

/** What the form begins with before anything was pasted. */
export const emptyMachine: MachineForm = {
  name: '',
  host: '',
  port: '22',
  user: '',
  authKind: 'agent',
  keyPath: '',
  hops: [],
  client: '',
  newClient: '',
  ring: 'rest',
  expected: 'always',
  hours: [...weekText(assumedSpans)],
  jumpOnly: false,
  keepAliveS: '',
}

type Fields = Omit<BoxFields, 'clientId' | 'hops'>

function fromFields(box: Fields): MachineForm {
  return {
    ...emptyMachine,
    name: box.name,
    host: box.host,
    port: String(box.port),
    user: box.user,
    authKind: box.auth.kind,
    keyPath: box.auth.kind === 'key' ? box.auth.path : '',
    ring: box.ring,
    expected: box.expectedOn.kind,
    hours: [...weekText(box.expectedOn.kind === 'hours' ? box.expectedOn.spans : assumedSpans)],
    jumpOnly: box.jumpOnly,
    keepAliveS: box.keepAliveS === null ? '' : String(box.keepAliveS),
  }
}

/** A saved machine as the form shows it. */
export function toForm(box: Box): MachineForm {
  return { ...fromFields(box), hops: [...box.hops], client: box.clientId ?? '' }
}

/** A jump host of a pasted command that is not among the machines yet. */
export type UnknownHop = { typed: string; name: string; host: string; port: number; user: string }

/** Reads a jump host as ssh takes it: `user@host:port`, `ssh://user@host:port`, `[::1]:22`. */
export function readHop(typed: string): UnknownHop {
  const bare = typed.trim().replace(/^ssh:\/\//, '')
  const at = bare.lastIndexOf('@')
  const user = at >= 0 ? bare.slice(0, at) : ''
  const place = bare.slice(at + 1)
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(place) ?? /^([^:]+)(?::(\d+))?$/.exec(place)
  const host = match?.[1] ?? place
  return { typed, name: host, host, port: match?.[2] ? Number(match[2]) : 22, user }
}

/** The machine a hop names: by its name, or by address, port and user where those were given. */
export function findHop(typed: string, boxes: readonly Box[]): Box | undefined {
  const hop = readHop(typed)
  const wantsPort = /:\d+$/.test(typed)
  return (
    boxes.find((box) => box.name === typed.trim()) ??
    boxes.find((box) => box.name === hop.host && (!hop.user || box.user === hop.user)) ??
    boxes.find(
      (box) => box.host === hop.host && (!wantsPort || box.port === hop.port) && (!hop.user || box.user === hop.user),
    )
  )
}

/** What a pasted command fills in, and the jump hosts that have to be added before it can be saved. */
export function fromPasted(pasted: PastedBox, boxes: readonly Box[]): { form: MachineForm; unknownHops: UnknownHop[] } {
  const found = pasted.hops.map((typed) => ({ typed, box: findHop(typed, boxes) }))
  return {
    form: { ...fromFields(pasted.box), hops: found.flatMap(({ box }) => (box ? [box.boxId] : [])) },
    unknownHops: found.flatMap(({ typed, box }) => (box ? [] : [readHop(typed)])),
  }
}

export type MachineReading = { fields: BoxFields; errors: Record<string, string> }

function wholeNumber(text: string, from: number, to: number): number | null {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to ? value : null
}

/**
 * Reads the form. `fields` holds what could be read; it may be saved only when `errors` is empty.
 * A client that is still to be made is null in `fields`: its name stands in the form.
 */
export function readForm(form: MachineForm): MachineReading {
  const errors: Record<string, string> = {}
  const port = wholeNumber(form.port, 1, 65_535)
  const keepAliveS = form.keepAliveS.trim() === '' ? null : wholeNumber(form.keepAliveS, 0, 600)
  const week = readWeek(form.hours)
  if (!form.name.trim()) errors.name = 'A machine needs a name.'
  else if (form.name.trim().length > 80) errors.name = `${form.name.trim().length - 80} characters too long; 80 fit.`
  if (!form.host.trim()) errors.host = 'The name or address ssh connects to.'
  else if (/\s/.test(form.host.trim())) errors.host = 'A host name or address has no spaces in it.'
  if (port === null) errors.port = 'A port from 1 to 65535.'
  if (!form.user.trim()) errors.user = 'The user the agent runs as on that machine.'
  if (form.authKind === 'key' && !form.keyPath.trim()) errors.keyPath = 'The path of the private key on this computer.'
  if (form.client === newClient && !form.newClient.trim()) errors.newClient = 'The new client needs a name.'
  if (form.keepAliveS.trim() !== '' && keepAliveS === null)
    errors.keepAliveS = 'Seconds from 0 to 600; 0 turns it off, nothing means 15.'
  if (form.expected === 'hours') {
    for (const { day, sentence } of week.problems) errors[`hours.${day}`] = sentence
    if (week.problems.length === 0 && week.spans.length === 0) errors.hours = 'At least one day needs hours.'
  }
  return {
    errors,
    fields: {
      name: form.name.trim(),
      clientId: form.client === '' || form.client === newClient ? null : (form.client as ClientId),
      host: form.host.trim(),
      port: port ?? 22,
      user: form.user.trim(),
      auth: form.authKind === 'key' ? { kind: 'key', path: form.keyPath.trim() } : { kind: form.authKind },
      hops: form.hops as BoxId[],
      ring: form.ring,
      expectedOn: form.expected === 'hours' ? { kind: 'hours', spans: week.spans } : { kind: 'always' },
      jumpOnly: form.jumpOnly,
      keepAliveS,
    },
  }
}

/** Machines that may stand before this one on the way: not itself, and none whose own way leads through it. */
export function possibleHops(boxes: readonly Box[], self: string | null): Box[] {
  const through = (box: Box, seen: Set<string>): boolean =>
    box.hops.some((id) => {
      if (id === self) return true
      if (seen.has(id)) return false
      seen.add(id)
      const next = boxes.find(({ boxId }) => boxId === id)
      return next ? through(next, seen) : false
    })
  return boxes.filter((box) => box.boxId !== self && (self === null || !through(box, new Set())))
}
