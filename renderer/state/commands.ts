import { create } from 'zustand'
import type { BoxId } from '../../shared/contract/index.ts'
import { go } from './navigation.ts'

interface CommandDraft {
  boxIds: ReadonlySet<BoxId>
  command: string
}

/** A command that is being written, and for which machines; it survives leaving the page. */
export const useCommandDraft = create<CommandDraft>(() => ({ boxIds: new Set(), command: '' }))

/** To the page that runs a command, with these machines chosen. */
export function askForCommand(boxIds: readonly BoxId[]): void {
  useCommandDraft.setState({ boxIds: new Set(boxIds) })
  go({ page: 'command' })
}
