import type { CommandTarget } from '../../shared/contract/index.ts'
import { showHidden } from '../../shared/untrusted.ts'
import type { Question } from '../base/confirm.ts'
import { counted } from '../base/words.ts'

/** Names of a dialog that is still looked through; the rest is counted. */
const mostNames = 40

const nameOf = ({ boxName, clientName }: Pick<CommandTarget, 'boxName' | 'clientName'>): string =>
  showHidden(clientName === null ? boxName : `${boxName} (${clientName})`)

/** Each line of it indented, so that no line can pass for one of ours. */
const indented = (text: string): string =>
  text
    .split(/\r\n|[\r\n]/)
    .map((line) => `    ${showHidden(line)}`)
    .join('\n')

/** @param hold why nothing should be changed there now, as a sentence; empty: nothing is on hold. */
export const terminalQuestion = (
  target: Pick<CommandTarget, 'boxName' | 'clientName'>,
  sshCommand: string,
  hold: string,
): Question => ({
  title: `Open a terminal on ${showHidden(target.boxName)}?`,
  detail: [
    target.clientName === null ? 'It belongs to no client.' : `Client: ${showHidden(target.clientName)}`,
    ...(hold === '' ? [] : [hold]),
    `As this console, over:\n${indented(sshCommand)}`,
    'Its start and end go into the diary; what is typed does not.',
  ].join('\n\n'),
  button: 'Open the terminal',
})

export const commandQuestion = (command: string, targets: readonly CommandTarget[]): Question => {
  const named = targets.slice(0, mostNames).map((target) => `    ${nameOf(target)}`)
  const more = targets.length - named.length
  return {
    title: `Run this command on ${counted(targets.length, 'machine')}?`,
    detail: [
      ['Machines:', ...named, ...(more > 0 ? [`    and ${more} more`] : [])].join('\n'),
      `Command:\n${indented(command)}`,
    ].join('\n\n'),
    button: 'Run it',
  }
}
