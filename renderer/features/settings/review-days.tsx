import type { Settings } from '../../../shared/contract/index.ts'
import { Checkbox } from '../../ui/field.tsx'
import { useSettingsChange } from './change.ts'
import { Refused } from './looks.tsx'

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** The weekdays on which the operator reviews: one without a review is told as missed. */
export function ReviewDays({ settings }: { settings: Settings }) {
  const { now, change, problem } = useSettingsChange(settings)
  const days = new Set(now.reviewDays)
  const set = (day: number, on: boolean) =>
    change({ reviewDays: [1, 2, 3, 4, 5, 6, 7].filter((each) => (each === day ? on : days.has(each))) })
  return (
    <>
      {/* A fieldset has no baseline that its heading at the left could share. */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="group" aria-labelledby="review-on" className="flex max-w-[496px] flex-col">
        <span id="review-on" className="text-meta text-text2">
          Review on
        </span>
        <div className="flex flex-wrap gap-x-4">
          {weekdays.map((name, at) => (
            <Checkbox
              key={name}
              label={name}
              checked={days.has(at + 1)}
              onChange={(event) => set(at + 1, event.target.checked)}
            />
          ))}
        </div>
        <p className="text-meta text-text3">A day of these without a review is named in the next one.</p>
      </div>
      <Refused problem={problem} />
    </>
  )
}
