import { create } from 'zustand'
import { above, type Route, readRoute, writeRoute } from './route.ts'

interface Navigation {
  route: Route
  /** Pages of this window before the present one. */
  depth: number
}

const depthOf = (state: unknown): number =>
  typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0

const useNavigation = create<Navigation>(() => ({ route: readRoute(location.hash), depth: depthOf(history.state) }))

window.addEventListener('popstate', (event: PopStateEvent) => {
  useNavigation.setState({ route: readRoute(location.hash), depth: depthOf(event.state) })
})

/** The present page. */
export const useRoute = (): Route => useNavigation((state) => state.route)

/** Goes to a page; Esc comes back. Going where one already is does nothing. */
export function go(route: Route): void {
  const address = writeRoute(route)
  if (address === writeRoute(useNavigation.getState().route)) return
  const depth = useNavigation.getState().depth + 1
  history.pushState({ depth }, '', address)
  useNavigation.setState({ route, depth })
}

/** Puts a page in the place of the present one: after a form is saved, Esc must not lead back into it. */
export function replace(route: Route): void {
  const { depth } = useNavigation.getState()
  history.replaceState({ depth }, '', writeRoute(route))
  useNavigation.setState({ route, depth })
}

/** Whether this is the present page. */
export const isHere = (route: Route): boolean => writeRoute(route) === writeRoute(useNavigation.getState().route)

/** Back where one was, or one level up when this is the first page. */
export function back(): void {
  const { route, depth } = useNavigation.getState()
  if (depth > 0) history.back()
  else {
    const up = above(route)
    if (up) replace(up)
  }
}
