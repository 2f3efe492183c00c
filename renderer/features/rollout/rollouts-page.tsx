import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { orpc } from '../../api/queries.ts'
import { useRuns } from '../../api/rollouts.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { openFromLab } from '../../state/from-lab.ts'
import { Button } from '../../ui/button.tsx'
import { Hint, Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { EmptyLine } from '../../ui/text.tsx'
import { NewPatchSheet, WaysToAPatch } from './new-patch-sheet.tsx'
import { PatchTable } from './patch-table.tsx'
import { RunTable } from './run-table.tsx'
import { counted } from './words.ts'

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-rollouts-row]')]

function step(by: number): void {
  const all = rows()
  const at = all.indexOf(document.activeElement as HTMLElement)
  all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.focus()
}

/** Every patch, and where patches were carried. */
export function RolloutsPage() {
  const { data: patches, error } = useQuery(orpc.patch.list.queryOptions())
  const runs = useRuns()
  const [asking, setAsking] = useState(false)
  useActions('Rollouts', [
    { title: 'Next', keys: ['j', 'down'], run: () => step(1), keysOnly: true },
    { title: 'The one before', keys: ['k', 'up'], run: () => step(-1), keysOnly: true },
    { title: 'New patch', keys: 'n', run: () => setAsking(true) },
    { title: 'Patch from a lab machine', keys: 'f', run: () => openFromLab() },
  ])
  const open = patches?.filter((patch) => patch.open > 0).length ?? 0
  return (
    <Page
      title="Rollouts"
      meta={<span className="truncate">changes with a name, held against the whole fleet before they go anywhere</span>}
      actions={
        <>
          <Button keys="f" onClick={() => openFromLab()}>
            From a lab machine…
          </Button>
          <Button keys="n" onClick={() => setAsking(true)}>
            New patch
          </Button>
        </>
      }
      strip={error && !patches ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      foot={
        <>
          {patches && (
            <span className="figures">
              {[
                counted(patches.length, 'patch').replace(/patchs$/, 'patches'),
                ...(runs.length > 0 ? [counted(runs.length, 'rollout')] : []),
                ...(open > 0 ? [`${open} to confirm`] : []),
              ].join(' · ')}
            </span>
          )}
          <Hint keys={['j', 'k']} words="move" />
          <Hint keys={['enter']} words="open" />
          <Hint keys={['n']} words="new patch" />
          <Hint keys={['f']} words="from a lab machine" />
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto py-4">
        {patches?.length === 0 && (
          <div className="flex flex-col gap-4 px-6">
            <EmptyLine>
              No patch yet. A patch is a change with a name. Its preview says what it changes on each machine, in which
              order, and what says against it.
            </EmptyLine>
            <WaysToAPatch />
          </div>
        )}
        {patches && patches.length > 0 && runs.length === 0 && (
          <div className="px-6">
            <EmptyLine>No rollout yet. Open a patch and preview it; it begins there.</EmptyLine>
          </div>
        )}
        {runs.length > 0 && <RunTable runs={runs} />}
        {patches && patches.length > 0 && <PatchTable patches={patches} />}
      </div>
      {asking && <NewPatchSheet onClose={() => setAsking(false)} />}
    </Page>
  )
}
