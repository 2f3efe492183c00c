import type { RolloutGuard, RolloutPreview } from '../../../shared/contract/index.ts'
import { back, go } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { untilMomentText } from '../../ui/times.ts'
import type { Saying } from './use-saying.ts'
import type { Starting } from './use-starting.ts'
import { choicesLeft, counted, isBehavioural, shortHash, startWords } from './words.ts'

/** The end of the reading path: begin it or leave it; while something is missing, what. */
export function Start({
  preview,
  left,
  stale,
  held,
  starting,
  onStart,
  onShowChoices,
  onAgain,
  guard,
  saying,
  nowMs,
}: {
  preview: RolloutPreview
  /** Questions that are open. */
  left: number
  stale: boolean
  held: string | undefined
  starting: Starting
  onStart: () => void
  onShowChoices: () => void
  onAgain: () => void
  /** Of a change of behaviour; null: it is none. */
  guard: RolloutGuard | null
  saying: Saying
  nowMs: number
}) {
  const choices = choicesLeft(preview, left)
  const nobody = preview.hash === '' && choices === 0
  const { asking, declined, refused, other } = starting
  const behavioural = isBehavioural(preview)
  const leave = (
    <Button look={behavioural ? 'primary' : 'default'} keys="escape" onClick={back}>
      Don’t change
    </Button>
  )
  const start = nobody ? null : (
    <Button
      look={behavioural ? 'default' : 'primary'}
      {...(behavioural ? {} : { keys: 'mod+enter' })}
      disabled={held !== undefined || asking || other !== null}
      onClick={onStart}
    >
      {startWords(preview)}
    </Button>
  )
  return (
    <section aria-label="Start" className="sticks-below">
      <div className="flex flex-col gap-2 bg-surface px-6 pt-3 pb-4">
        {refused && refused.fault?.code !== 'plan-stale' && (
          <FaultLines sentence={refused.sentence} nextStep={refused.nextStep} />
        )}
        <div className="flex flex-wrap items-center gap-2">
          {behavioural && leave}
          {stale ? (
            <Button look={behavioural ? 'default' : 'primary'} keys="r" onClick={onAgain}>
              Preview again
            </Button>
          ) : choices > 0 ? (
            <Button onClick={onShowChoices}>{`${counted(choices, 'choice')} left`}</Button>
          ) : guard?.state === 'open' ? (
            !saying.open && (
              <TextButton className="ml-2 min-h-8" onClick={() => saying.begin('asked')}>
                Change it all the same…
              </TextButton>
            )
          ) : guard?.state === 'cooling' ? null : (
            start
          )}
          {!behavioural && leave}
        </div>
        {choices === 0 && guard?.answer && guard.state === 'cooling' && guard.answer.waitsUntilMs !== null && (
          <p>{`Nobody asked for it, so it can begin ${untilMomentText(guard.answer.waitsUntilMs, nowMs)} at the earliest.`}</p>
        )}
        {held && <p className="text-meta text-text3">{held}</p>}
        {nobody && <p className="text-meta text-text3">It changes nobody.</p>}
        {asking && (
          <p role="status" className="text-meta text-text3">
            A dialog of the system asks whether to do it.
          </p>
        )}
        {declined && <p role="status">It was not confirmed, so nothing was sent.</p>}
        {other && !nobody && (
          <p role="status" className="break-words">
            {'One rollout goes at a time: '}
            <UntrustedText text={other.patchName} />
            {other.asks ? ' waits for you. ' : ' is under way. '}
            <TextButton onClick={() => go({ page: 'rollout', rolloutId: other.rolloutId })}>Open it</TextButton>
          </p>
        )}
        {preview.hash !== '' && (
          <p className="text-meta text-text3">
            {`Fingerprint ${shortHash(preview.hash)} · holds while the machines stay as they are`}
          </p>
        )}
      </div>
    </section>
  )
}
