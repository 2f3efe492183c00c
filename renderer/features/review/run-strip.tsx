import { useActiveRun } from '../../api/rollouts.ts'
import { go } from '../../state/navigation.ts'
import { TextButton } from '../../ui/button.tsx'
import { Strip } from '../../ui/strip.tsx'
import { UntrustedText } from '../../ui/text.tsx'

/** A rollout that is under way or waits for somebody, and the way to it. */
export function RunStrip() {
  const run = useActiveRun()
  if (!run) return null
  const { rolloutId, patchName, revertOf, asks, done, total, words } = run
  return (
    <Strip
      look={asks ? 'warning' : 'plain'}
      announced={asks}
      action={
        <TextButton className="min-h-7 shrink-0" onClick={() => go({ page: 'rollout', rolloutId })}>
          Open
        </TextButton>
      }
    >
      <span>
        {asks ? 'A rollout waits for you: ' : revertOf === null ? 'Rollout ' : 'Putting back '}
        <UntrustedText text={patchName} />
      </span>
      <span className="figures">{`${done} of ${total} done`}</span>
      <span className="min-w-0 break-words">
        <UntrustedText text={words} maxChars={200} />
      </span>
    </Strip>
  )
}
