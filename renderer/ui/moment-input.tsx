import { DayInput } from './day-input.tsx'
import { Field, type FieldProps, InputBox } from './field.tsx'
import { type MomentFields, momentOf } from './moment-fields.ts'

type MomentInputProps = Omit<FieldProps, 'error'> & {
  value: MomentFields
  onChange: (value: MomentFields) => void
  /** What else is wrong with it. */
  error?: string | undefined
  autoFocus?: boolean
  /** A day without its year is the one nearest to this moment. */
  nearMs?: number
}

/** A day and a time of it, each typed as people write them. What is no moment is said under them and stays. */
export function MomentInput({ value, onChange, autoFocus, nearMs, error, ...field }: MomentInputProps) {
  const unread = momentOf(value) === undefined ? 'No such moment: a day like 28 November, a time like 14:05:30.' : error
  return (
    <Field {...field} error={unread}>
      {(wiring) => (
        <div className="flex gap-2">
          <DayInput
            {...wiring}
            {...(nearMs === undefined ? {} : { nearMs })}
            autoFocus={autoFocus}
            placeholder="28 November"
            value={value.day}
            onChange={(day) => onChange({ ...value, day })}
          />
          <InputBox
            className="w-28!"
            aria-label={`${field.label}, time`}
            aria-describedby={wiring['aria-describedby']}
            aria-invalid={wiring['aria-invalid']}
            placeholder="14:05:30"
            value={value.time}
            onChange={({ target }) => onChange({ ...value, time: target.value })}
          />
        </div>
      )}
    </Field>
  )
}
