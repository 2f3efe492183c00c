import type { BoxId, ClientId } from '../../shared/contract/index.ts'

/** Where the window stands. Every page has an address of its own, so a reload comes back to it. */
export type Route =
  | { page: 'review' }
  | { page: 'fleet' }
  | { page: 'machine'; boxId: BoxId }
  /** What the operator knows of a machine: address, login, jump hosts, hours. */
  | { page: 'edit-machine'; boxId: BoxId }
  | { page: 'client'; clientId: ClientId }
  | { page: 'new-client' }
  /** `command`: an ssh command already typed elsewhere; `boxId`: go on with the enrolment of this machine. */
  | { page: 'add'; command?: string; boxId?: BoxId }
  | { page: 'import' }
  | { page: 'settings' }

const id = /^[A-Za-z0-9_-]{1,64}$/
const plain = ['review', 'fleet', 'new-client', 'add', 'import', 'settings'] as const

/** The address of a page: `#/machine/abc`. */
export function writeRoute(route: Route): string {
  switch (route.page) {
    case 'machine':
      return `#/machine/${route.boxId}`
    case 'edit-machine':
      return `#/machine/${route.boxId}/edit`
    case 'client':
      return `#/client/${route.clientId}`
    case 'add': {
      const asked = new URLSearchParams()
      if (route.command) asked.set('command', route.command)
      if (route.boxId) asked.set('box', route.boxId)
      return asked.size > 0 ? `#/add?${asked}` : '#/add'
    }
    default:
      return `#/${route.page}`
  }
}

/** The page of an address; an address nobody knows is the review. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page, subject = '', part] = path.split('/')
  if (page === 'machine' && id.test(subject)) {
    return { page: part === 'edit' ? 'edit-machine' : 'machine', boxId: subject as BoxId }
  }
  if (page === 'client' && id.test(subject)) return { page: 'client', clientId: subject as ClientId }
  const known = plain.find((name) => name === page)
  if (known !== 'add') return { page: known ?? 'review' }
  const asked = new URLSearchParams(query)
  const command = asked.get('command')
  const box = asked.get('box') ?? ''
  return { page: 'add', ...(command ? { command } : {}), ...(id.test(box) ? { boxId: box as BoxId } : {}) }
}

/** Where Esc leads when there is no page before this one. */
export function above(route: Route): Route | null {
  switch (route.page) {
    case 'review':
      return null
    case 'fleet':
    case 'settings':
      return { page: 'review' }
    case 'edit-machine':
      return { page: 'machine', boxId: route.boxId }
    default:
      return { page: 'fleet' }
  }
}
