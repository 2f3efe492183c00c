import type {
  BoxId,
  ClientId,
  CommandId,
  LayerKind,
  LayerRef,
  PatchId,
  RolloutId,
} from '../../shared/contract/index.ts'

/** Where the window stands. Every page has an address of its own, so a reload comes back to it. */
export type Route =
  | { page: 'review' }
  | { page: 'fleet' }
  /** Who can make each agent speak. */
  | { page: 'access' }
  /** What is declared, layer by layer. */
  | { page: 'overlays' }
  /** What one layer declares, on a form; with `section` that part of it. */
  | { page: 'overlay'; layer: LayerRef; section?: string }
  /** What each machine needs to become what its layers declare. */
  | { page: 'plan' }
  /** Every setting that is other than declared. */
  | { page: 'drift' }
  /** Patches, and where they were carried. */
  | { page: 'rollouts' }
  /** What one patch does, needs and shows. */
  | { page: 'patch'; patchId: PatchId }
  /** A patch against the fleet, before it goes. */
  | { page: 'preview'; patchId: PatchId }
  /** A patch on its way, machine by machine; afterwards its report. */
  | { page: 'rollout'; rolloutId: RolloutId }
  | { page: 'machine'; boxId: BoxId }
  /** What the operator knows of a machine: address, login, jump hosts, hours. */
  | { page: 'edit-machine'; boxId: BoxId }
  /** Why its agent went quiet: questions in order, with answers. */
  | { page: 'triage'; boxId: BoxId }
  /** Login shells on machines, this one's first. */
  | { page: 'terminal'; boxId: BoxId }
  /** One command on several machines: about to be sent, or one that was. */
  | { page: 'command'; commandId?: CommandId }
  | { page: 'client'; clientId: ClientId }
  /** What the operator knows of a client, on a form. */
  | { page: 'edit-client'; clientId: ClientId }
  | { page: 'new-client' }
  /** `command`: an ssh command already typed elsewhere; `boxId`: go on with the enrolment of this machine. */
  | { page: 'add'; command?: string; boxId?: BoxId }
  | { page: 'import' }
  /** Lines of all machines as they were left; with `boxId` of that machine, with `atMs` the line of that moment. */
  | { page: 'logs'; boxId?: BoxId; atMs?: number }
  /** The lines of one run of an agent, as steps. */
  | { page: 'run'; boxId: BoxId; runId: string }
  /** Kinds of log lines of all machines: what is new, what is loud. */
  | { page: 'patterns' }
  | { page: 'settings' }

const id = /^[A-Za-z0-9_-]{1,64}$/
const plain = [
  'review',
  'fleet',
  'access',
  'overlays',
  'plan',
  'drift',
  'rollouts',
  'new-client',
  'add',
  'import',
  'logs',
  'patterns',
  'settings',
] as const
const layerKinds: readonly LayerKind[] = ['fleet', 'os', 'niche', 'client', 'box', 'agent']

const partsOfMachine: Record<string, 'edit-machine' | 'triage' | 'terminal'> = {
  edit: 'edit-machine',
  triage: 'triage',
  terminal: 'terminal',
}

/** The address of a page: `#/machine/abc`. */
export function writeRoute(route: Route): string {
  switch (route.page) {
    case 'overlay': {
      const { kind, key } = route.layer
      const path = kind === 'fleet' ? kind : `${kind}/${encodeURIComponent(key.toWellFormed())}`
      return `#/overlay/${path}${route.section ? `?section=${route.section}` : ''}`
    }
    case 'patch':
      return `#/patch/${route.patchId}`
    case 'rollout':
      return `#/rollout/${route.rolloutId}`
    case 'preview':
      return `#/patch/${route.patchId}/preview`
    case 'machine':
      return `#/machine/${route.boxId}`
    case 'edit-machine':
      return `#/machine/${route.boxId}/edit`
    case 'triage':
      return `#/machine/${route.boxId}/triage`
    case 'terminal':
      return `#/machine/${route.boxId}/terminal`
    case 'command':
      return route.commandId ? `#/command/${route.commandId}` : '#/command'
    case 'client':
      return `#/client/${route.clientId}`
    case 'edit-client':
      return `#/client/${route.clientId}/edit`
    case 'add': {
      const asked = new URLSearchParams()
      if (route.command) asked.set('command', route.command)
      if (route.boxId) asked.set('box', route.boxId)
      return asked.size > 0 ? `#/add?${asked}` : '#/add'
    }
    case 'run':
      return `#/run/${route.boxId}/${encodeURIComponent(route.runId.toWellFormed())}`
    case 'logs': {
      const asked = new URLSearchParams()
      if (route.boxId) asked.set('box', route.boxId)
      if (route.atMs !== undefined) asked.set('at', String(route.atMs))
      return asked.size > 0 ? `#/logs?${asked}` : '#/logs'
    }
    default:
      return `#/${route.page}`
  }
}

