import type { RolloutPreview, RunOptions } from '../../../shared/contract/index.ts'
import { waveName } from '../../../shared/wave-words.ts'
import { KeyCap } from '../../ui/key-cap.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { waveGoes } from '../../ui/wave-goes.ts'
import { calledOf, namesOf } from './words.ts'

export type When = RunOptions['when']

const whens: Readonly<Record<When, string>> = { now: 'Now', 'after-hours': 'After each client’s hours' }

/** Who goes in which wave, what each waits for, and when the first begins. */
export function Order({
  preview: { targets, waves },
  when,
  onWhen,
}: {
  preview: RolloutPreview
  when: When
  onWhen: (when: When) => void
}) {
  if (waves.length === 0) return null
  const called = new Map(targets.map((target) => [target.agentId, calledOf(target)]))
  return (
    <section aria-label="Order" className="flex flex-col gap-2 px-6">
      <div className="flex items-center justify-between gap-4">
        <SectionLabel>Order</SectionLabel>
        <fieldset className="flex items-center gap-x-4">
          <legend className="sr-only">When</legend>
          {(Object.keys(whens) as When[]).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === when}
              onClick={() => onWhen(each)}
              className={`min-h-7 rounded-[2px] ${each === when ? 'font-medium text-text' : 'text-accent hover:text-accent-hover hover:underline'}`}
            >
              {whens[each]}
            </button>
          ))}
          <KeyCap keys="h" />
        </fieldset>
      </div>
      <ol>
        {waves.map((wave) => (
          <li key={wave.number} className="flex min-h-7 items-baseline gap-4 py-1">
            <span className="w-20 shrink-0 text-text2">{waveName(wave, waves)}</span>
            <span className="min-w-0 flex-1 break-words">
              <UntrustedText
                text={namesOf(
                  wave.agentIds.map((agentId) => called.get(agentId) ?? ''),
                  8,
                )}
                maxChars={400}
              />
            </span>
            <span className="figures max-w-[240px] shrink-0 text-right text-meta text-text3">
              {waveGoes(wave, waves, when).map((part, at) => (
                <span key={part}>
                  {at > 0 && ' · '}
                  <span className="whitespace-nowrap">{part}</span>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
