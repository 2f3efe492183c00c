import type { CarriedCommand } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { counted } from '../base/words.ts'
import type { CommandBack, ObservedCommand, RanCommand } from '../runtimes/change-answer.ts'
import { redactLine } from '../runtimes/redact-line.ts'

const quoted = (line: string): string => `“${untrusted(line, 120)}”`

/** Key of what stands for a secret in words: nobody compares those with others. */
const noKey = '00'.repeat(32)
const saidWords = (said: string): string => {
  const words = untrusted(redactLine(said, noKey), 300).replace(/\.$/, '')
  return words === '' ? '' : `: ${words}`
}

/** Seconds that the commands of a change may take, and what takes them back. Pure. */
export const commandSeconds = (commands: readonly CarriedCommand[]): { forth: number; back: number } => ({
  forth: commands.reduce((sum, { deadlineS }) => sum + deadlineS, 0),
  back: commands.reduce((sum, { deadlineS, undo }) => sum + (undo === null ? 0 : deadlineS), 0),
})

/** Why a command says that the change may not stay; empty: it ended with 0. Pure. */
export function whyNotRan(commands: readonly CarriedCommand[], { at, exitCode, isLate, said }: RanCommand): string {
  const { run = '', deadlineS = 0 } = commands[at] ?? {}
  if (isLate) return `The command ${quoted(run)} did not end within ${counted(deadlineS, 'second')}${saidWords(said)}.`
  if (exitCode === 0) return ''
  const how = exitCode === null ? 'was ended by a signal' : `ended with ${exitCode}`
  return `The command ${quoted(run)} ${how}${saidWords(said)}.`
}

/** More than so many are counted. */
const mostSaid = 10

/** Each command that ran well, as a sentence. Pure. */
export const ranWords = (commands: readonly CarriedCommand[], ran: readonly RanCommand[]): string[] => [
  ...ran.slice(0, mostSaid).map(({ at, said }) => {
    const { run = '', undo = null } = commands[at] ?? {}
    return `It ran ${quoted(run)}${undo === null ? ', which cannot be undone' : ''}${saidWords(said)}.`
  }),
  ...(ran.length > mostSaid ? [`It ran ${counted(ran.length - mostSaid, 'more command')}.`] : []),
]

/** What became of the commands of a change that was taken back, a sentence each. Pure. */
export const backWords = (commands: readonly CarriedCommand[], back: readonly ObservedCommand[]): string[] =>
  back.map(({ at, back: how, said }) => {
    const { run = '', undo } = commands[at] ?? {}
    const [did, takes] = [quoted(run), quoted(undo ?? '')]
    const words: Record<CommandBack, string> = {
      undone: `${did} was undone by ${takes}.`,
      failed: `${did} was run and is NOT undone, because ${takes} failed${saidWords(said)}.`,
      unknown: `${did} was run, and nobody saw whether ${takes} undid it.`,
      cannot: `${did} was run and cannot be undone.`,
    }
    return words[how]
  })

/** Something of the commands stands there still after the change went back. Pure. */
export const isLeft = (back: readonly ObservedCommand[]): boolean => back.some(({ back: how }) => how !== 'undone')
