import type { PatchSummary } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Patch, class, why, what is open, when it was saved. */
const columns = 'grid-cols-[minmax(160px,240px)_88px_minmax(160px,1fr)_136px_104px]'

/** Every patch, the newest first. */
export function PatchTable({ patches }: { patches: readonly PatchSummary[] }) {
  return (
    <section aria-label="Patches">
      <div className="px-6 pb-1">
        <SectionLabel count={patches.length}>Patches</SectionLabel>
      </div>
      <div aria-hidden className={`grid gap-6 border-b border-line px-6 py-1 text-label text-text2 ${columns}`}>
        <span>Patch</span>
        <span>Class</span>
        <span>Why</span>
        <span>What it needs</span>
        <span>Saved</span>
      </div>
      {patches
        .toSorted((a, b) => b.atMs - a.atMs)
        .map((patch) => (
          <PatchRow key={patch.patchId} patch={patch} />
        ))}
    </section>
  )
}

function PatchRow({ patch }: { patch: PatchSummary }) {
  const { patchId, name, why, open, needs, problem, atMs } = patch
  return (
    <button
      type="button"
      data-rollouts-row={patchId}
      onClick={() => go({ page: 'patch', patchId })}
      className={`ring-inside grid h-9 w-full items-center gap-6 px-6 text-left hover:bg-sunken ${columns}`}
    >
      <span className="flex min-w-0 items-center gap-2">
        {problem && <StateIcon word="Unsafe" label="Cannot be read" />}
        <span className="truncate font-medium">
          <UntrustedText text={name} />
        </span>
      </span>
      <span className="text-text2">{patch.class === null ? '' : classWords[patch.class].word}</span>
      <span className="truncate">
        <UntrustedText text={problem || why} maxChars={300} />
      </span>
      <span className={`truncate ${open > 0 ? 'text-warning' : 'text-text2'}`}>{needsWords(needs, open)}</span>
      <span>
        <Age atMs={atMs} className="text-meta text-text3" />
      </span>
    </button>
  )
}

const needsWords = (needs: number, open: number): string =>
  needs === 0 ? 'nothing' : open === 0 ? `${needs} confirmed` : `${open} of ${needs} to confirm`
