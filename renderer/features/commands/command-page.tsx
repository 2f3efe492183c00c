import type { CommandId } from '../../../shared/contract/index.ts'
import { RunPage } from './run-page.tsx'
import { WritePage } from './write-page.tsx'

/** One command on several machines: written here, or one that was sent. */
export function CommandPage({ commandId }: { commandId?: CommandId }) {
  return commandId ? <RunPage key={commandId} commandId={commandId} /> : <WritePage />
}
