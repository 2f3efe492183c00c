import type { PatchPart } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'

/** A part in a sentence. `labelOf`: how its layer is called. Pure. */
export function partWords(part: PatchPart, labelOf: (part: Extract<PatchPart, { kind: 'overlay' }>) => string): string {
  switch (part.kind) {
    case 'overlay': {
      const [set, reset] = [Object.keys(part.set).length, part.reset.length]
      const said = [
        ...(set > 0 ? [`declares ${counted(set, 'value')}`] : []),
        ...(reset > 0 ? [`leaves ${counted(reset, 'value')} to wider layers`] : []),
      ]
      return `${labelOf(part)} ${said.join(' and ')}.`
    }
    case 'files': {
      const removed = part.files.filter(({ sha256 }) => sha256 === null).length
      const written = part.files.length - removed
      const said = [
        ...(written > 0 ? [`${counted(written, 'file')} written`] : []),
        ...(removed > 0 ? [`${counted(removed, 'file')} removed`] : []),
      ]
      return `${said.join(', ')} in the workspace: ${part.files
        .slice(0, 3)
        .map(({ path }) => path)
        .join(', ')}${part.files.length > 3 ? ` and ${part.files.length - 3} more` : ''}.`
    }
    case 'update':
      return `The runtime becomes ${part.to}${part.from === 'git' ? ' of git' : ''}.`
    case 'folder':
      return `Tracked folder ${part.folder} becomes ${part.to}.`
    case 'command':
      return part.undo.kind === 'run'
        ? `Runs ${part.run}; going back runs ${part.undo.run}.`
        : `Runs ${part.run}, which cannot be undone.`
  }
}
