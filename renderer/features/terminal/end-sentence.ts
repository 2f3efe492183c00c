import type { TerminalEnd } from '../../../shared/contract/index.ts'
import { faultText } from '../../../shared/fault-text.ts'

/** How a terminal ended, as a sentence. */
export function endSentence(end: TerminalEnd): string {
  switch (end.how) {
    case 'closed':
      return 'It was closed.'
    case 'lost':
      return end.fault.code === 'cancelled'
        ? 'This console let the connection go, as when the computer slept. What it showed stays.'
        : `${faultText(end.fault).sentence} What it showed stays.`
    case 'exit':
      if (end.signal !== null) return `Its shell was ended by ${end.signal}. What it showed stays.`
      return end.exitCode === 0 || end.exitCode === null
        ? 'Its shell has ended. What it showed stays.'
        : `Its shell ended with ${end.exitCode}. What it showed stays.`
  }
}
