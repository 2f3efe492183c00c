import { type ComponentProps, type ReactNode, useId } from 'react'

export interface FieldProps {
  label: string
  /** One or two sentences under the control, in meta. */
  help?: ReactNode
  /** What is wrong with what was typed, under the control; what was typed stays. */
  error?: string | undefined
  /** Extra words beside the label, such as "optional". */
  aside?: ReactNode
}

interface Wiring {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/**
 * Label above, one control, help and error under it. The control takes the id and the descriptions it is handed.
 *
 * @param props.under stands right under control and error, with words that act.
 */
export function Field({
  label,
  help,
  error,
  aside,
  under,
  children,
}: FieldProps & { under?: ReactNode; children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="flex max-w-[496px] flex-col gap-1">
      <div className="flex items-baseline gap-2">
        <label htmlFor={id} className="text-meta text-text2">
          {label}
        </label>
        {aside && <span className="text-meta text-text3">{aside}</span>}
      </div>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-meta text-critical">
          {error}
        </p>
      )}
      {under}
      {help && (
        <p id={`${id}-help`} className="text-meta text-text3">
          {help}
        </p>
      )}
    </div>
  )
}

const box =
  'w-full rounded-control border border-control bg-surface px-[10px] text-text select-text disabled:border-line disabled:bg-canvas disabled:text-text3 aria-invalid:border-critical'

/** The bare control, for a place that has its own label: give it an `aria-label`. */
export function InputBox({ mono, className = '', ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      spellCheck={false}
      autoComplete="off"
      {...rest}
      className={`${box} h-8 cursor-text ${mono ? 'font-mono text-code' : ''} ${className}`}
    />
  )
}

/** One line of text. Takes `ref` and every attribute of an input, so a form library can register it. */
export function Input({
  label,
  help,
  error,
  aside,
  ...rest
}: FieldProps & ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <Field label={label} help={help} error={error} aside={aside}>
      {(wiring) => <InputBox {...rest} {...wiring} />}
    </Field>
  )
}

/** Several lines of text. */
export function TextArea({
  label,
  help,
  error,
  aside,
  className = '',
  ...rest
}: FieldProps & ComponentProps<'textarea'>) {
  return (
    <Field label={label} help={help} error={error} aside={aside}>
      {(wiring) => (
        <textarea
          spellCheck={false}
          rows={3}
          {...rest}
          {...wiring}
          className={`${box} cursor-text resize-y py-[5px] ${className}`}
        />
      )}
    </Field>
  )
}

/** The bare list of choices, for a place that has its own label. */
export const SelectBox = ({ className = '', ...rest }: ComponentProps<'select'>) => (
  <select {...rest} className={`${box} h-8 ${className}`} />
)

/** One of a few. The list is the system's own, so it opens and types ahead as everywhere else. */
export function Select({
  label,
  help,
  error,
  aside,
  options,
  ...rest
}: FieldProps &
  ComponentProps<'select'> & { options: readonly { value: string; label: string; disabled?: boolean }[] }) {
  return (
    <Field label={label} help={help} error={error} aside={aside}>
      {(wiring) => (
        <SelectBox {...rest} {...wiring}>
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </SelectBox>
      )}
    </Field>
  )
}

function Choice({
  kind,
  label,
  help,
  error,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & {
  kind: 'checkbox' | 'radio'
  label: ReactNode
  help?: ReactNode
  error?: string
}) {
  const id = useId()
  return (
    <div className="flex max-w-[496px] flex-col">
      <label htmlFor={id} className="flex min-h-7 items-center gap-2 has-disabled:text-text3">
        <input
          {...rest}
          id={id}
          type={kind}
          aria-describedby={help || error ? `${id}-help` : undefined}
          aria-invalid={error ? true : undefined}
          className="size-4 shrink-0 accent-accent"
        />
        <span>{label}</span>
      </label>
      {(help || error) && (
        <p id={`${id}-help`} className={`pl-6 text-meta ${error ? 'text-critical' : 'text-text3'}`}>
          {error ?? help}
        </p>
      )}
    </div>
  )
}

/** Yes or no; the label is the sentence that becomes true. */
export function Checkbox(
  props: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; help?: ReactNode; error?: string },
) {
  return <Choice kind="checkbox" {...props} />
}

/** One choice of a {@link RadioGroup}. */
export function Radio(props: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; help?: ReactNode }) {
  return <Choice kind="radio" {...props} />
}

/** A question with its choices under it. */
export function RadioGroup({ label, help, children }: { label: string; help?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    // A fieldset has no baseline that its heading at the left could share.
    <div role="radiogroup" aria-labelledby={id} className="flex max-w-[496px] flex-col">
      <span id={id} className="text-meta text-text2">
        {label}
      </span>
      {children}
      {help && <p className="text-meta text-text3">{help}</p>}
    </div>
  )
}
