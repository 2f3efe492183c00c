import type { ManifestLine, PatchCheck, PatchSummary } from '../../../shared/contract/index.ts'

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const howWords: Record<PatchSummary['how'], string> = {
  saved: 'saved',
  confirmed: 'needs confirmed',
  imported: 'imported',
  restored: 'restored',
  'taken-back': 'undone',
}

export const needStates: Record<ManifestLine['state'], string> = {
  proposed: 'proposed',
  confirmed: 'needed',
  dropped: 'not needed',
}

/** How a machine shows that the patch works there. */
export function checkWords(check: PatchCheck): string {
  switch (check.kind) {
    case 'ready':
      return 'The agent says that it is ready'
    case 'channels':
      return 'Its channels are connected'
    case 'rules':
      return 'The fixed rules hold'
    case 'command':
      return `It ends with 0: ${check.run}`
    case 'log':
      return `${check.is === 'there' ? 'The log says' : 'The log does not say'} “${check.words}” within ${counted(check.withinMinutes, 'minute')}`
    case 'exchange':
      return `A real message is answered within ${counted(check.withinMinutes, 'minute')}`
  }
}
