import { create } from 'zustand'
import type { ClientId } from '../../../shared/contract/index.ts'

interface ClientState {
  clientId: ClientId | null
  /** Whether the message to them lies over the page. */
  messageOpen: boolean
  /** Whether the pane lies over the page; matters only where there is no room beside it. */
  paneOpen: boolean
}

const fresh = { messageOpen: false, paneOpen: false }

/** What only the window knows of the client page; another client begins afresh. */
export const useClientState = create<ClientState>(() => ({ clientId: null, ...fresh }))

export function showClient(clientId: ClientId): void {
  if (useClientState.getState().clientId !== clientId) useClientState.setState({ clientId, ...fresh })
}
