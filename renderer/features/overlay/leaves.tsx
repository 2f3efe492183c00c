import { type ComponentProps, type ReactNode, useRef, useState } from 'react'
import { Field, InputBox, SelectBox } from '../../ui/field.tsx'
import { useLayerForm } from './layer-form.ts'
import { Origin } from './origin.tsx'
import { type Leaf, useLeaf } from './use-leaf.ts'

interface LeafProps {
  /** Names below `sections`. */
  path: readonly string[]
  label: string
  help?: ReactNode
  /** What it has to be, said where something else was typed. */
  wrong?: string
  /** Fixed rules decide about it, so there are no exceptions. */
  ruled?: boolean
}

/** Label, control, what is wrong, where the value comes from, help. */
function Framed({
  leaf,
  label,
  help,
  ruled,
  children,
}: Omit<LeafProps, 'path' | 'wrong'> & {
  leaf: Leaf
  children: (wiring: Parameters<ComponentProps<typeof Field>['children']>[0]) => ReactNode
}) {
  const frame = useRef<HTMLDivElement>(null)
  const takeOver = () => {
    leaf.set(leaf.inherited)
    frame.current?.querySelector<HTMLElement>('input, select, textarea')?.focus()
  }
  return (
    <div ref={frame} data-value-path={leaf.place} className="flex flex-col gap-1">
      <Field
        label={label}
        error={leaf.error}
        under={<Origin leaf={leaf} ruled={ruled ?? false} onChange={takeOver} />}
        help={help}
      >
        {children}
      </Field>
    </div>
  )
}

const asText = (value: unknown): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value)

/** What was typed as a value; a text that is none stays as it is, and the form says so. */
type Read = (typed: string) => unknown
const asTyped: Read = (typed) => typed

/** One line of text. Emptied, the wider layers count again. */
export function TextLeaf({
  path,
  wrong,
  read = asTyped,
  mono = false,
  placeholder,
  narrow = false,
  inputMode,
  ...rest
}: LeafProps & {
  read?: Read
  mono?: boolean
  placeholder?: string
  narrow?: boolean
  inputMode?: 'numeric' | 'decimal'
}) {
  const leaf = useLeaf(path, wrong)
  const { held } = useLayerForm()
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <Framed leaf={leaf} {...rest}>
      {(wiring) => (
        <InputBox
          {...wiring}
          mono={mono}
          readOnly={held !== undefined}
          placeholder={placeholder}
          inputMode={inputMode}
          className={narrow ? 'w-32!' : ''}
          value={typed ?? asText(leaf.value)}
          onChange={({ target }) => {
            setTyped(target.value)
            leaf.set(target.value.trim() === '' ? undefined : read(target.value))
          }}
          onBlur={() => setTyped(null)}
        />
      )}
    </Framed>
  )
}

const asNumber: Read = (typed) => {
  const number = Number(typed.trim().replace(',', '.'))
  return Number.isFinite(number) ? number : typed
}

export const NumberLeaf = (props: LeafProps & { whole?: boolean }) => {
  const { whole = true, ...rest } = props
  return <TextLeaf {...rest} read={asNumber} narrow inputMode={whole ? 'numeric' : 'decimal'} />
}

const asList: Read = (typed) =>
  typed
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

/** Several in order, with commas between them. */
export const ListLeaf = (props: LeafProps & { mono?: boolean; placeholder?: string }) => (
  <TextLeaf {...props} read={asList} />
)

/** One of a few. The first choice says nothing here, so that the wider layers count. */
export function ChoiceLeaf({
  path,
  wrong,
  options,
  onChoose,
  ...rest
}: LeafProps & {
  options: readonly { value: string | boolean; label: string }[]
  /** Sets more than the one value. */
  onChoose?: (value: string | boolean | undefined) => void
}) {
  const leaf = useLeaf(path, wrong)
  const { held } = useLayerForm()
  const choose = onChoose ?? leaf.set
  return (
    <Framed leaf={leaf} {...rest}>
      {(wiring) => (
        <SelectBox
          {...wiring}
          disabled={held !== undefined}
          value={leaf.value === undefined ? '' : String(leaf.value)}
          onChange={({ target }) => choose(options.find(({ value }) => String(value) === target.value)?.value)}
        >
          <option value="">{leaf.inherited === undefined ? 'Not said' : 'As the wider layer says'}</option>
          {options.map(({ value, label }) => (
            <option key={String(value)} value={String(value)}>
              {label}
            </option>
          ))}
        </SelectBox>
      )}
    </Framed>
  )
}

/** Yes, no, or not said. */
export const YesNoLeaf = ({ yes = 'On', no = 'Off', ...rest }: LeafProps & { yes?: string; no?: string }) => (
  <ChoiceLeaf
    {...rest}
    options={[
      { value: true, label: yes },
      { value: false, label: no },
    ]}
  />
)
