import { counted } from '../base/words.ts'
import { writeNewFolder } from './folder-files.ts'
import { patchOf } from './patch-command.ts'
import { boxIdsOf } from './rollout-command.ts'
import type { Session } from './session.ts'
import { exit } from './shapes.ts'

export interface ExportOptions {
  readonly patch: string
  readonly boxes?: string[]
}

/** A patch for Ansible: with exactly the plans that a preview shows now. */
export async function exportAnsible(
  { client: engine, print }: Session,
  folder: string,
  options: ExportOptions,
): Promise<number> {
  const { patchId } = await patchOf(engine, options.patch)
  const asked = { patchId, ...(await boxIdsOf(engine, options.boxes)) }
  const { choicesLeft } = await engine.rollout.preview(asked)
  if (choicesLeft > 0)
    print.say(`${counted(choicesLeft, 'choice')} left: rollout preview --patch ${options.patch} names them.`)
  const made = await engine.handover.ansible(asked)
  await writeNewFolder(folder, made.files)
  for (const { name, why } of made.leftOut) print.say(`${name} is left out: ${why}`)
  print.answer('export ansible', { ...made, files: made.files.map((file) => file.path) }, [
    made.sentence,
    ...made.hosts.map(
      ({ alias, boxName, group }) => `${group.padEnd(8)}  ${alias}${alias === boxName ? '' : ` (${boxName})`}`,
    ),
    `ansible-playbook playbook.yml, in ${folder}; README.md there says what it does.`,
  ])
  return exit.ok
}
