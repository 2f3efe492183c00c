import { type ComponentProps, useState } from 'react'
import { useNow } from './age.tsx'
import { dayField, dayStart } from './day-fields.ts'
import { dateText, readDate } from './day-words.ts'
import { InputBox } from './field.tsx'

type DayInputProps = Omit<ComponentProps<typeof InputBox>, 'type' | 'value' | 'min' | 'onChange'> & {
  /** `YYYY-MM-DD`; empty: none; anything else is what was typed and is no day. */
  value: string
  onChange: (day: string) => void
  /** `YYYY-MM-DD`: a day without its year is none before it. */
  min?: string
  /** A day without its year is the one nearest to this moment; now when absent. */
  nearMs?: number
}

/**
 * A day, typed as people write one and shown as dates are shown everywhere: "5 December". ↑ and ↓ go a day on and back.
 * Whoever uses it says what is wrong with a value that is no day.
 */
export function DayInput({ value, onChange, min = '', nearMs, onBlur, ...rest }: DayInputProps) {
  const now = useNow()
  /** What stands in the field while it is typed. */
  const [typed, setTyped] = useState<string | null>(null)
  const stepped = (days: number): string | null => {
    const start = dayStart(value)
    return start === null ? null : dayField(start, days)
  }
  return (
    <InputBox
      {...rest}
      value={typed ?? dateText(value, now)}
      onChange={({ target }) => {
        setTyped(target.value)
        onChange(target.value.trim() === '' ? '' : (readDate(target.value, nearMs ?? now, min) ?? target.value))
      }}
      onBlur={(event) => {
        setTyped(null)
        onBlur?.(event)
      }}
      onKeyDown={(event) => {
        const next = event.key === 'ArrowUp' ? stepped(1) : event.key === 'ArrowDown' ? stepped(-1) : null
        if (next === null) return
        event.preventDefault()
        setTyped(null)
        onChange(next)
      }}
    />
  )
}
