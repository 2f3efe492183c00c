import { channelName, doorName } from '../../shared/channels.ts'
import type { CarriedFile, SettingChange } from '../../shared/contract/index.ts'
import { showHidden, untrusted } from '../../shared/untrusted.ts'
import type { Question } from '../base/confirm.ts'
import { counted } from '../base/words.ts'
import type { ObservedDoor } from '../runtimes/observed.ts'
import { dottedPath } from '../runtimes/operations.ts'

/** Lines of a dialog that are still looked through; the rest is counted. */
const mostLines = 30

const lineOf = (change: SettingChange): string => {
  const to = 'set' in change ? `= ${untrusted(JSON.stringify(change.set), 160)}` : 'is taken out'
  return `    ${showHidden(dottedPath(change.path))} ${to}`
}

const fileLine = ({ path, sha256, executable }: CarriedFile): string =>
  sha256 === null
    ? `    file ${showHidden(path)} is removed`
    : `    file ${showHidden(path)} = SHA-256 ${sha256.slice(0, 12)}…${executable ? ', may be started as a program' : ''}`

export function changeQuestion(
  { boxName, clientName, profile }: { boxName: string; clientName: string | null; profile: string },
  changes: readonly SettingChange[],
  files: readonly CarriedFile[] = [],
): Question {
  const lines = [...changes.map(lineOf), ...files.map(fileLine)]
  const more = lines.length - mostLines
  return {
    title: `Make ${counted(lines.length, 'change')} on ${showHidden(boxName)}?`,
    detail: [
      clientName === null ? 'It belongs to no client.' : `Client: ${showHidden(clientName)}`,
      `Agent: ${showHidden(profile)}`,
      [...lines.slice(0, mostLines), ...(more > 0 ? [`    and ${more} more`] : [])].join('\n'),
      'The machine goes back by itself unless the agent takes the new config and runs as before.',
    ].join('\n\n'),
    button: 'Make the change',
  }
}

export const startQuestion = (boxName: string, channel: string, answers: readonly string[]): Question => ({
  title: `Turn ${channelName(channel)} on again on ${showHidden(boxName)}?`,
  detail: ['Whom it then answers:', ...answers.map((line) => `    ${showHidden(line)}`)].join('\n'),
  button: `Turn ${channelName(channel)} on`,
})

const mostHandles = 5

/** Whom an account would answer, as one sentence. Pure. */
export function answersOf(door: ObservedDoor): string {
  const name = doorName({ channel: untrusted(door.channel, 60), account: untrusted(door.account, 100) })
  if (!door.enabled) return `${name} stays off.`
  const listed = door.listed.slice(0, mostHandles).map((handle) => untrusted(handle, 60))
  const more = door.listedTotal - listed.length
  const people = listed.length === 0 ? 'nobody' : [...listed, ...(more > 0 ? [`${more} more`] : [])].join(', ')
  const direct = {
    nobody: 'answers nobody directly',
    listed: `answers ${people}`,
    everyone: 'answers EVERYONE',
    'pairing-code': `answers ${people}, and sends everyone else a pairing code`,
    unknown: 'answers nobody knows whom',
  }[door.direct]
  const groups = {
    nobody: 'no groups',
    listed: 'listed groups',
    everyone: 'ALL groups',
    unknown: 'nobody knows which groups',
  }[door.groups]
  return `${name} ${direct}; ${groups}.`
}
