import { groupWords } from '../../shared/command-words.ts'
import type { CommandGroup, CommandRun } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { byName, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface ExecOptions {
  readonly box: readonly string[]
  readonly deadline: number
}

/** Runs a command on machines and folds what they say. Ctrl-C ends it where it runs; what arrived stays. */
export async function exec(session: Session, words: readonly string[], options: ExecOptions): Promise<number> {
  const { client: engine, print, onInterrupt } = session
  const all = await engine.inventory.boxes()
  const boxIds = options.box.map((name) => byName(all, name, 'machine').boxId)
  const preview = await engine.commands.preview({ boxIds, command: words.join(' ') })
  for (const { boxName, why } of preview.leftOut) print.say(`Left out: ${boxName}. ${why}`)
  if (preview.targets.length === 0) {
    print.answer('exec', preview.leftOut.map(leftOut), ['The command reaches none of these machines.'])
    return exit.someNotReached
  }
  const { commandId } = await engine.commands.start({ previewId: preview.previewId, deadlineS: options.deadline })
  onInterrupt(() => void engine.commands.cancel({ commandId }).catch(() => {}))
  const run = await follow(session, commandId)
  const groups = await engine.commands.groups({ commandId })
  const outputs = await Promise.all(run.boxes.map(({ boxId }) => engine.commands.output({ commandId, boxId })))
  print.answer(
    'exec',
    [
      ...run.boxes.map((box, at) => ({ ...box, why: null, output: outputs[at]?.text ?? '' })),
      ...preview.leftOut.map(leftOut),
    ],
    linesOf(groups, run),
  )
  if (preview.leftOut.length > 0 || run.boxes.some(({ state }) => state !== 'ok' && state !== 'failed'))
    return exit.someNotReached
  return run.boxes.every(({ state }) => state === 'ok') ? exit.ok : exit.commandFailed
}

async function follow({ client: engine, print }: Session, commandId: CommandRun['commandId']): Promise<CommandRun> {
  let last = await engine.commands.get({ commandId })
  let told = -1
  for await (const run of await engine.commands.watch({ commandId })) {
    last = run
    const done = run.boxes.filter(({ state }) => state !== 'waiting' && state !== 'running').length
    if (done !== told) print.say(`${done} of ${run.boxes.length}`)
    told = done
  }
  return last
}

const leftOut = ({ why, ...target }: CommandRun['leftOut'][number]) => ({
  ...target,
  state: 'left-out' as const,
  why,
  exitCode: null,
  signal: null,
  fault: null,
  tookMs: null,
  bytes: 0,
  cutBytes: 0,
  attempts: 0,
  output: '',
})

const marks = { same: ' ', more: '+', less: '-', gap: ' ' } as const

/** The majority with its output, then the odd ones: by what they say other than it, where they can be compared. */
function linesOf(groups: readonly CommandGroup[], run: CommandRun): string[] {
  const nameOf = new Map(run.boxes.map(({ boxId, boxName }) => [boxId, boxName]))
  return groups.flatMap((group) => {
    const names = group.boxIds.map((boxId) => nameOf.get(boxId) ?? '').join(', ')
    const fault = group.fault === null ? [] : [`  ${faultText(group.fault).sentence}`]
    const said =
      group.diff === null
        ? group.text === ''
          ? []
          : group.text.replace(/\n$/, '').split('\n')
        : group.diff.map(({ kind, text }) => (kind === 'gap' ? '  …' : `${marks[kind]} ${text}`))
    return [
      `== ${groupWords(group)}: ${names}`,
      ...fault,
      ...said,
      ...(group.moreBytes > 0 ? [`(${group.moreBytes} bytes more)`] : []),
    ]
  })
}
