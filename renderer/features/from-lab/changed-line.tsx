import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ComparedLine, SnapshotId } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { TextButton } from '../../ui/button.tsx'
import { DiffSide } from '../../ui/diff.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { UntrustedText } from '../../ui/text.tsx'

/** One change: whether it is in the patch, what it was and is, what speaks against it. */
export function ChangedLine({
  snapshotId,
  line,
  isIn,
  onChange,
  problems,
  remarks,
}: {
  snapshotId: SnapshotId
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
  const [isOpen, setOpen] = useState(false)
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
        {before !== null && <DiffSide sign="−" value={before} />}
        {after !== null && <DiffSide sign="+" value={after} />}
      </div>
      {line.kind === 'file' && after !== null && (
        <div className="ml-6 flex flex-col gap-1">
          <TextButton className="self-start text-meta" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide its text' : 'Show its text'}
          </TextButton>
          {isOpen && <FileText snapshotId={snapshotId} lineId={line.lineId} name={name} />}
        </div>
      )}
      {said.length > 0 && (
        <p className="ml-6 text-meta wrap-anywhere text-text3">
          <UntrustedText text={said.join(' ')} maxChars={900} />
        </p>
      )}
    </li>
  )
}

function FileText({ snapshotId, lineId, name }: { snapshotId: SnapshotId; lineId: string; name: string }) {
  const { data, error } = useQuery(orpc.snapshot.fileText.queryOptions({ input: { snapshotId, lineId } }))
  if (error) return <p className="text-critical">{sentenceOf(error)}</p>
  return (
    <section
      aria-label={`Text of ${name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by the keyboard
      tabIndex={0}
      className="ring-inside max-h-[240px] overflow-auto bg-sunken px-3 py-2 font-mono text-code"
    >
      {data?.lines.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never move, and two may be alike
        <p key={at} className="whitespace-pre-wrap wrap-anywhere">
          <UntrustedText text={text || ' '} maxChars={1000} />
        </p>
      ))}
      {data && data.moreLines > 0 && <p className="text-text3">{`${data.moreLines} more lines`}</p>}
    </section>
  )
}
