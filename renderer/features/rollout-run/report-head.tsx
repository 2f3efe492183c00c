import type { RolloutRun } from '../../../shared/contract/index.ts'
import { answersOf, guardAnswerText } from '../../../shared/guard-words.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { elapsedText } from '../../ui/times.ts'
import { endWords, layerWords } from './words.ts'

/** How it ended: the sentence, every machine counted once, and who carried what, why and when. */
export function ReportHead({ run }: { run: RolloutRun }) {
  const { patch, by, startedAtMs, endedAtMs, layers, revertOf, options } = run
  return (
    <section aria-label="Report" className="readable shrink-0 border-b border-line px-6 pb-4">
      <p className="max-w-[100ch] text-lead break-words">
        <UntrustedText text={endWords(run)} maxChars={1200} />
      </p>
      <p className="max-w-[120ch] pt-1 text-meta break-words text-text3">
        <UntrustedText text={patch.why} maxChars={300} />
        {` · ${classWords[patch.class].word} patch, `}
        <TextButton onClick={() => go({ page: 'patch', patchId: patch.patchId })}>
          {`revision ${patch.revision}`}
        </TextButton>
        {` · begun `}
        <Age atMs={startedAtMs} inSentence className="" />
        {by === 'cli' ? ' on the command line' : ''}
        {options.when === 'after-hours' ? ', after hours' : ''}
        {endedAtMs !== null && <span className="figures">{`, took ${elapsedText(endedAtMs - startedAtMs)}`}</span>}
        {layerWords[layers] && ` · ${layerWords[layers]}`}
        {revertOf !== null && (
          <>
            {' · '}
            <TextButton onClick={() => go({ page: 'rollout', rolloutId: revertOf })}>what it put back</TextButton>
          </>
        )}
      </p>
      {run.guard && (
        <p className="max-w-[120ch] pt-1 text-meta break-words text-text3">
          <UntrustedText text={answersOf(run.guard).map(guardAnswerText).join(' ')} maxChars={600} />
        </p>
      )}
    </section>
  )
}
