import { useId } from 'react'
import { TextButton } from './button.tsx'
import { InputBox } from './field.tsx'
import { dayNames, openParts, sameOnWeekdays } from './hours.ts'

/** The open parts of a day on a line of 24 hours, with marks at 6, 12 and 18. Decoration: the text beside it says the same. */
function DayBar({ text }: { text: string }) {
  return (
    <svg aria-hidden viewBox="0 0 144 20" preserveAspectRatio="none" className="h-5 w-full">
      <path d="M0 10.5h144" stroke="var(--color-line)" fill="none" />
      {[0, 36, 72, 108, 144].map((x) => (
        <path key={x} d={`M${Math.min(Math.max(x, 0.5), 143.5)} 7v7`} stroke="var(--color-line)" fill="none" />
      ))}
      {openParts(text).map(({ from, to }) => (
        <rect key={from} x={from * 144} y="8" width={(to - from) * 144} height="5" fill="var(--color-control)" />
      ))}
    </svg>
  )
}

export interface HoursEditorProps {
  /** Seven lines, Monday first; an empty one is a closed day. */
  value: readonly string[]
  onChange: (week: string[]) => void
  onBlur?: () => void
  /** What an empty line is called: a client is closed, a machine is off. */
  none?: 'closed' | 'off'
  /** Sentence per day that cannot be read, by index of the day. */
  errors?: Readonly<Record<number, string | undefined>>
}

/** A week as seven lines of text, each with its open hours drawn beside it. */
export function HoursEditor({ value, onChange, onBlur, none = 'closed', errors = {} }: HoursEditorProps) {
  const id = useId()
  return (
    <div className="flex max-w-[496px] flex-col gap-1">
      {dayNames.map((name, day) => (
        <div key={name}>
          <div className="grid grid-cols-[88px_216px_1fr] items-center gap-2">
            <label htmlFor={`${id}-${day}`} className="text-text2">
              {name}
            </label>
            <InputBox
              id={`${id}-${day}`}
              className="h-7! figures"
              value={value[day] ?? ''}
              placeholder={none}
              aria-invalid={errors[day] ? true : undefined}
              aria-describedby={errors[day] ? `${id}-${day}-error` : undefined}
              onBlur={onBlur}
              onChange={(event) => onChange(value.map((line, at) => (at === day ? event.target.value : line)))}
            />
            <DayBar text={value[day] ?? ''} />
          </div>
          {errors[day] && (
            <p id={`${id}-${day}-error`} role="alert" className="pl-24 text-meta text-critical">
              {errors[day]}
            </p>
          )}
        </div>
      ))}
      <p className="pl-24 text-meta text-text3">
        Write 09:00–12:00, 13:00–17:00. The line beside each day runs from midnight to midnight.{' '}
        <TextButton onClick={() => onChange([...sameOnWeekdays(value)])}>Same on all weekdays</TextButton>
      </p>
    </div>
  )
}
