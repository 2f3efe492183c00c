import type { ComparedLine } from '../../../shared/contract/index.ts'
import { Checkbox } from '../../ui/field.tsx'
import { UntrustedText } from '../../ui/text.tsx'

/** One change: whether it is in the patch, what it was and is, what speaks against it. */
export function ChangedLine({
  line,
  isIn,
  onChange,
  problems,
  remarks,
}: {
  line: ComparedLine
  isIn: boolean
  onChange: (isIn: boolean) => void
  problems: readonly string[]
  remarks: readonly string[]
}) {
  const { name, before, after, declares } = line
  const said = [
    ...(declares === '' ? [] : [`It becomes ${declares}.`]),
    // What was refused by itself is said as refused while it is in.
    ...(line.note === '' || problems.length > 0 ? [] : [line.note]),
    ...remarks,
  ]
  return (
    <li className="flex flex-col gap-1">
      <Checkbox
        checked={isIn}
        onChange={({ target }) => onChange(target.checked)}
        label={
          <span className="font-mono text-code wrap-anywhere">
            <UntrustedText text={name} maxChars={300} />
          </span>
        }
        {...(problems.length > 0 ? { error: problems.join(' ') } : {})}
      />
      <div className="ml-6 font-mono text-code">
        {before !== null && <Side sign="−" value={before} />}
        {after !== null && <Side sign="+" value={after} />}
      </div>
      {said.length > 0 && (
        <p className="ml-6 text-meta wrap-anywhere text-text3">
          <UntrustedText text={said.join(' ')} maxChars={900} />
        </p>
      )}
    </li>
  )
}

function Side({ sign, value }: { sign: '−' | '+'; value: string }) {
  const look = sign === '−' ? 'bg-remove-wash text-remove' : 'bg-add-wash text-add'
  return (
    <p className={`flex gap-2 px-2 ${look}`}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{sign === '−' ? 'before:' : 'after:'}</span>
      <span className="min-w-0 wrap-anywhere">
        <UntrustedText text={value} maxChars={400} />
      </span>
    </p>
  )
}
