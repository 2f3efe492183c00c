import { groupWords } from '../../../shared/command-words.ts'
import type { CommandGroup, CommandRun, CommandState, OutputDiffLine } from '../../../shared/contract/index.ts'
import { faultText } from '../../../shared/fault-text.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { TextDifference } from '../../ui/text-difference.tsx'
import { isOdd } from './urgency.ts'

/** The nine shapes say how it went. */
export const iconOf: Record<CommandState, StateWordText> = {
  waiting: 'Waiting',
  running: 'Working',
  ok: 'OK',
  failed: 'Failing',
  'timed-out': 'Failing',
  'not-attempted': 'Not seen',
  cancelled: 'Paused',
}

const mostNames = 6

function names(group: CommandGroup, run: CommandRun): string {
  const nameOf = new Map(run.boxes.map(({ boxId, boxName }) => [boxId, boxName]))
  const all = group.boxIds.map((boxId) => untrusted(nameOf.get(boxId) ?? '', 60))
  const more = all.length - mostNames
  return more > 0 ? `${all.slice(0, mostNames).join(', ')} and ${more} more` : all.join(', ')
}

/** Machines whose result is the same, with what they said; an odd one as what it says other than the majority. */
export function Group({
  group,
  groups,
  run,
}: {
  group: CommandGroup
  groups: readonly CommandGroup[]
  run: CommandRun
}) {
  const heading = groupWords(group)
  return (
    <section aria-label={heading} className="flex flex-col gap-2">
      <div className="flex gap-3">
        <span className="flex h-5 w-4 shrink-0 items-center">
          <StateIcon word={isOdd(group, groups) ? 'Changed' : iconOf[group.state]} />
        </span>
        <div className="readable min-w-0">
          <h2 className="font-medium">{heading}</h2>
          <p className="text-meta text-text3">{names(group, run)}</p>
          {group.fault && <p className="text-text2">{faultText(group.fault).sentence}</p>}
        </div>
      </div>
      {group.diff === null ? <Output group={group} /> : <Difference lines={group.diff} />}
    </section>
  )
}

function Output({ group }: { group: CommandGroup }) {
  if (group.text === '') return null
  return (
    <div className="ml-7">
      <pre className="readable ring-inside max-h-[320px] overflow-auto bg-sunken px-3 py-2 font-mono text-code">
        {group.text.replace(/\n$/, '')}
      </pre>
      {group.moreBytes > 0 && (
        <p className="text-meta text-text3">{group.moreBytes.toLocaleString('en-US')} bytes more are not shown.</p>
      )}
    </div>
  )
}

const said = { less: 'only the majority:', more: 'only here:' }

function Difference({ lines }: { lines: readonly OutputDiffLine[] }) {
  if (lines.length === 0)
    return <p className="ml-7 text-text2">What it said is the same as of the majority; only how it ended is not.</p>
  return (
    <div className="ml-7">
      <TextDifference lines={lines} said={said} />
    </div>
  )
}
