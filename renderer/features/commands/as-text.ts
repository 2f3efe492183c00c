import { groupWords } from '../../../shared/command-words.ts'
import type { CommandGroup, CommandRun } from '../../../shared/contract/index.ts'
import { faultText } from '../../../shared/fault-text.ts'

/** A command and what the machines said, folded, as plain text for the clipboard. */
export function asText(run: Pick<CommandRun, 'command' | 'boxes'>, groups: readonly CommandGroup[]): string {
  const nameOf = new Map(run.boxes.map(({ boxId, boxName }) => [boxId, boxName]))
  const parts = groups.map((group) =>
    [
      `${groupWords({ ...group, diff: null })}: ${group.boxIds.map((boxId) => nameOf.get(boxId) ?? '').join(', ')}`,
      ...(group.fault ? [faultText(group.fault).sentence] : []),
      ...(group.text === '' ? [] : [group.text.replace(/\n$/, '')]),
    ].join('\n'),
  )
  return [run.command, ...parts].join('\n\n')
}
