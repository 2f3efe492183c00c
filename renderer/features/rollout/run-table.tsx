import type { RunSummary } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { runIcon, runsInOrder } from './words.ts'

/** Patch, class, how it stands, how many machines, when it was begun. */
const columns = 'grid-cols-[minmax(160px,240px)_88px_minmax(160px,1fr)_136px_104px]'

/** Rollouts: what is under way or waits for somebody first, then the newest. */
export function RunTable({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <section aria-label="Rollouts">
      <div className="px-6 pb-1">
        <SectionLabel count={runs.length}>Rollouts</SectionLabel>
      </div>
      <div aria-hidden className={`grid gap-6 border-b border-line px-6 py-1 text-label text-text2 ${columns}`}>
        <span>Patch</span>
        <span>Class</span>
        <span>How it stands</span>
        <span>Machines</span>
        <span>Begun</span>
      </div>
      {runsInOrder(runs).map((run) => (
        <RunRow key={run.rolloutId} run={run} />
      ))}
    </section>
  )
}

function RunRow({ run }: { run: RunSummary }) {
  const { rolloutId, revertOf, patchName, words, done, total, startedAtMs, asks, state } = run
  const icon = runIcon(run)
  return (
    <button
      type="button"
      data-rollouts-row={rolloutId}
      onClick={() => go({ page: 'rollout', rolloutId })}
      className={`ring-inside grid h-9 w-full items-center gap-6 px-6 text-left hover:bg-sunken ${columns}`}
    >
      <span className="truncate font-medium">
        {revertOf !== null && 'Put back: '}
        <UntrustedText text={patchName} />
      </span>
      <span className="text-text2">{classWords[run.class].word}</span>
      <span className="flex min-w-0 items-center gap-2">
        {icon && (
          <StateIcon word={icon.word} label={icon.label} share={Math.max(0.05, total === 0 ? 0 : done / total)} />
        )}
        <span className={`truncate ${asks ? 'text-warning' : ''}`}>
          {asks && <span className="font-medium">Waits for you. </span>}
          <UntrustedText text={words} maxChars={300} />
        </span>
      </span>
      <span className="figures text-text2">
        {state === 'ended' && done === total ? `${total}` : `${done} of ${total}`}
      </span>
      <span>
        <Age atMs={startedAtMs} className="text-meta text-text3" />
      </span>
    </button>
  )
}
