import { useEffect, useRef } from 'react'
import { InputBox } from './field.tsx'

/** The one field a list is filtered by: takes the keyboard when it is opened, Enter goes back to the list, Esc clears. */
export function FilterField({
  id,
  value,
  open,
  width,
  mono = false,
  maxLength,
  problemId,
  onChange,
  onOpenChange,
  onClear,
}: {
  id: string
  value: string
  /** It was asked for by its key. */
  open: boolean
  /** Classes of its width. */
  width: string
  mono?: boolean
  maxLength?: number
  /** Id of the text that says what is wrong with what was typed. */
  problemId?: string | undefined
  onChange: (typed: string) => void
  onOpenChange: (open: boolean) => void
  onClear: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (open) input.current?.focus()
  }, [open])
  return (
    <>
      <label htmlFor={id} className="leading-8 text-text2">
        Filter
      </label>
      <span className={`shrink-0 ${width}`}>
        <InputBox
          ref={input}
          mono={mono}
          id={id}
          value={value}
          maxLength={maxLength}
          aria-invalid={problemId ? true : undefined}
          aria-describedby={problemId}
          onChange={(event) => onChange(event.target.value)}
          onFocus={() => onOpenChange(true)}
          onBlur={() => onOpenChange(false)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'ArrowDown') event.currentTarget.blur()
            if (event.key === 'Escape') {
              event.preventDefault()
              onClear()
            }
          }}
        />
      </span>
    </>
  )
}