/** What somebody named a thing, in an address; an address nobody wrote names none. */
function nameIn(part: string): string {
  try {
    return decodeURIComponent(part).slice(0, 200)
  } catch {
    return ''
  }
}

/** The page of an address; an address nobody knows is the review. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page, subject = '', part] = path.split('/')
  if (page === 'machine' && id.test(subject)) {
    return { page: partsOfMachine[part ?? ''] ?? 'machine', boxId: subject as BoxId }
  }
  if (page === 'patch') {
    if (!id.test(subject)) return { page: 'rollouts' }
    return { page: part === 'preview' ? 'preview' : 'patch', patchId: subject as PatchId }
  }
  if (page === 'rollout') {
    return id.test(subject) ? { page, rolloutId: subject as RolloutId } : { page: 'rollouts' }
  }
  if (page === 'client' && id.test(subject)) {
    return { page: part === 'edit' ? 'edit-client' : 'client', clientId: subject as ClientId }
  }
  if (page === 'run' && id.test(subject) && nameIn(part ?? '') !== '')
    return { page: 'run', boxId: subject as BoxId, runId: nameIn(part ?? '') }
  if (page === 'overlay') {
    const kind = layerKinds.find((each) => each === subject)
    const key = kind === 'fleet' ? '' : nameIn(part ?? '')
    const section = new URLSearchParams(query).get('section') ?? ''
    if (kind === undefined || (kind !== 'fleet' && key === '')) return { page: 'overlays' }
    return { page, layer: { kind, key }, ...(/^[a-z]{1,20}$/.test(section) ? { section } : {}) }
  }
  if (page === 'command') return { page, ...(id.test(subject) ? { commandId: subject as CommandId } : {}) }
  const known = plain.find((name) => name === page)
  const asked = new URLSearchParams(query)
  const box = asked.get('box') ?? ''
  const ofBox = id.test(box) ? { boxId: box as BoxId } : {}
  if (known === 'logs') {
    const at = asked.get('at') ?? ''
    return { page: 'logs', ...ofBox, ...(/^\d{1,15}$/.test(at) ? { atMs: Number(at) } : {}) }
  }
  if (known !== 'add') return { page: known ?? 'review' }
  const command = asked.get('command')
  return { page: 'add', ...(command ? { command } : {}), ...ofBox }
}

/** Where Esc leads when there is no page before this one. */
export function above(route: Route): Route | null {
  switch (route.page) {
    case 'review':
      return null
    case 'fleet':
    case 'access':
    case 'overlays':
    case 'plan':
    case 'rollouts':
    case 'logs':
    case 'settings':
      return { page: 'review' }
    case 'overlay':
      return { page: 'overlays' }
    case 'drift':
      return { page: 'plan' }
    case 'patch':
    case 'rollout':
      return { page: 'rollouts' }
    case 'preview':
      return { page: 'patch', patchId: route.patchId }
    case 'patterns':
      return { page: 'logs' }
    case 'run':
      return { page: 'logs', boxId: route.boxId }
    case 'edit-machine':
    case 'triage':
    case 'terminal':
      return { page: 'machine', boxId: route.boxId }
    case 'edit-client':
      return { page: 'client', clientId: route.clientId }
    default:
      return { page: 'fleet' }
  }
}
