import { endWords } from '../../../shared/command-words.ts'
import type { CommandGroup, CommandRun } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { elapsedText } from '../../ui/times.ts'
import { iconOf } from './group.tsx'
import { boxesInOrder, isOdd } from './urgency.ts'

/** Each machine with where the command stands there, and those it left alone. */
export function RunBoxes({ run, groups }: { run: CommandRun; groups: readonly CommandGroup[] }) {
  const odd = new Set(groups.filter((group) => isOdd(group, groups)).flatMap(({ boxIds }) => boxIds))
  return (
    <div className="flex flex-col gap-4 px-6 py-4">
      <section aria-label="Machines" className="flex flex-col gap-1">
        <SectionLabel count={run.boxes.length}>Machines</SectionLabel>
        <ul>
          {boxesInOrder(run.boxes, groups).map((box) => (
            <li key={box.boxId} className="flex h-7 items-center gap-3">
              <StateIcon word={odd.has(box.boxId) ? 'Changed' : iconOf[box.state]} />
              <button
                type="button"
                className="min-w-0 shrink rounded-[2px] hover:underline"
                onClick={() => go({ page: 'machine', boxId: box.boxId })}
              >
                <MachineName name={box.boxName} className="max-w-[180px]" />
              </button>
              <span className="min-w-0 flex-1 truncate text-meta text-text3">
                {endWords(box)}
                {box.attempts > 1 && `, sent ${box.attempts} times`}
              </span>
              {box.tookMs !== null && (
                <span className="figures shrink-0 text-meta text-text3">{elapsedText(box.tookMs)}</span>
              )}
            </li>
          ))}
        </ul>
      </section>
      {run.leftOut.length > 0 && (
        <section aria-label="Left out" className="flex flex-col gap-1">
          <SectionLabel count={run.leftOut.length}>Left out</SectionLabel>
          <ul>
            {run.leftOut.map((target) => (
              <li key={target.boxId} className="flex items-baseline gap-2 text-text2">
                <UntrustedText text={target.boxName} />
                <span className="text-meta text-text3">{target.why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
