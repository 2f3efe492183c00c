import { useState } from 'react'
import type { RunQuestion } from '../../../shared/contract/index.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'

const icons: Record<RunQuestion['kind'], StateWordText> = {
  failed: 'Failing',
  inconclusive: 'Not seen',
  interrupted: 'Paused',
}

/** Lines of evidence that stand there before somebody asks for all. */
const mostLines = 6

/** What the rollout waits for somebody about: what is true, what says so, and what can be done. */
export function Question({
  question: { kind, words, evidence },
  looks,
  backs,
  held,
  busy,
  onContinue,
  onLookAgain,
  onPutBack,
  onLeave,
}: {
  question: RunQuestion
  /** Machines that can be looked at once more, and those that can be put back. */
  looks: number
  backs: number
  held: string | undefined
  busy: boolean
  onContinue: () => void
  onLookAgain: () => void
  onPutBack: () => void
  onLeave: () => void
}) {
  const [all, setAll] = useState(false)
  const shown = all ? evidence : evidence.slice(0, mostLines)
  const cannot = busy || held !== undefined
  const primary = kind === 'interrupted' ? 'continue' : looks > 0 ? 'look' : backs > 0 ? 'back' : 'leave'
  const look = (which: typeof primary) => (which === primary ? 'primary' : 'default')
  return (
    <section
      aria-label="It waits for you"
      className="max-h-[45%] shrink-0 overflow-y-auto border-b border-line bg-surface px-6 py-4"
    >
      <div role="alert" className="readable flex max-w-[88ch] gap-3">
        <span className="flex h-6 items-center">
          <StateIcon word={icons[kind]} />
        </span>
        <div className="flex min-w-0 flex-1 flex-col gap-2">
          <p className="text-lead break-words">
            <UntrustedText text={words} maxChars={600} />
          </p>
          {evidence.length > 0 && (
            <ul className="text-text2">
              {shown.map((line) => (
                <li key={line} className="break-words">
                  <UntrustedText text={line} maxChars={400} />
                </li>
              ))}
            </ul>
          )}
          {shown.length < evidence.length && (
            <p>
              <TextButton onClick={() => setAll(true)}>{`Show ${evidence.length - shown.length} more`}</TextButton>
            </p>
          )}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2 pt-3 pl-7">
        <Button look={look('continue')} keys="c" disabled={cannot} onClick={onContinue}>
          {kind === 'interrupted' ? 'Continue' : 'Continue all the same'}
        </Button>
        {looks > 0 && (
          <Button look={look('look')} keys="a" disabled={cannot} onClick={onLookAgain}>
            Look again
          </Button>
        )}
        {backs > 0 && (
          <Button look={look('back')} keys="b" disabled={cannot} onClick={onPutBack}>
            Put all back…
          </Button>
        )}
        <Button look={look('leave')} keys="mod+." disabled={cannot} onClick={onLeave}>
          Leave it
        </Button>
        <span role="status" className="text-meta text-text3">
          {held ?? (busy ? 'The machines are being asked.' : 'Leave it ends the rollout; what was changed stays.')}
        </span>
      </div>
    </section>
  )
}
